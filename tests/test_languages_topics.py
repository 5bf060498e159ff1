"""Notebooks 01, 02, 03 and 07 in English: no Chinese left, the same figures, sentence by sentence and page by page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from qy_finance import read_report
from qy_finance.analysis.budget import Budget
from qy_finance.analysis.law import stated
from qy_finance.analysis.operating import Operating
from qy_finance.analysis.procurement import Procurement
from qy_finance.analysis.spending import Spending
from qy_finance.charts import procurement as procurement_charts
from qy_finance.charts import spending as spending_charts
from qy_finance.checks import CheckSet
from qy_finance.display import Html, words
from qy_finance.language import CHINESE, speaking
from qy_finance.publish import run
from qy_finance.text import budget, operating, procurement, spending

ROOT = Path(__file__).parents[1]
REPORTS = (
    next((ROOT / "data" / "raw" / "2022").glob("*.txt")),
    *(
        ROOT / "tests" / "reconciliation" / f"{name}.txt"
        for name in ("sichuan_police", "hubei_college")
    ),
)
NOTEBOOKS = (
    "01_spending_structure", "02_operating_expenses", "03_sme_procurement", "07_budget_execution",
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def on_operating(checks: CheckSet) -> list[str]:
    topic = Operating(checks)
    functions = (
        operating.headline, operating.growth, operating.consistency, operating.ranked,
        operating.explained, operating.by_item, operating.spent, operating.within_running,
        operating.each,
    )  # fmt: skip
    said = [told(topic) for told in functions] + operating.contradicted(topic)
    said += [] if topic.accounts.empty else [operating.ranked_title(topic, 2022)]
    return said + ([operating.bridge_title(topic.bridge)] if topic.bridge else [])


def on_procurement(checks: CheckSet) -> list[str]:
    found = Procurement(checks)
    return [
        procurement.bottom_line(found, []), procurement.on_kinds(found),
        *map(procurement.on_share, found.awards), procurement.on_rule(found),
        procurement.on_law(found.rule), procurement.on_reserved(found), *procurement.further(found),
    ]  # fmt: skip


def on_spending(checks: CheckSet) -> list[str]:
    found = Spending(checks)
    functions = (
        spending.headline, spending.on_unnamed, spending.on_projects, spending.on_own_staff,
        spending.kinds_of_spending, spending.concentrated, spending.funds_of_functions,
        spending.people_and_running,
    )  # fmt: skip
    said = [told(found) for told in functions] + spending.on_flows(found)
    return [*said, spending.against_last_year(found.compared)]


def on_budget(checks: CheckSet) -> list[str]:
    found = Budget(checks)
    functions = (budget.headline, budget.by_fund, budget.deviating, budget.without_budget)
    return [*(told(found) for told in functions), budget.agreement(found)]


def unmarked(text: str) -> str:
    """What is said, without what is marked as Chinese."""
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(lang="zh"):
        tag.decompose()
    return soup.get_text()


@pytest.mark.parametrize("topic", [on_operating, on_procurement, on_spending, on_budget])
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_sentences_have_the_same_numbers_in_both_languages(
    path: Path, topic: Callable[[CheckSet], list[str]]
) -> None:
    checks = read_report(path).checks

    def numbers(said: list[str]) -> list[list[str]]:
        return [sorted(re.findall(r"\d[\d,.]*\d|\d", words(Html(one)))) for one in said]

    chinese = topic(checks)
    with speaking("en", strict=True):
        english = topic(checks)
    assert numbers(english) == numbers(chinese)
    assert [one for one in english if CHINESE.search(unmarked(one))] == []
    for one in filter(None, english):
        assert not re.match("[a-z]", words(Html(one)).lstrip("*")), one


def test_statements_of_law_are_said_in_english() -> None:
    for topic in ("reservation", "works", "hours", "hotline", "operating"):
        for year in (2015, 2022, 2024, 2027):
            for one in stated(topic, year):
                chinese = one.text, one.source, one.sure
                with speaking("en", strict=True):
                    english = one.text, one.source, one.sure, one.period
                assert CHINESE.search("".join(chinese))
                assert not CHINESE.search("".join(english))
                assert all(english)


def test_charts_are_in_english() -> None:
    from matplotlib.text import Text

    checks = read_report(REPORTS[0]).checks
    with speaking("en", strict=True):
        found, bought = Spending(checks), Procurement(checks)
        title = spending.flow_title(found, 2022)
        figures = [
            spending_charts.flow(found.flows, "万元", title, "source"),
            spending_charts.economic(found.economic, "万元", title, "source"),
            spending_charts.concentration(found.concentration, "万元", title, "source"),
            procurement_charts.kinds_chart(bought),
            procurement_charts.reservation_chart(bought),
        ]
        left = {
            text.get_text()
            for figure in figures
            for text in figure.findobj(Text)
            if CHINESE.search(text.get_text())
        }
    assert left == set()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are, in both languages."""
    output = tmp_path_factory.mktemp("outputs")
    folders = (ROOT / "data", ROOT / "notebooks", output)
    assert run([2022], [], list(NOTEBOOKS), {}, *folders, languages=["zh", "en"]).ok
    (page,) = output.glob(f"2022/*/{NOTEBOOKS[0]}.en.html")
    return page.parent


def page(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / name).read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_chinese_stands_unmarked(folder: Path, name: str) -> None:
    soup = page(folder, f"{name}.en.html")
    for tag in soup.find_all(["script", "style"]):
        tag.decompose()
    for text in soup.find_all(string=CHINESE):
        assert text.find_parent(lang="zh"), text
    assert soup.select("main .untranslated") == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_both_pages_cite_the_same_figures(folder: Path, name: str) -> None:
    pages = [page(folder, file) for file in (f"{name}.html", f"{name}.en.html")]
    chinese, english = ({str(link["href"]) for link in one.select("svg a.src")} for one in pages)
    assert chinese == english  # a label in more lines is more links
    for one in pages:
        for svg in one.find_all("svg"):
            svg.decompose()
    chinese_links, english_links = (
        sorted(str(link["href"]) for link in one.select("main a.src")) for one in pages
    )
    assert chinese_links == english_links
    assert len(chinese_links) > 10
