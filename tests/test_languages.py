"""English pages say the same as the Chinese ones: from the same facts, in the same digits, with no Chinese left."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from bs4 import BeautifulSoup

import qy_finance
from qy_finance import display, read_report
from qy_finance.analysis.hotline import Hotline
from qy_finance.analysis.indicators import Performance
from qy_finance.analysis.keyfigures import key_figures
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.analysis.years import Years
from qy_finance.charts import panel as panel_charts
from qy_finance.checks.headings import OF_SUMS
from qy_finance.checks.knowledge import identities
from qy_finance.checks.results import broken
from qy_finance.display import Html, cite, entity, escape, quoted, strong, words
from qy_finance.errors import ParameterError
from qy_finance.form import final_accounts
from qy_finance.language import (
    CHINESE,
    MissingEnglishError,
    capital,
    heading,
    join,
    measured,
    pinyin,
    plain,
    speak,
    speaking,
    spoken,
    t,
    unit_name,
)
from qy_finance.language.catalogue import catalogue
from qy_finance.language.templates import FIELD
from qy_finance.numbers import Number
from qy_finance.publish import run
from qy_finance.publish.translated import english_file, in_english
from qy_finance.text import hotline, opening, overview, reconciliation, yardsticks, years

PACKAGE = Path(qy_finance.__file__).parent
ROOT = PACKAGE.parent
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
QINGYUAN = next((ROOT / "data" / "raw" / "2022").glob("*.txt"))

#: Modules whose sentences are all templates.
CONVERTED = [
    "text/overview.py",
    "text/opening.py",
    "text/reconciliation.py",
    "text/disclosures.py",
    "text/functions.py",
    "text/fairness.py",
    "charts/reconciliation.py",
    "text/hotline.py",
    "text/yardsticks.py",
    "charts/hotline.py",
    "text/panel.py",
    "text/ranges.py",
    "text/services.py",
    "charts/panel.py",
    "text/years.py",
    "charts/years.py",
    "text/operating.py",
    "text/procurement.py",
    "text/spending.py",
    "text/budget.py",
    "text/doubts.py",
    "charts/waterfall.py",
    "charts/procurement.py",
    "charts/budget.py",
]
#: Pages that are made in English alone to be looked at.
PAGES = ["04_hotline_kpis", "05_reconciliation", "06_panel", "08_years"]


def cells(path: Path, kind: str) -> list[str]:
    notebook = json.loads(path.read_text("utf-8"))
    return ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == kind]


def sources() -> Iterator[tuple[str, str]]:
    """The code of the package and of the notebooks, each with its name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), path.read_text("utf-8")
    for path in NOTEBOOKS:
        code = "\n".join(cells(path, "code"))
        yield path.name, re.sub(r"^[%!].*$", "", code, flags=re.M)


def said() -> dict[str, str]:
    """Each key of the catalogue that the code asks for, and where: sentences, and what contradictions are called."""
    wordings = (one for rule in identities(final_accounts()).values() for one in rule.broken)
    found = dict.fromkeys((*wordings, *OF_SUMS), "checks/*.toml")
    for name, code in sources():
        for node in ast.walk(ast.parse(code)):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("t", "said"):
                continue
            if ast.unparse(node) == "said(wording, **answers)":  # one of those
                continue
            values = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            assert all(isinstance(one, str) for one in values), f"{name}: {ast.unparse(node)}"
            found[" | ".join(map(str, values))] = name
    return found


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_sentence_has_its_english() -> None:
    lacking = said().keys() - catalogue().templates.keys()
    assert not lacking, sorted(lacking)


def test_no_english_is_left_over() -> None:
    left = catalogue().templates.keys() - said().keys()
    assert not left, sorted(left)


@pytest.mark.parametrize("chinese", sorted(catalogue().templates))
def test_both_say_the_same_values(chinese: str) -> None:
    english = catalogue().templates[chinese]
    used = {field[1] for field in FIELD.finditer(english)}
    assert used == names(chinese), english
    assert "{" not in FIELD.sub("", english)
    assert not CHINESE.search(english)
    assert not re.search("[，。；：（）、]", english)


@pytest.mark.parametrize("module", CONVERTED)
def test_no_sentence_is_composed_of_chinese_in_the_code(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    composed = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and CHINESE.search(str(part.value))
    ]
    assert not composed


def test_a_template_is_filled_in_in_the_language_that_is_spoken() -> None:
    assert t("单位：{unit}", unit="万元") == "单位：万元"
    with speaking("en"):
        assert spoken() == "en"
        assert t("单位：{unit}", unit="万元") == "Unit: CNY 10,000"
        assert t("没有一项增加。") + t("没有一项减少。") == "None increased. None decreased. "
    assert spoken() == "zh"


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(1, "1 item"), (2, "2 items"), (Html("<b>1</b>"), "<b>1</b> item"), ("**3**", "**3** items")],
)
def test_one_and_many(number: object, wanted: str) -> None:
    with speaking("en", strict=True):
        assert wanted in t("报告既写明本年数、又与上年比较的有 {n} 项；只看这些：", n=number)


def test_what_has_no_english_is_said_in_chinese_and_strictly_is_an_error() -> None:
    with speaking("en"):
        assert t("没有人译过{what}。", what="这一句") == "没有人译过这一句。"  # noqa: RUF100
    with speaking("en", strict=True), pytest.raises(MissingEnglishError, match="没有人译过"):
        t("没有人译过{what}。", what="这一句")


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"zh \| en expected, found 'fr'"):
        speak("fr")
    assert spoken() == "zh"


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (Number("7212.52"), "万元", "7,212.52 万元", "CNY 7,212.52 ten thousand"),
        (Number("-39.86"), "万元", "-39.86 万元", "CNY -39.86 ten thousand"),
        (Number("43.41"), "%", "43.41%", "43.41%"),
        (Number(1), "个百分点", "1.00 个百分点", "1.00 percentage point"),
        (Number(2), "个百分点", "2.00 个百分点", "2.00 percentage points"),
        (Number(3), "个", "3.00 个", "3.00"),
        (Number(3), "头", "3.00 头", "3.00 头"),
        (None, "万元", "—", "—"),
    ],
)
def test_a_number_keeps_its_digits(value: object, unit: str, chinese: str, english: str) -> None:
    assert words(cite(value, unit)) == chinese
    with speaking("en"):
        assert words(cite(value, unit)) == english
        assert ('lang="zh"' in cite(value, unit)) == bool(CHINESE.search(english))
        if value is not None:
            assert measured(f"{value:,.2f}", unit, one=value == 1) == english


def test_names_are_said_in_english_or_marked() -> None:
    with speaking("en"):
        assert escape("本年收入合计") == "Total revenue of the year"
        assert escape("收入决算表 · 某款 · 合计") == 'Revenue · <span lang="zh">某款</span> · Total'
        assert strong("某局") == '<b><span lang="zh">某局</span></b>'
        assert quoted("本年收入合计") == '<span lang="zh">本年收入合计</span>'
        assert escape("第702行") == "line 702"
        assert plain("合计；总计") == "Total; Grand total"
        assert plain("某款/合计") == "某款/Total"
        assert unit_name("万元") == "CNY 10,000"
        assert join(["a", "b"]) == "a, b"
    assert escape("收入决算表 · 合计") == "收入决算表 · 合计"
    assert (quoted("合计"), unit_name("万元"), join("甲乙")) == ("合计", "万元", "甲、乙")


@pytest.mark.parametrize(
    "hostile", ["<b onclick=x>某", "某</span><script>", "某·<i>", '某" title="']
)
def test_hostile_names_stay_text(hostile: str) -> None:
    with speaking("en"):
        for markup in (escape(hostile), quoted(hostile), strong(hostile), cite(Number(1), hostile)):
            soup = BeautifulSoup(markup, "html.parser")
            assert {tag.name for tag in soup.find_all(True)} <= {"span", "b"}
            assert hostile in soup.get_text()
            assert all(set(tag.attrs) <= {"lang"} for tag in soup.find_all(True))


def test_overview_says_the_same_in_both_languages() -> None:
    checks = read_report(QINGYUAN).checks
    found, figures = Overview(checks), key_figures(checks)

    def numbers() -> list[list[str]]:
        texts = (
            overview.changes(found.compared), overview.funds(found), *overview.balance(found),
            overview.headline(found), opening.findings(found, figures)[1],
        )  # fmt: skip
        return [re.findall(r"\d[\d,.]*\d|\d", words(Html(text))) for text in texts]

    chinese = numbers()
    with speaking("en", strict=True):
        assert numbers() == chinese
        assert opening.not_stated(figures) == ""
        assert not CHINESE.search(words(Html(overview.changes(found.compared))))


def digits(texts: Iterable[str]) -> list[list[str]]:
    """The numbers of texts, in the order of their size: in English one may stand before another."""
    shown = (re.sub(r"\]\([^)]*\)", "", words(Html(text))) for text in texts)
    return [sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in shown]


def said_of_checks() -> list[str]:
    found = Reconciliation(read_report(QINGYUAN).checks)
    return [
        reconciliation.headline(found), reconciliation.on_extent(found.extent),
        reconciliation.on_groups(found), reconciliation.on_figures(found),
        reconciliation.on_words(found), reconciliation.on_years(found),
        reconciliation.on_cells(found), reconciliation.on_tails(found),
        reconciliation.on_missing(found), reconciliation.none_broken(found.extent),
    ]  # fmt: skip


def said_of_hotline() -> list[str]:
    checks = read_report(QINGYUAN).checks
    found = Performance(checks)
    line = Hotline(checks, found.indicators)
    return [
        hotline.bottom_line(found, line, ["one"]), hotline.table(found.indicators),
        hotline.on_indicators(found), hotline.evaluated(found.evaluation),
        hotline.on_evaluation(found.evaluation), hotline.load_table(line.capacity),
        hotline.on_capacity(line.capacity), hotline.channel_table(line.channels),
        hotline.on_channels(line.channels), hotline.on_shares(line.shares),
        *map(hotline.on_breakdown, (*line.topics, *line.training)),
        hotline.on_growth(line.growth), hotline.satisfaction_table(line.satisfaction),
        hotline.on_satisfaction(line.satisfaction), yardsticks.on_yardsticks(line.yardsticks),
        *hotline.method(found, line), hotline.limits(found, line), hotline.elsewhere(),
    ]  # fmt: skip


def said_of_years() -> list[str]:
    found = Years([read_report(QINGYUAN).checks])
    return [
        years.bottom_line(found), years.agreed(found), *years.breaks(found),
        years.title(found), years.on_accounts(found.functional),
    ]  # fmt: skip


@pytest.mark.parametrize("said", [said_of_checks, said_of_hotline, said_of_years])
def test_topics_say_the_same_numbers_in_both_languages(said: Callable[[], list[str]]) -> None:
    chinese = digits(said())
    with speaking("en", strict=True):
        english = said()
    assert digits(english) == chinese
    for text in english:
        soup = BeautifulSoup(text, "html.parser")
        for tag in soup.find_all(lang="zh"):
            tag.decompose()
        assert not CHINESE.search(soup.get_text()), text


@pytest.mark.parametrize(("number", "name"), [(5, "May"), (13, "month 13")])
def test_months_have_names(number: int, name: str) -> None:
    checks = read_report(QINGYUAN).checks
    (row,) = Hotline(checks, Performance(checks).indicators).months
    with speaking("en", strict=True):
        said = hotline.on_months([replace(row, months=(number, 9))])
    assert f"in {name} to" in words(Html(said))


@pytest.mark.parametrize(
    ("power", "chinese", "english"),
    [(0, "1万", "10 thousand"), (3, "1,000万", "10 million"), (4, "1亿", "100 million"),
     (5, "10亿", "1 billion"), (-1, "0.1万", "1 thousand"), (-2, "0.01万", "100")],
)  # fmt: skip
def test_steps_of_ten_of_an_axis(power: int, chinese: str, english: str) -> None:
    assert panel_charts.steps_of_ten(power) == chinese
    with speaking("en", strict=True):
        assert panel_charts.steps_of_ten(power) == english


def test_headings_and_clauses() -> None:
    assert heading("一", "One") == "## 一\n*One*"
    assert capital("各自") == "各自"
    with speaking("en"):
        assert heading("一", "One") == "## One"
        assert capital("each seat") == "Each seat"


def test_text_cells_have_their_english() -> None:
    import nbformat

    for path in NOTEBOOKS:
        if 'lang = "zh"' not in "\n".join(cells(path, "code")):
            continue
        made = in_english(nbformat.read(path, as_version=4), path)
        left = [
            c.source for c in made.cells if c.cell_type == "markdown" and CHINESE.search(c.source)
        ]
        assert not left, f"{path.name}: {left}"


def test_no_english_of_a_cell_is_left_over() -> None:
    import tomllib

    for path in NOTEBOOKS:
        if (file := english_file(path)).is_file():
            there = {one.strip() for one in cells(path, "markdown")}
            told = {one["zh"].strip() for one in tomllib.loads(file.read_text("utf-8"))["cell"]}
            assert told <= there, path.name


def test_a_damaged_file_of_cells_is_told(tmp_path: Path) -> None:
    from nbformat.v4 import new_notebook

    file = english_file(tmp_path / "a.ipynb")
    file.parent.mkdir()
    file.write_text('cell = "x"')
    with pytest.raises(ParameterError, match=r"a\.toml"):
        in_english(new_notebook(), tmp_path / "a.ipynb")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages of notebook 00 are, in both languages."""
    output = tmp_path_factory.mktemp("outputs")
    folders = (ROOT / "data", ROOT / "notebooks", output)
    result = run([2022], [], ["00_overview"], {}, *folders, languages=["zh", "en"])
    assert result.ok
    (page,) = output.glob("2022/*/00_overview.en.html")
    return page.parent


def page(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / name).read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def english_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the English pages of :data:`PAGES` are."""
    output = tmp_path_factory.mktemp("english")
    folders = (ROOT / "data", ROOT / "notebooks", output)
    assert run([2022], [], PAGES, {}, *folders, languages=["en"]).ok
    return {path.name.partition(".")[0]: path.parent for path in output.rglob("*.en.html")}


def test_no_chinese_stands_unmarked_on_the_english_page(folder: Path) -> None:
    hold_english(page(folder, "00_overview.en.html"))


@pytest.mark.parametrize("name", PAGES)
def test_no_chinese_stands_unmarked_on_other_pages(
    english_pages: dict[str, Path], name: str
) -> None:
    hold_english(page(english_pages[name], f"{name}.en.html"))


def hold_english(soup: BeautifulSoup) -> None:
    """Fail where Chinese stands that is not marked as such, or that nobody has put into English yet."""
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    for tag in soup.find_all(["script", "style"]):
        tag.decompose()
    for text in soup.find_all(string=CHINESE):
        assert text.find_parent(lang="zh"), text
    assert not soup.select("main .untranslated")


def test_the_pages_lead_to_each_other(folder: Path) -> None:
    for name, other, hreflang in (
        ("00_overview.html", "00_overview.en.html", "en"),
        ("00_overview.en.html", "00_overview.html", "zh"),
    ):
        (link,) = page(folder, name).select("p.language a")
        assert (link["href"], link["hreflang"]) == (other, hreflang)
        assert (folder / other).is_file()


def test_both_pages_cite_the_same_figures(folder: Path) -> None:
    chinese, english = (
        [link["href"] for link in page(folder, name).select("main a.src")]
        for name in ("00_overview.html", "00_overview.en.html")
    )
    assert sorted(map(str, chinese)) == sorted(map(str, english))
    assert len(chinese) > 50


def test_findings_say_the_same_in_both_languages() -> None:
    def found() -> list[tuple[object, ...]]:
        checks = read_report(QINGYUAN).checks
        return [(one.check.id, one.check.status, one.rows) for one in checks.findings]

    chinese = found()
    with speaking("en", strict=True):
        assert found() == chinese
        for one in read_report(QINGYUAN).checks.findings:
            told = BeautifulSoup(display.spoken(broken(one)), "html.parser")
            for tag in told.find_all(lang="zh"):
                tag.decompose()
            assert not CHINESE.search(told.get_text())
            assert re.match("[A-Z“]", told.get_text())


def test_a_finding_has_the_numbers_of_its_chinese_self() -> None:
    def numbers() -> list[list[str]]:
        texts = (str(broken(one)) for one in read_report(QINGYUAN).checks.findings)
        return [sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in texts]

    chinese = numbers()
    with speaking("en", strict=True):
        assert numbers() == chinese


def test_the_index_is_there_in_both_languages(folder: Path) -> None:
    output = folder.parent.parent
    for name, other, language in (
        ("index.html", "index.en.html", "zh-CN"),
        ("index.en.html", "index.html", "en"),
    ):
        soup = page(output, name)
        assert soup.html is not None
        assert soup.html["lang"] == language
        assert soup.select("p.language a")[0]["href"] == other
        ending = ".en.html" if language == "en" else "w.html"
        pages = [str(link["href"]) for link in soup.select("ul.pages a")]
        assert pages
        assert all(address.endswith(ending) for address in pages)
    for tag in soup.find_all(["script", "style"]):
        tag.decompose()
    for text in soup.find_all(string=CHINESE):
        assert text.find_parent(lang="zh"), text


def test_both_indexes_show_the_same_findings(folder: Path) -> None:
    chinese, english = (
        [link["href"] for link in page(folder.parent.parent, name).select("p.finding a.there")]
        for name in ("index.html", "index.en.html")
    )
    assert chinese == english


def test_the_source_page_names_each_page_once(folder: Path) -> None:
    pages = [str(link["href"]) for link in page(folder, "source.html").select("p.beside a")]
    assert pages == ["00_overview.html"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("清远市政务服务数据管理局本级", "Qingyuan Shi Zhengwu Fuwu Shuju Guanliju Benji"),
        ("重庆市长寿区生态环境局", "Chongqing Shi Changshou Qu Shengtai Huanjing Ju"),
        ("六安市应急管理局", "Lu'an Shi Yingji Guanliju"),
        ("西南大学", "Xinan Daxue"),
        ("QY 2022", ""),
    ],
)
def test_names_of_units_have_pinyin(name: str, said: str) -> None:
    assert pinyin(name) == said


def test_pinyin_stands_beside_the_chinese_name() -> None:
    assert entity("清远市") == "**清远市**"
    with speaking("en"):
        assert words(entity("清远市")) == "清远市 (Qingyuan Shi)"
        soup = BeautifulSoup(entity("某<b>局"), "html.parser")
        assert soup.get_text() == "某<b>局 (Mou<b> Ju)"


def test_accounts_have_english_names() -> None:
    with speaking("en"):
        assert plain("2010601 行政运行") == "2010601 Administrative operations"
        assert plain("一般公共服务支出（类）财政事务（款）行政运行（项）") == (
            "General public services – Public finance administration – Administrative operations"
        )
    assert catalogue().accounts["一般公共服务支出"] == "settled"
    assert catalogue().accounts["行政运行"] == "ours"


def test_every_printed_account_of_the_report_has_its_english() -> None:
    printed = read_report(QINGYUAN).observations
    items = printed.loc[printed["code"].notna(), "item"].unique()
    assert len(items) > 50
    with speaking("en"):
        assert [item for item in items if CHINESE.search(plain(item))] == []


def test_english_names_of_accounts_are_in_the_data(tmp_path: Path) -> None:
    import duckdb

    from qy_finance.tidy.accounts import query

    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE amounts AS FROM (VALUES"
            " ('2010601', NULL, '行政运行', '项', 'expenditure', 'a'),"
            " (NULL, '30201', '办公''费', '款', 'basic_expenditure', 'a'))"
            ' AS t(function_code, economic_code, item, level, "table", report_id)'
        )
        connection.execute(
            "CREATE TABLE reports AS FROM (VALUES ('a', 2022)) AS t(report_id, year)"
        )
        rows = connection.sql(query("amounts", "reports")).fetchall()
    assert [row[2:3] + row[-2:] for row in rows] == [
        ("行政运行", "Administrative operations", "ours"),
        ("办公'费", None, None),
    ]


def test_every_identity_says_in_english_what_it_means() -> None:
    with speaking("en"):
        lacking = [
            told
            for one in identities(final_accounts()).values()
            for told in (one.purpose, one.group)
            if CHINESE.search(plain(told))
        ]
    assert lacking == []


def small(folder: Path, name: str, lang: str) -> None:
    """A notebook about the whole catalogue, with or without the parameter."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    parameters = new_code_cell(f'data_dir = ""\n{lang}', metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# 标题\n*Title*"), parameters]
    notebook = new_notebook(cells=cells)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")


def test_a_notebook_without_the_parameter_has_no_english_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small(tmp_path, "plain", "")
    result = run(None, [], [], {}, ROOT / "data", tmp_path, tmp_path / "out", languages=["en"])
    assert result.results == []
    assert "no parameter lang, no English page  plain" in capsys.readouterr().out


def test_a_notebook_may_not_be_called_as_an_english_page(tmp_path: Path) -> None:
    small(tmp_path, "a", 'lang = "zh"')
    small(tmp_path, "a.en", "")
    folders = (ROOT / "data", tmp_path, tmp_path / "out")
    with pytest.raises(ParameterError, match=r"another name than the pages of a"):
        run(None, [], [], {}, *folders, languages=["zh", "en"])


def test_the_language_is_no_parameter_that_is_given_by_name(tmp_path: Path) -> None:
    small(tmp_path, "a", 'lang = "zh"')
    folders = (ROOT / "data", tmp_path, tmp_path / "out")
    with pytest.raises(ParameterError, match="lang"):
        run(None, [], [], {"lang": "en"}, *folders)
