"""What a corpus is for: the questions of docs/queries.md, and reports that no file is read for again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from corpora import AtOnce, whole, write

from qy_finance import catalogue, entries
from qy_finance.analysis.panel import Panel
from qy_finance.corpus import worker
from qy_finance.corpus.build import build
from qy_finance.corpus.database import Corpus, open_corpus
from qy_finance.publish import reading
from qy_finance.publish.index import write_index
from qy_finance.publish.plan import Subject
from qy_finance.text import panel as text

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
QINGYUAN = "清远市政务服务数据管理局本级"
QUERIES = dict(
    re.findall(
        r"^\*\*(.+?)\*\*.*?```sql\n(.*?)```",
        (ROOT / "docs" / "queries.md").read_text("utf-8"),
        re.M | re.S,
    )
)


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Reports are read in this process: starting another takes longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "Bounded", AtOnce)
        yield
    worker.close()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    (report,) = (DATA / "raw" / "2022").iterdir()
    source = write(
        folder / "reports", {"a.txt": report.read_bytes(), "b.txt": whole(), "c.txt": "x"}
    )
    build(source, folder / "made")
    return open_corpus(folder / "made")


def asked(corpus: Corpus, question: str) -> pd.DataFrame:
    (query,) = (sql for told, sql in QUERIES.items() if told.startswith(question))
    return corpus.sql(query)


@pytest.mark.parametrize("question", QUERIES)
def test_every_question_has_an_answer(corpus: Corpus, question: str) -> None:
    assert len(corpus.sql(QUERIES[question]))


def test_there_are_at_least_ten_questions() -> None:
    assert len(QUERIES) >= 10


def test_the_answers_are_what_is_printed(corpus: Corpus) -> None:
    """As they stand in the report of 2022, typed from it."""
    one = asked(corpus, "One measure by unit and year").query("unit == @QINGYUAN")
    assert one[["year", "value", "derived"]].to_numpy().tolist() == [
        [2021, 43.72, True],
        [2022, 62.70, False],
    ]
    indicator = asked(corpus, "One indicator").iloc[0]
    assert (indicator["target"], indicator["actual"], indicator["met"]) == (80, 62.83, False)
    public = asked(corpus, "“三公”经费").query("unit == @QINGYUAN").iloc[0]
    assert (public["planned"], public["spent"], public["completion"]) == (2.52, 2.52, 100)
    bought = asked(corpus, "Small and medium").query("unit == @QINGYUAN").iloc[0]
    assert bought["total"] == 2915.76
    funds = corpus.sql(
        "SELECT fund, sum(yuan) AS yuan FROM amounts WHERE unit = $u GROUP BY ALL", {"u": QINGYUAN}
    )
    spent = dict(funds[["fund", "yuan"]].to_numpy())
    assert spent["一般公共预算"] == pytest.approx(34_722_300, abs=1)
    assert spent["政府性基金预算"] == pytest.approx(37_405_300, abs=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(DATA / "raw", folder / "raw")
    shutil.copy(DATA / "reports.csv", folder)
    return folder


def panels(data: Path) -> tuple[Panel, list[str]]:
    found = Panel(catalogue.reports(data))
    return found, [text.bottom_line(found), *text.readings(found), *text.contradicted(found)]


def no_file(*_: Any, **__: Any) -> Any:
    raise AssertionError("a file was read")


def test_a_corpus_beside_the_catalogue_is_read_instead_of_files(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, (made, said) = catalogue.open_report(2022, data_dir=data), panels(data)
    build(data, data / "corpus")
    monkeypatch.setattr("qy_finance.report.read_document", no_file)
    kept = catalogue.open_report(2022, data_dir=data)
    pd.testing.assert_frame_equal(kept.observations, read.observations)
    pd.testing.assert_frame_equal(kept.check(), read.check())
    again, told = panels(data)
    assert told == said
    pd.testing.assert_frame_equal(again.frame, made.frame)
    sources = [[source.id for source in value.number.sources] for value in again.values]
    assert sources == [[source.id for source in value.number.sources] for value in made.values]


def test_the_index_and_cards_read_the_corpus_too(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = entries.read(data)

    def named(*some: entries.Entry | None) -> dict[str, Any]:
        reports = [[one.report_id, one.sha256] for one in some if one]
        return {"data_dir": str(data), "reports": reports, "english": True}

    def told() -> list[dict[str, Any]]:
        reading._catalogue.cache_clear()
        reading._report.cache_clear()
        asked = [named(one, listed.before(one.key)) for one in listed.entries]
        return list(map(reading._answer, asked))

    said = told()
    assert [one["error"] for one in said] == [""] * len(listed.entries)
    build(data, data / "corpus")
    monkeypatch.setattr("qy_finance.report.read_document", no_file)
    assert told() == said
    figures = [one["figures"][0] for one in said[0]["headlines"] if one["figures"]]
    shown = reading._answer({**named(listed.entries[0]), "printed": figures})
    assert set(shown["figures"]) == set(figures)


@pytest.mark.parametrize("part", ["documents", "inputs", "members"])
@pytest.mark.parametrize("damage", [b"PAR1", None])
def test_of_what_a_corpus_has_lost_the_files_are_read(
    data: Path, part: str, damage: bytes | None
) -> None:
    said = panels(data)[1]
    build(data, data / "corpus")
    lost = list((data / "corpus" / part).rglob("*.parquet"))
    assert lost
    for path in lost:
        path.unlink()
        if damage:
            path.write_bytes(damage)
    assert len(catalogue.open_report(2022, data_dir=data).observations)
    assert panels(data)[1] == said


def test_an_index_tells_of_reports_without_pages_what_the_corpus_has(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(data, data / "corpus")
    monkeypatch.setattr("qy_finance.report.read_document", no_file)
    output = tmp_path / "outputs"
    subjects = [
        Subject(entry.unit, entry, {}, output / str(entry.year) / entry.unit, {})
        for entry in entries.read(data).entries
    ]
    index = write_index(subjects, output, entries.read(data))
    page = BeautifulSoup(index.read_text("utf-8"), "html.parser")
    (account,) = page.select("article.account")
    assert "7,212.52" in account.select_one("dl.figures").get_text()  # as the report prints it
    assert "占比算错" in account.select_one(".findings").get_text()
    assert account.select_one(".unmade code").get_text().startswith("qy-finance run --year 2022")
    assert not account.select("a")  # there is no page that a figure could lead to
    told = json.loads(page.select_one("#lines").string)
    assert {at for _, _, at in told[0][1]} == {""}
    assert not output.joinpath("2022").exists()  # nothing is written but the index


def test_a_corpus_that_is_not_up_to_date_is_not_read(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(data, data / "corpus")
    listed = data / "corpus" / "corpus.json"
    told = json.loads(listed.read_text("utf-8"))
    told["made_by"]["rows"] = "of other code"
    listed.write_text(json.dumps(told), "utf-8")
    monkeypatch.setattr("qy_finance.report.read_document", no_file)
    with pytest.raises(AssertionError, match="a file was read"):
        catalogue.open_report(2022, data_dir=data)
