"""A headless Chromium without a network, for tests of pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")

#: What a page says to the console, and what it could not load.
_COMPLAINT = re.compile(r"(?:CONSOLE.*|net::ERR_\w+.*)")

_EXTERNAL = re.compile(r"(?!file:|data:|blob:|about:)")


def load(page: Path, *options: str) -> tuple[str, list[str]]:
    """Load a page with the network off; returns its document and what it complained of."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                f"--user-data-dir={profile}",
                "--virtual-time-budget=2000",
                *options,
                "--dump-dom",
                page.resolve().as_uri(),
            ],
            capture_output=True,
            check=True,
        )
    complaints = _COMPLAINT.findall(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8"), complaints


@contextmanager
def opened(
    page: Path, width: int = 1280, height: int = 800, fragment: str = "", scripts: bool = True
) -> Iterator[Page]:
    """A page in a window of that size, with the network off; it must neither complain nor ask for anything else."""
    heard: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, java_script_enabled=scripts
        )
        tab = context.new_page()
        tab.on("console", lambda message: heard.append(message.text))
        tab.on("pageerror", lambda error: heard.append(str(error)))
        tab.on(
            "request", lambda asked: heard.append(asked.url) if _EXTERNAL.match(asked.url) else None
        )
        tab.goto(page.resolve().as_uri() + fragment)
        yield tab
        browser.close()
    assert heard == []
