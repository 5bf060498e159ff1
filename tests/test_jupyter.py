"""What Jupyter offers of a report: search, a table to look through, frames as they are read, where numbers stand."""

from __future__ import annotations

import gzip
import json
import pickle
import re
from base64 import b64decode
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import needs_chromium, opened
from corpora import account, whole, write
from IPython.core.interactiveshell import InteractiveShell
from layout.canvas import Options
from layout.pdf_options import VARIANTS
from layout.pdf_writer import lay_out_pdf
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import Corpus, Report, open_corpus, read_report
from qy_finance.catalogue import add, open_report, remove
from qy_finance.contract import columns
from qy_finance.corpus.build import build
from qy_finance.display import cite, say, show_table
from qy_finance.entries import load
from qy_finance.errors import CorpusError, ParameterError, UnknownReportError
from qy_finance.explorer import FIELDS, Explorer
from qy_finance.language import speaking
from qy_finance.search import plain
from qy_finance.shown import as_read

HOSTILE = '<img src=x onerror="document.title=1">"""\\'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("jupyter") / "report.txt"
    path.write_text(lay_out(SAMPLE, Options()).text, "utf-8")
    return read_report(path)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    files = {"a.txt": whole(), "b.txt": account(year=2022), "c.txt": account("某县农业局", 2021)}
    build(write(folder / "in", files), folder / "corpus")
    return open_corpus(folder / "corpus")


# search


def test_a_search_finds_figures_and_sentences(report: Report) -> None:
    found = report.search("公务接待")
    assert list(found)[:4] == ["value", "unit_of_measure", "item", "column"]
    assert list(report.observations) == list(columns("observations"))
    assert found["start"].is_monotonic_increasing
    figures = found[found["figure"].notna()]
    named = report.observations.loc[list(figures["row"])]
    assert list(named["figure"]) == list(figures["figure"])
    for one in figures.itertuples():
        assert report.text[one.start : one.end] == one.printed
        assert str(one.printed) in str(one.sentence)
    found = report.search("决算情况说明")  # a heading: no figure is called so
    alone = found[found["figure"].isna()]
    assert len(alone)
    assert alone["value"].isna().all()
    assert alone["sentence"].str.contains("决算情况说明").all()
    assert all("决算" in report.text[one.start : one.end] for one in alone.itertuples())


def test_every_figure_that_is_called_so_is_found(report: Report) -> None:
    rows = report.observations
    hit = rows["item"].str.contains("项目支出") | rows["column"].str.contains("项目支出").fillna(
        value=False
    )
    found = set(report.search("项目支出")["figure"].dropna())
    assert set(rows.loc[hit, "figure"]) <= found


@pytest.mark.parametrize("text", ["公务 接待", "公务\n接待", "　公务接待 "])
def test_blanks_make_no_difference(report: Report, text: str) -> None:
    pd.testing.assert_frame_equal(report.search(text), report.search("公务接待"))


def test_digits_are_found_however_they_are_written(report: Report) -> None:
    printed = next(p for p in report.observations["printed"] if "," in p)
    expected = report.search(printed)
    assert len(expected)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in printed)
    for other in (printed.replace(",", ""), wide):
        pd.testing.assert_frame_equal(report.search(other), expected)
    assert plain("１,２３４．５ Ab") == "1234.5ab"


@pytest.mark.parametrize("text", ["", " \n　", None, 3, ["公务"]])
def test_nothing_to_look_for_is_told(report: Report, text: Any) -> None:
    with pytest.raises(ParameterError, match="a text to look for"):
        report.search(text)


@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_a_report_without_a_table_is_searched_and_explored(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "prose.txt"
    path.write_text(account(), "utf-8")
    prose = read_report(path)
    assert not prose.tables
    found = prose.search("120.5")
    assert found["value"].tolist() == [120.5, 120.5]
    assert found.dtypes.to_dict() == report.search("公务").dtypes.to_dict()
    assert len(prose.explore().rows) == 2
    assert "120.5" in prose.explore()._repr_html_()


@pytest.mark.parametrize("text", [HOSTILE, "((", "[", ".*", "\\", "\0", "没有这样的话" * 10_000])
def test_what_stands_nowhere_is_no_row(report: Report, text: str) -> None:
    found = report.search(text)
    assert len(found) == 0
    assert found.dtypes.to_dict() == report.search("公务").dtypes.to_dict()


# frames


@pytest.fixture
def shell() -> InteractiveShell:
    return InteractiveShell()


def test_a_frame_stays_one_of_pandas(report: Report) -> None:
    for frame in (report.observations, report.facts, report.kpis, report.check()):
        assert type(frame) is pd.DataFrame
        assert type(frame.head()) is pd.DataFrame
        again = pickle.loads(pickle.dumps(frame))
        pd.testing.assert_frame_equal(again, frame)
    assert list(report.observations) == list(columns("observations"))
    assert report.observations.index.equals(pd.RangeIndex(len(report.observations)))


def test_help_tells_our_columns(report: Report, shell: InteractiveShell) -> None:
    shell.user_ns["report"] = report
    shell.user_ns["checks"] = report.check()
    for name, words in (
        ("report.observations", "with the sign that is meant"),
        ("report.facts", "figures of the prose"),
        ("report.kpis", "Performance indicators"),
        ("report.tables", "A row for each account"),
        ("checks", "Reconciliation"),
    ):
        assert words in shell.object_inspect_text(name), name


def test_completion_knows_tables_and_columns(report: Report, shell: InteractiveShell) -> None:
    assert report.tables._ipython_key_completions_() == list(report.tables)


def test_figures_are_shown_by_their_values(report: Report) -> None:
    frame = report.observations
    shown = as_read(frame)
    assert list(shown)[:3] == ["value", "unit_of_measure", "item"]
    assert sorted(shown) == sorted(frame)
    assert shown.index.equals(frame.index)
    assert next(iter(as_read(frame[frame["table"].isna()].tail(3)))) == "value"
    chosen = frame[["line", "value"]]
    assert as_read(chosen) is chosen
    foreign = pd.DataFrame({name: [] for name in columns("observations")})
    assert as_read(foreign) is foreign


def test_what_breaks_is_shown_first(tmp_path: Path) -> None:
    text = lay_out(SAMPLE, Options()).text
    path = tmp_path / "report.txt"
    path.write_text(text.replace("增加", "减少"), "utf-8")
    checks = read_report(path).check()
    shown = as_read(checks)
    statuses = list(shown["status"])
    assert statuses[0] == "break"
    assert statuses == sorted(statuses, key=["break", "not_run", "tail", "exact", "n/a"].index)
    assert set(shown.index) == set(checks.index)
    assert list(checks.index) == list(range(len(checks)))
    ordered = checks.sort_values("check_id")
    assert as_read(ordered) is ordered


def test_tables_show_themselves(report: Report, corpus: Corpus) -> None:
    shown = report.tables._repr_html_()
    for table, frame in report.tables.items():
        assert f"<td>{table}</td>" in shown
        row = report.tables.listing.set_index("table").loc[table]
        assert (row["rows"], row["columns"]) == frame.shape
        assert report.reading.form.name(table) == row["title"]
        assert table in repr(report.tables)
    listed = corpus.tables.set_index("table")
    assert listed.loc["observations", "rows"] == len(corpus.sql("FROM observations"))
    assert listed.loc["observations", "title"]
    assert "<td>observations</td>" in corpus._repr_html_()


# units by a part of their names


def catalogued(folder: Path, *accounts: tuple[str, int]) -> Path:
    folder.mkdir(parents=True)
    (folder / "reports.csv").write_text("unit,year,scope,file,sha256,kind,source\n", "utf-8")
    for unit, year in accounts:
        path = folder.parent / f"{unit}{year}.txt"
        path.write_text(account(unit, year), "utf-8")
        add(path, folder)
    return folder


def test_a_unit_is_known_by_a_part_of_its_name(tmp_path: Path) -> None:
    folder = catalogued(
        tmp_path / "data",
        ("甲县水利局", 2022),
        ("乙县水利局", 2022),
        ("乙县水利局", 2023),
        ("水利局", 2023),
    )
    there = load(folder)
    assert there.find(2022, "甲").unit == "甲县水利局"
    assert there.find(2022, " 甲 县").unit == "甲县水利局"
    assert there.find(2023, "水利局").unit == "水利局"  # in full wins
    assert [one.year for one in there.select(None, "乙")] == [2022, 2023]
    assert open_report(2022, "甲", folder).meta["unit"] == "甲县水利局"
    with pytest.raises(
        UnknownReportError, match=r"甲县水利局 \| 乙县水利局, found 县水利局"
    ) as raised:
        there.find(2022, "县水利局")
    assert "\n" not in str(raised.value)
    for unknown in ("丙", " ", "　"):
        with pytest.raises(UnknownReportError, match=r"甲县水利局 \| 乙县水利局"):
            there.find(2022, unknown)
    # the name of a unit of another year is no part of one of this year
    with pytest.raises(UnknownReportError, match="found 水利局"):
        there.find(2022, "水利局")
    assert remove(2022, "甲", folder).unit == "甲县水利局"


# the table to look through


def packed(explorer: Explorer) -> dict[str, Any]:
    """The data that a table holds."""
    document = unescape(re.search(r'srcdoc="([^"]*)"', explorer._repr_html_())[1])  # type: ignore[index]
    data = re.search(r'atob\("([^"]*)"\)', document)[1]  # type: ignore[index]
    told: dict[str, Any] = json.loads(gzip.decompress(b64decode(data)))
    return told


def test_the_table_has_every_figure(report: Report) -> None:
    rows = [dict(zip(FIELDS, row, strict=True)) for row in packed(report.explore())["rows"]]
    frame = report.observations
    assert [row["figure"] for row in rows] == list(frame["figure"])
    assert [float(row["value"].replace(",", "")) for row in rows] == list(frame["value"])
    assert [row["printed"] for row in rows] == list(frame["printed"])
    for at in (0, len(rows) - 1):
        before, _, after = report.observation(at).passage
        assert before.endswith(rows[at]["before"].lstrip("…"))
        assert after.startswith(rows[at]["after"].rstrip("…"))


def test_a_notebook_that_is_not_trusted_has_a_plain_table(report: Report) -> None:
    made = report.explore()._repr_html_().partition("<iframe")[0]
    assert made.count("<tr>") == 11
    assert "还没有受信任" in made
    assert "<script" not in made
    with speaking("en", strict=True):
        assert "not trusted yet" in report.explore()._repr_html_()


def page(folder: Path, explorer: Explorer) -> Path:
    path = folder / "page.html"
    path.write_text(f'<!doctype html><meta charset="utf-8">{explorer._repr_html_()}', "utf-8")
    return path


@needs_chromium
def test_the_table_is_looked_through(report: Report, tmp_path: Path) -> None:
    with opened(page(tmp_path, report.explore())) as tab:
        inside = tab.locator("iframe").content_frame
        inside.locator("tr.row").first.wait_for()
        assert not tab.get_by_text("还没有受信任").is_visible()
        for search, table, year, code in (
            ("公务接待", "*", "*", ""),
            ("", "", "*", ""),
            ("", "expenditure", str(SAMPLE.year), "2"),
            ('"', "*", "*", ""),
            ("支出 ", "expenditure", "*", "2"),
        ):
            inside.get_by_label("搜索").fill(search)
            inside.locator("select[name=table]").select_option(table)
            inside.locator("select[name=year]").select_option(year)
            inside.get_by_label("科目编码").fill(code)
            spaces: dict[str, Any] = {"report": report}
            exec(inside.locator("#code").inner_text(), spaces)
            told = inside.locator("#count").inner_text()
            assert int(re.sub(r"\D.*", "", told.replace(",", "")) or 0) == len(spaces["found"]), (
                told
            )
            first = list(spaces["found"]["figure"][:200])
            assert (
                inside.locator("tr.row").evaluate_all("a => a.map(r => r.dataset.figure)") == first
            )
        row = inside.locator("tr.row").first
        row.press("Enter")
        figure = row.get_attribute("data-figure")
        assert inside.locator(".card code").inner_text() == f'report.observation("{figure}")'
        assert (
            inside.locator(".card mark").inner_text() == report.observation(str(figure)).passage[1]
        )
        row.press("Enter")
        assert inside.locator(".card").count() == 0


@needs_chromium
def test_a_pdf_shows_the_strip(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    lay_out_pdf(SAMPLE, VARIANTS["Guangdong"], path)
    report = read_report(path)
    explorer = report.explore()
    assert explorer.pages
    with opened(page(tmp_path, explorer)) as tab:
        inside = tab.locator("iframe").content_frame
        inside.locator("tr.row").nth(3).click()
        strip, box = inside.locator(".strip"), inside.locator(".strip i")
        outer, inner = strip.bounding_box(), box.bounding_box()
        assert outer is not None
        assert inner is not None
        for edge, size in (("x", "width"), ("y", "height")):
            assert outer[edge] <= inner[edge]
            assert inner[edge] + inner[size] <= outer[edge] + outer[size]


@needs_chromium
def test_hostile_text_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        lay_out(SAMPLE, Options()).text.replace("公务接待费", "公务</script><img/src=x>费"), "utf-8"
    )
    report = read_report(path)
    with opened(page(tmp_path, report.explore())) as tab:
        inside = tab.locator("iframe").content_frame
        inside.get_by_label("搜索").fill("<img")
        inside.locator("tr.row").first.click()
        assert inside.locator("#list img").count() == 0
        assert "<img/src=x>" in inside.locator(".card").inner_text()


def test_a_corpus_is_looked_through_by_pages(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = corpus.sql("FROM observations")
    whole_corpus = corpus.explore()
    assert len(whole_corpus.rows) == len(rows)
    one = dict(zip(FIELDS, whole_corpus.rows[0], strict=True))
    shown = corpus.report(one["report_id"]).observation(one["figure"]).passage
    assert (one["before"].strip(), one["printed"]) == (shown[0].strip(), shown[1])
    monkeypatch.setattr("qy_finance.corpus.exploring.MOST", 100)
    second = corpus.explore(page=2)
    assert [row[FIELDS.index("figure")] for row in second.rows] == list(rows["figure"][100:200])
    assert f"共 {len(rows):,} 个数" in second.note
    assert "第 2 页" in second.note
    few = corpus.explore("收入总计", unit="某县农业局", year=2021)
    assert {row[FIELDS.index("unit")] for row in few.rows} == {"某县农业局"}
    assert len(few.rows) == 1
    assert len(corpus.explore(HOSTILE + "'; --").rows) == 0


@pytest.mark.parametrize(
    "asked",
    [{"page": 0}, {"page": 99}, {"page": "1"}, {"text": " "}, {"year": "2022"}, {"unit": 3}],
)
def test_what_a_corpus_cannot_show_is_told(corpus: Corpus, asked: dict[str, Any]) -> None:
    with pytest.raises(CorpusError, match=next(iter(asked))):
        corpus.explore(**asked)


@needs_chromium
def test_the_code_of_a_corpus_gives_what_is_shown(corpus: Corpus, tmp_path: Path) -> None:
    with opened(page(tmp_path, corpus.explore(year=SAMPLE.year))) as tab:
        inside = tab.locator("iframe").content_frame
        inside.locator("tr.row").first.wait_for()
        for search, table in (
            ("公务 接待费", "three_public"),
            ("因公出国（境）费", "*"),
            ("", ""),
            ("'", "*"),
        ):
            inside.get_by_label("搜索").fill(search)
            inside.locator("select[name=table]").select_option(table)
            spaces: dict[str, Any] = {"corpus": corpus}
            exec(inside.locator("#code").inner_text(), spaces)
            first = list(spaces["found"]["figure"][:200])
            assert (
                inside.locator("tr.row").evaluate_all("a => a.map(r => r.dataset.figure)") == first
            )


# where numbers are printed


class Working:
    """A shell in which somebody runs a cell."""

    def __init__(self, report: Report, cell: str | None) -> None:
        self.parent_header = {"metadata": {"cellId": cell} if cell else {}}
        self.user_ns = {"report": report}


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is displayed, as HTML or Markdown."""
    shown: list[str] = []

    def display(one: Any, raw: bool = False) -> None:
        shown.append(one["text/html"] if raw else one.data)

    monkeypatch.setattr("IPython.display.display", display)
    return shown


def test_numbers_tell_how_to_ask_for_their_cards(
    report: Report, outputs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = report.reading.facts[5]
    monkeypatch.setattr("qy_finance.leading._shell", lambda: Working(report, "a"))
    say(cite(fact))
    show_table(pd.DataFrame({"金额": [fact.number]}))
    code = f"report.observation(&quot;{fact.id}&quot;)"
    assert len(outputs) == 3
    for folded in outputs[1:]:
        assert f"<code>{code}</code>" in folded
        assert fact.place in folded
    assert report.observation(fact.id).value == fact.number
    other = Working(report, "a")
    other.user_ns.clear()
    monkeypatch.setattr("qy_finance.leading._shell", lambda: other)
    say(cite(fact))
    assert f"open_report({SAMPLE.year}, &quot;{SAMPLE.unit}&quot;).observation(" in outputs[-1]


def test_what_a_batch_runs_is_as_it_was(
    report: Report, outputs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = report.reading.facts[5]
    for shell in (None, Working(report, None)):
        monkeypatch.setattr("IPython.get_ipython", lambda shell=shell: shell)
        say(cite(fact))
        show_table(pd.DataFrame({"金额": [fact.number]}))
    assert len(outputs) == 4
    assert not any("<details" in one for one in outputs)
