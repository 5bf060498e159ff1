"""JupyterLab as a person uses it: open a notebook, change a parameter, run, open a card, explore, search."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import CHROMIUM, needs_chromium
from nbformat import NotebookNode
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
NOTEBOOK = "00_overview.ipynb"
PATIENCE = 60_000  # ms: a machine may be busy
#: Nothing of it is asked for from outside.
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server of its own on this machine, and the folder that it shows."""
    folder = tmp_path_factory.mktemp("lab")
    project = folder / "project"
    (project / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, project / "notebooks")
    shutil.copytree(ROOT / "data" / "raw", project / "data" / "raw")
    shutil.copy(ROOT / "data" / "reports.csv", project / "data")
    told = folder / "settings" / "@jupyterlab" / "apputils-extension"
    told.mkdir(parents=True)
    (told / "notification.jupyterlab-settings").write_text(json.dumps(QUIET), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "PYTHONPATH": str(ROOT),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    options = [
        "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
        f"--ServerApp.root_dir={project}",
    ]  # fmt: skip
    log = (folder / "log").open("w")
    command = [sys.executable, "-m", "jupyterlab", *options]
    server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/api", timeout=5):
                    break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.2)
        yield address, project
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture(scope="module")
def tab(lab: tuple[str, Path]) -> Iterator[Page]:
    """The notebook, opened in a browser that reaches nothing but the server."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.goto(f"{lab[0]}/lab/tree/notebooks/{NOTEBOOK}?reset")
        # before its kernel is there, nothing runs
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        yield page
        expect.set_options(timeout=5_000)
        browser.close()


def idle(page: Page) -> None:
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")


def run(page: Page, code: str) -> Locator:
    """A cell of one's own below all others, run; returns it."""
    page.locator(".jp-CodeCell.jp-mod-selected .cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    cell = page.locator(".jp-CodeCell.jp-mod-selected")
    expect(cell.locator(".jp-OutputArea-output").first).to_be_visible()
    idle(page)
    return cell


def saved(page: Page, project: Path) -> NotebookNode:
    """The notebook as it is on disk once it was saved."""
    path = project / "notebooks" / NOTEBOOK
    before = path.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    for _ in range(200):
        if path.stat().st_mtime_ns != before:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    return nbformat.read(path, as_version=4)


@needs_chromium
def test_a_notebook_is_used(lab: tuple[str, Path], tab: Page) -> None:
    # a parameter, by a part of a unit's name, and all cells run
    tab.locator(".cm-line", has_text='unit = ""').first.click()
    tab.keyboard.press("Home")
    tab.keyboard.press("Shift+End")
    tab.keyboard.insert_text('unit = "清远"')
    tab.get_by_role("menuitem", name="Run", exact=True).click()
    tab.get_by_text("Run All Cells", exact=True).click()
    expect(tab.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "busy")
    idle(tab)

    # a number names where it is printed, and how to ask for its card
    tab.keyboard.press("Control+Home")
    folded = tab.locator("details", has_text="这里的数印在哪里").first
    folded.locator("summary").click()
    asked = folded.locator("code").first.inner_text()
    assert asked.startswith('report.observation("')
    named = tab.locator(".jp-RenderedMarkdown span.src[title]").first
    assert "出处：" in str(named.get_attribute("title")) or "算出" in str(
        named.get_attribute("title")
    )
    tab.keyboard.press("Escape")
    tab.locator(".jp-CodeCell .cm-content").last.click()
    card = run(tab, asked)
    expect(card.locator("mark")).to_have_count(1)

    # the table to look through: a search, a filter, a card, the code, which gives the same figures
    explored = run(tab, "report.explore()")
    expect(explored.get_by_text("还没有受信任")).to_be_hidden()
    inside = explored.locator("iframe").content_frame
    inside.get_by_label("搜索").fill("接通 率")
    inside.locator("select[name=measure]").select_option("actual")
    first = inside.locator("tr.row").first
    first.click()
    expect(inside.locator(".card mark")).to_have_text(first.locator("td").first.inner_text())
    assert "report.observation(" in inside.locator(".card code").inner_text()
    count, code = inside.locator("tr.row").count(), inside.locator("#code").inner_text()
    counted = run(tab, f"{code}\nlen(found)")
    expect(counted.locator(".jp-OutputArea-output")).to_have_text(str(count))

    found = run(tab, 'report.search("接通率")')
    expect(found.locator("thead th").nth(1)).to_have_text("value")
    helped = run(tab, "print(report.observations.getdoc()[:60])")
    expect(helped.locator(".jp-OutputArea-output")).to_contain_text(
        "One row for each printed figure"
    )

    done = saved(tab, lab[1])
    outputs = [one for cell in done.cells for one in cell.get("outputs", ())]
    assert [one for one in outputs if one.output_type == "error"] == []
    assert 'unit = "清远"' in done.cells[1].source

    # the same notebook from somebody else: nothing runs, and what is plain is there
    (lab[1] / "notebooks" / "foreign.ipynb").write_text(
        (lab[1] / "notebooks" / NOTEBOOK)
        .read_text("utf-8")
        .replace("report.explore()", "report.explore( )"),
        "utf-8",
    )
    tab.goto(f"{lab[0]}/lab/tree/notebooks/foreign.ipynb?reset")
    tab.locator("details", has_text="这里的数印在哪里").first.locator("summary").click()
    expect(tab.locator("details code").first).to_have_text(asked)
    tab.locator(".jp-Notebook").press("End")
    tab.get_by_text("还没有受信任").scroll_into_view_if_needed()
    expect(tab.get_by_text("还没有受信任")).to_be_visible()
