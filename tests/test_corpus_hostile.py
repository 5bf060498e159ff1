"""Whatever lies among the reports of a folder is named, and the reports are read."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest
from corpora import OTHER, AtOnce, account, assert_same, write

from qy_finance.corpus import worker
from qy_finance.corpus.build import build
from qy_finance.corpus.database import open_corpus
from qy_finance.files import sha256_of


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "Bounded", AtOnce)


def write_zip(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)


def test_good_reports_among_everything_else(tmp_path: Path) -> None:
    good = {f"{at}.txt": account(f"某县第{at}局") for at in range(10)}
    bad = {
        "cut.pdf": b"%PDF-1.7\ncut", "empty.txt": b"", "picture.txt": b"\x89PNG\r\n\x1a\n", "notice.txt": "通知\n",
        "package.docx": b"PK\x03\x04" + bytes(100), "bytes.xlsx": bytes(range(256)),
    }  # fmt: skip
    source, into = (
        write(tmp_path / "reports", {**good, **bad, "it's a.txt": account(OTHER)}),
        tmp_path / "corpus",
    )
    with (source / "huge.txt").open("wb") as file:
        file.truncate(1 << 26)  # sparse
    (source / "again.txt").write_text(good["0.txt"], "utf-8")
    built = build(source, into)
    assert (built.reports, built.is_lacking) == (11, True)
    failures = open_corpus(into).failures
    assert failures["file"].tolist() == sorted([*bad, "huge.txt"])
    assert failures["expected"].notna().all()
    assert [line.split(":")[0] for line in built.failures] == failures["file"].tolist()
    again = build(source, into)
    assert (again.read, again.failures) == (0, built.failures)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_names_that_are_no_text_are_shown_and_not_believed(tmp_path: Path) -> None:
    source, into = write(tmp_path / "reports", {"a\n\x1b[31mb.txt": account()}), tmp_path / "corpus"
    for name, data in (("某局".encode("gbk"), account(OTHER)), ("坏".encode("gbk"), "通知\n")):
        write(source, {os.fsdecode(name + b".txt"): data})
    (source / "loop").symlink_to(source)
    (source / "gone").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    assert [build(source, into).read for _ in range(2)] == [3, 0]
    corpus = open_corpus(into)
    assert len(corpus.reports) == 2
    told = "".join([*corpus.reports["file"], *corpus.failures["file"]])
    assert "\n" not in told
    assert "\x1b" not in told
    for report_id in corpus.reports["report_id"]:
        assert len(corpus.report(report_id).observations) == 2


def test_reports_in_archives_are_called_what_they_are_called_there(tmp_path: Path) -> None:
    """Who does not say whose it is, is whose its name says: that in the archive, not where it was unpacked."""
    nameless = "2023年度部门决算\n第三部分 2023年度部门决算情况说明\n2023年度收入总计{}万元。\n"
    source, into = write(tmp_path / "reports", {"plain.txt": account()}), tmp_path / "corpus"
    members = {
        "某县甲局2023年度部门决算.txt": nameless.format(5), "某县乙局2023年度部门决算.txt": nameless.format(6),
        "../../out.txt": account(OTHER), "junk.txt": "通知\n",
    }  # fmt: skip
    write_zip(source / "a.zip", members)
    build(source, into)
    corpus = open_corpus(into)
    assert sorted(corpus.reports["unit"]) == sorted(["某县甲局", "某县乙局", OTHER, "某县水利局"])
    assert corpus.failures["file"].tolist() == ["a.zip/junk.txt"]
    assert not (into / "parts").exists()
    assert not (tmp_path / "out.txt").exists()
    # others come before them, and they are unpacked under other numbers
    write_zip(source / "0.zip", {"x.txt": "通知\n"})
    assert build(source, into).read == 1
    build(source, into.with_name("anew"))
    assert_same(into, into.with_name("anew"))


def test_a_file_that_changes_while_it_is_read_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, into = (
        write(tmp_path / "reports", {"a.txt": account(), "b.txt": account(OTHER)}),
        tmp_path / "c",
    )

    def digest(path: Path) -> str:
        found = sha256_of(path)
        if path.name == "a.txt":
            write(source, {"a.txt": account(total=7)})
        return found

    with monkeypatch.context() as patch:
        patch.setattr("qy_finance.digests.sha256_of", digest)
        built = build(source, into)
    assert built.reports == 1
    assert built.failures == [
        "a.txt: OSError: expected a file that can be read, found it was changed while it was read"
    ]
    assert build(source, into).reports == 2


def test_a_file_that_can_not_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "reports", {"a.txt": account(), "b.txt": account(OTHER)})

    def digest(path: Path) -> str:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return sha256_of(path)

    with monkeypatch.context() as patch:
        patch.setattr("qy_finance.digests.sha256_of", digest)
        built = build(source, tmp_path / "c")
    assert (built.reports, len(built.failures), built.is_lacking) == (1, 1, True)
    assert "Permission denied" in built.failures[0]
    assert build(source, tmp_path / "c").reports == 2
