"""Folders and archives: what each file is, whatever it is called, and what of it goes into the catalogue."""

from __future__ import annotations

import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from layout.canvas import Options
from layout.grid import Rows
from layout.pdf_options import GUANGDONG
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from papers.description import Piece, Template, templates
from papers.generated import template_of
from papers.office import OFFICE, workbook

from qy_finance import intake
from qy_finance.archives import files_in
from qy_finance.catalogue import load
from qy_finance.cli import main
from qy_finance.entries import COLUMNS
from qy_finance.intake import Looker
from qy_finance.looks import Look
from qy_finance.readers import Limits

ACCOUNT = """某县水利局2023年度部门决算
第三部分 2023年度部门决算情况说明
一、收入支出决算总体情况说明
某县水利局2023年度收入总计120.50万元，支出总计120.50万元。
"""
BUDGET = (
    "某县水利局2024年度部门预算\n一、收支预算\n2024年收入预算120.50万元，支出预算120.50万元。\n"
)
NOTICE = "关于做好2023年度部门决算公开工作的通知\n各单位：\n请在20日内公开，经费3.50万元。\n"


def names(place: Path, scratch: Path, limits: Limits | None = None) -> dict[str, str]:
    """What is found, and why it can't be looked at."""
    scratch.mkdir(exist_ok=True)
    return {found.name: found.wrong for found in files_in(place, scratch, limits)}


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_gbk_zip(path: Path, name: str, data: bytes) -> Path:
    """As Windows in China writes it: the name in GBK, and no flag that says so."""
    coded = name.encode("gbk")
    write_zip(path, {"x" * len(coded): data})
    path.write_bytes(path.read_bytes().replace(b"x" * len(coded), coded))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files whose names say what they are not."""
    there = tmp_path / "files"
    (there / "b").mkdir(parents=True)
    (there / "预算.pdf").write_text(ACCOUNT, encoding="utf-8")
    (there / "b" / "2023年度部门决算.docx").write_text(BUDGET, encoding="gb18030")
    (there / "b" / "决算.txt").write_text(NOTICE, encoding="utf-8")
    (there / "决算.pdf").write_bytes(b"%PDF-1.7\ncut")
    (there / "空.xlsx").write_bytes(b"")
    (there / "图.docx").write_bytes(b"\x89PNG\r\n\x1a\n")
    (there / ".DS_Store").write_bytes(b"x")
    return there


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def test_a_folder_is_sorted_by_what_files_are(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", str(folder), "--dry-run"]) == 0
    rows = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    told = {row[6]: (row[0], row[1], row[2], row[4]) for row in rows[1:]}
    assert told == {
        "预算.pdf": ("部门决算", "某县水利局", "2023", "text"),
        "b/2023年度部门决算.docx": ("非决算", "—", "—", "text"),
        "b/决算.txt": ("非决算", "—", "—", "text"),
        "决算.pdf": ("读不了", "—", "—", "pdf"),
        "空.xlsx": ("读不了", "—", "—", "text"),
        "图.docx": ("非决算", "—", "—", "picture"),
    }
    assert "部门预算" in next(row[7] for row in rows if row[6].startswith("b/2023"))
    assert load(data).lines == ()


def _as_budget(template: Template) -> Template:
    """The same tables and sentences as a budget."""

    def said(text: str) -> str:
        return text.replace("决算", "预算")

    pieces: list[Piece | Rows] = [Piece("=", template.unit), Piece("=", "2024年部门预算公开")]
    for piece in template.pieces:
        if isinstance(piece, Piece):
            pieces.append(Piece(piece.mark, said(piece.markup)))
        else:
            pieces.append([[replace(slot, text=said(slot.text)) for slot in row] for row in piece])
    return replace(template, pieces=pieces)


def test_nothing_else_is_taken_for_an_account(tmp_path: Path) -> None:
    """Accounts, budgets and notices in three formats, under names that say the contrary, and files cut anywhere."""
    there, scratch = tmp_path / "files", tmp_path / "scratch"
    there.mkdir()
    scratch.mkdir()
    wanted = set()
    for at, template in enumerate(list(templates())[::12]):
        for paper, pen in OFFICE.items():
            pen(template, scratch).rename(there / f"{at}{paper}预算.pdf")
            wanted.add(f"{at}{paper}预算.pdf")
            pen(_as_budget(template), scratch).rename(there / f"{at}{paper}决算.txt")
    whole = (there / "0word预算.pdf").read_bytes()
    for share in range(1, 5):
        (there / f"决算{share}.docx").write_bytes(whole[: len(whole) * share // 5])
    for at, text in enumerate((BUDGET, NOTICE, "", "会议纪要\n研究决算公开，经费3.50万元。\n")):
        (there / f"决算{at}.html").write_text(f"<html><p>{text}</p></html>", encoding="utf-8")
        (there / f"决算{at}.pdf").write_text(text, encoding="gb18030")
    scratch = tmp_path / "unpacked"
    scratch.mkdir()
    seen = intake.look_at([there], scratch)
    assert {look.name for look in seen.looks if look.key} == wanted
    assert all(look.why for look in seen.looks if not look.key)


def test_a_folder_goes_into_the_catalogue(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["add", str(folder), "--source", "https://a.gov.cn", "--published", "2024-09-30"]) == 0
    )
    (entry,) = load(data).entries
    assert (entry.unit, entry.year, entry.kind) == ("某县水利局", 2023, "text")
    assert entry.file.endswith(".txt")
    assert (entry.source, entry.published) == ("https://a.gov.cn", "2024-09-30")
    out = capsys.readouterr().out
    assert "表 tables 0，数字 figures 2（文字中 in the prose 2）" in out
    assert "缺 missing: income_expenditure_summary" in out


def test_another_version_is_told_and_asked_for(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = folder / "预算.pdf"
    assert main(["add", str(first)]) == 0
    later = folder / "更正.txt"
    later.write_text(ACCOUNT.replace("120.50", "121.50"), encoding="utf-8")
    assert main(["add", str(later)]) == 2
    assert "another version of 某县水利局 2023" in capsys.readouterr().err
    assert len(load(data).lines) == 1
    assert main(["add", str(later), "--replace"]) == 0
    assert [entry.replaces != "" for entry in load(data).lines] == [False, True]
    assert main(["remove", "--year", "2023"]) == 0
    assert [entry.replaces for entry in load(data).lines] == [""]


def test_what_the_catalogue_has_is_told_before_it_is_added(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told() -> tuple[dict[str, str], str]:
        assert main(["add", str(folder), "--dry-run"]) == 0
        out, err = capsys.readouterr()
        rows = [line.split("  ") for line in out.splitlines()[1:]]
        return {row[6]: row[7] for row in rows if row[0] == "部门决算"}, err

    lacking = "no income_expenditure_summary"
    whys, err = told()
    assert whys["预算.pdf"].startswith(lacking)
    assert "catalogue" not in whys["预算.pdf"]
    assert (
        "新的 new: 1，目录已有 in the catalogue: 0，已有另一版 another version is there: 0" in err
    )
    assert main(["add", str(folder / "预算.pdf")]) == 0
    (entry,) = load(data).entries
    capsys.readouterr()
    whys, err = told()
    assert whys["预算.pdf"].endswith(f"; in the catalogue already: {entry.file}")
    assert "新的 new: 0，目录已有 in the catalogue: 1" in err
    (folder / "更正.txt").write_text(ACCOUNT.replace("120.50", "121.50"), encoding="utf-8")
    (folder / "预算.pdf").unlink()
    whys, err = told()
    assert (
        f"; another version of {entry.file} in the catalogue (--replace keeps both)"
        in whys["更正.txt"]
    )
    assert "another version is there: 1" in err
    assert load(data).lines == (entry,)


def test_what_files_are_is_told_without_a_catalogue(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["add", str(folder / "预算.pdf"), "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert "部门决算" in out
    assert err == ""
    assert main(["add", str(folder), "--dry-run", "--data-dir", str(folder)]) == 2
    assert "a folder with reports.csv" in capsys.readouterr().err


LINKING = """<html><h1>某县水利局2023年度部门决算</h1><p>附件：</p>
<p><a href="./P0202409.pdf">2023年度 部门决算.pdf</a></p><p><a href="/x/t.xls">公开表</a></p></html>"""


def test_a_page_needs_nobody_where_its_files_are_beside_it(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "crawl" / "a"
    (there / "files").mkdir(parents=True)
    (there / "page.html").write_text(LINKING, encoding="utf-8")
    (there / "files" / "2023年度部门决算.PDF").write_text(ACCOUNT, encoding="utf-8")
    (tmp_path / "crawl" / "t.xls").write_text(NOTICE, encoding="utf-8")  # not beside it
    assert main(["add", str(tmp_path / "crawl")]) == 2
    out, err = capsys.readouterr()
    assert "links to 2023年度部门决算.pdf, 公开表 (t.xls); not here: 公开表 (t.xls)" in out
    assert err.startswith("a/page.html: a page that has no report itself and links to")
    assert len(err.splitlines()) == 1
    assert main(["remove", "--year", "2023"]) == 0
    (tmp_path / "crawl" / "t.xls").rename(there / "公开表.xls")
    capsys.readouterr()
    assert main(["add", str(tmp_path / "crawl")]) == 0
    out, err = capsys.readouterr()
    assert "公开表 (t.xls); which are here" in out
    assert err == ""


def test_of_two_versions_in_a_folder_one_is_taken(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "再.txt").write_text(ACCOUNT + "本年收入100.00万元。\n", encoding="utf-8")
    (folder / "同.txt").write_text(ACCOUNT, encoding="utf-8")
    assert main(["add", str(folder)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == ["同.txt: another version of 再.txt", "预算.pdf: another version of 再.txt"]
    assert len(load(data).entries) == 1


def test_tables_and_prose_of_a_folder_are_one_report(tmp_path: Path, data: Path) -> None:
    there = tmp_path / "files"
    there.mkdir()
    template = template_of(SAMPLE, GUANGDONG)
    prose = next(
        at for at, one in enumerate(template.pieces) if isinstance(one, Piece) and one.mark == "~"
    )
    template.pieces[prose:] = []
    workbook(template, there).rename(there / "附件1.xlsx")
    lines = lay_out(SAMPLE, Options()).text.split("\n")
    parts = [
        at for at, line in enumerate(lines) if line.strip().startswith("第") and "部分：" in line
    ]
    text = "\n".join(lines[: parts[1]] + lines[parts[2] :])
    (there / "正文.txt").write_text(text, encoding="utf-8")
    assert main(["add", str(there)]) == 0
    (entry,) = load(data).entries
    assert entry.kind == "several"
    assert [Path(file).suffix for file in entry.files] == [".xlsx", ".txt"]


def test_archives_are_looked_into(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", {"c.txt": b"c", "deep.zip": b""})
    deep = write_zip(tmp_path / "d.zip", {"d.txt": b"d"})
    inner = write_zip(tmp_path / "inner.zip", {"c.txt": b"c", "deep.zip": deep.read_bytes()})
    outer = write_zip(
        tmp_path / "outer.zip", {"a/b.txt": b"b", "inner.zip": inner.read_bytes(), "e/": b""}
    )
    found = names(outer, tmp_path / "scratch")
    assert found == {
        "outer.zip/a/b.txt": "",
        "outer.zip/inner.zip/c.txt": "",
        "outer.zip/inner.zip/deep.zip": "an archive in an archive in an archive: unpack it first",
    }


def test_names_in_archives_may_be_gbk(tmp_path: Path) -> None:
    path = write_gbk_zip(tmp_path / "a.zip", "某局2023年度部门决算.docx", b"x")
    assert names(path, tmp_path / "scratch") == {"a.zip/某局2023年度部门决算.docx": ""}


def test_no_member_leaves_the_folder(tmp_path: Path) -> None:
    members = {
        "../../up.txt": b"x",
        "/tmp/root.txt": b"x",
        "..\\back.txt": b"x",
        "a\x1b[2Jb.txt": b"x",
    }
    path = write_zip(tmp_path / "a.zip", members)
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    found = names(path, tmp_path / "scratch")
    assert len(found) == 4
    assert not any("\x1b" in name for name in found)
    new = {file for file in tmp_path.rglob("*") if file.is_file()} - before
    assert {file.parent for file in new} == {tmp_path / "scratch"}


def test_an_archive_unpacks_within_bounds(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "bomb.zip", {"a.txt": bytes(3_000_000), "b.txt": b"b"})
    good = write_zip(tmp_path / "good.zip", {"c.txt": b"c"})
    there = tmp_path / "files"
    there.mkdir()
    bomb.rename(there / "bomb.zip")
    good.rename(there / "good.zip")
    found = names(there, tmp_path / "scratch", Limits(unpacked=1_000_000))
    assert "larger than 1,000,000 bytes" in found["bomb.zip/a.txt"]
    assert "the rest was not looked at" in found["bomb.zip"]
    assert found["good.zip/c.txt"] == ""
    assert sum(file.stat().st_size for file in (tmp_path / "scratch").iterdir()) < 1_000_000


def test_what_is_damaged_or_locked_in_an_archive_is_told(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.txt": os.urandom(5000), "b.txt": b"b"})
    data = bytearray(path.read_bytes())
    data[1000] ^= 0xFF
    path.write_bytes(data)
    found = names(path, tmp_path / "scratch")
    assert "damaged in its archive" in found["a.zip/a.txt"]
    assert found["a.zip/b.txt"] == ""
    locked = bytearray(write_zip(tmp_path / "l.zip", {"a.txt": b"a"}).read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "l.zip").write_bytes(locked)
    assert names(tmp_path / "l.zip", tmp_path / "scratch") == {
        "l.zip/a.txt": "locked with a password"
    }


def test_links_are_not_followed(tmp_path: Path) -> None:
    there = tmp_path / "files"
    there.mkdir()
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    (there / "a.txt").symlink_to(tmp_path / "secret.txt")
    assert names(there, tmp_path / "scratch") == {}


def _sleep(blank: Look) -> Look:
    time.sleep(60)
    return blank


def _die(blank: Look) -> Look:
    os._exit(7)


@pytest.mark.parametrize(
    ("what", "why"), [(_sleep, "not read within"), (_die, "ended with status 7")]
)
def test_a_file_that_stops_the_reader_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: object, why: str
) -> None:
    context = intake.multiprocessing.get_context("fork")
    monkeypatch.setattr(intake.multiprocessing, "get_context", lambda kind: context)
    file = tmp_path / "a.txt"
    file.write_text(ACCOUNT, encoding="utf-8")
    looker = Looker(seconds=1)
    with monkeypatch.context() as patched:
        patched.setattr(intake, "looked", what)
        assert why in looker.look(["a.txt"], [file]).why
    looker.seconds = 60
    found = looker.look(["a.txt"], [file])
    looker.close()
    assert found.key == ("某县水利局", 2023, "部门汇总")
