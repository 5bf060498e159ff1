"""What Jupyter shows of reports, figures, contradictions and errors, and the notebook to start from."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import papermill
import pytest
from layout.canvas import Options
from layout.pdf_options import VARIANTS
from layout.pdf_writer import LaidPdf, lay_out_pdf
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image
from workbook import write_notebook, write_project

import qy_finance
from qy_finance import Report, catalogue, palette
from qy_finance.errors import UnknownObservationError
from qy_finance.figures import number
from qy_finance.publish import run
from qy_finance.publish.plan import find_notebooks

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DATA = ROOT / "data"
TEMPLATE = ROOT / "notebooks" / "templates" / "new_analysis.ipynb"
HOSTILE = "某<script>x</script>**重**$a$局"
ITEM = "<img/src=x>支出"
#: Elements of cards; nothing in them runs or fetches.
PLAIN = {"div", "span", "b", "p", "ul", "li", "mark", "details", "summary", "img"}


class Elements(HTMLParser):
    """The elements of a piece of HTML, its text and the addresses of its images."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.text = ""
        self.images: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        if tag == "img":
            self.images.append(str(dict(attrs)["src"]))
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def written(folder: Path, text: str) -> Path:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def report() -> Report:
    return catalogue.open_report(2022, data_dir=DATA)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LaidPdf]:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    return path, lay_out_pdf(SAMPLE, VARIANTS["Guangdong"], path)


# --- a report ----------------------------------------------------------------------------------


def test_a_report_shows_a_summary(report: Report) -> None:
    page = Elements(report._repr_html_())
    assert page.open == []
    assert page.found <= PLAIN
    for said in (
        "清远市政务服务数据管理局本级 · 2022 年度 · 本级",
        "7,212.52 万元",
        "7,212.75 万元",
        "读到 9 张表。",
        "表里的数 648 个，文字里的数 203 个，绩效指标 9 个，没有认出的数字 0 个",
        "表内金额单位：万元",
        "清远市政务服务数据管理局本级_2022年度部门决算.txt",
        'report.tables["income_expenditure_summary"]',
        "three_public：财政拨款“三公”经费支出决算表，1 行",
    ):
        assert said in page.text, said
        assert said in str(report), said
    assert repr(report).count("\n") == 0
    assert "851 observations" in repr(report)


def test_what_the_summary_names_can_be_called(report: Report) -> None:
    calls = [line for line in str(report).split() if line.startswith("report.")]
    assert len(calls) == 15
    for call in calls:
        assert eval(call, {"report": report}) is not None, call


def test_a_summary_says_what_is_missing(tmp_path: Path) -> None:
    missing = ("income_expenditure_summary", "government_fund")
    made = qy_finance.read_report(written(tmp_path, lay_out(SAMPLE, Options(), missing).text))
    page = Elements(made._repr_html_())
    assert "读到 7 张表，缺收入支出决算总表、政府性基金预算财政拨款收入支出决算表。" in page.text
    assert 'report.tables["income"]' in page.text
    assert "本年收入" not in page.text


def test_names_of_a_report_are_text(tmp_path: Path) -> None:
    text = lay_out(SAMPLE, Options()).text.replace(SAMPLE.unit, HOSTILE)
    made = qy_finance.read_report(written(tmp_path, text.replace("一般公共服务支出", ITEM)))
    assert made.meta["unit"] == HOSTILE
    page = Elements(made._repr_html_())
    assert page.found <= PLAIN
    assert HOSTILE in page.text
    rows = made.observations
    row = int(str(rows.index[rows["item"] == ITEM][0]))
    page = Elements(made.observation(row)._repr_html_())
    assert page.found <= PLAIN
    assert page.images == []
    assert ITEM in page.text


def test_a_report_is_read_without_what_draws() -> None:
    code = """if True:
        import sys
        from qy_finance import Report
        print({"matplotlib", "IPython", "qy_finance.cards"} & set(sys.modules))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# --- a figure ----------------------------------------------------------------------------------


def follows(words: str, text: str) -> bool:
    """Whether the characters stand one behind the other in a text, whatever a page's head and foot put between."""
    rest = iter(text)
    return all(character in rest for character in words if not character.isspace())


def test_each_figure_stands_in_its_passage(report: Report) -> None:
    for row, (start, end) in report.observations[["start", "end"]].iterrows():
        before, figure, after = report.observation(int(str(row))).passage
        assert figure == report.text[start:end]
        assert follows(before.strip("…")[::-1], report.text[max(start - 600, 0) : start][::-1]), row
        assert follows(after.strip("…"), report.text[end : end + 600]), row


def test_a_cell_and_its_source(report: Report) -> None:
    rows = report.observations
    keep = (rows["table"] == "expenditure") & (rows["item"] == "合计")
    found = rows[(keep & (rows["column"] == "项目支出")).fillna(False)]
    one = report.observation(int(str(found.index[0])))
    assert one.name == "支出决算表 · 合计 · 项目支出"
    assert one.place == f"第{found['line'].iloc[0]}行"
    assert one.value == number(str(found["printed"].iloc[0]))
    assert one.picture is None
    page = Elements(one._repr_html_())
    assert f"金额 {one.value:,f} 万元" in page.text
    assert page.open == []


def test_a_figure_is_found_by_its_id(report: Report) -> None:
    for row in (0, 700, 850):
        assert report.observation(report.observations["figure"].iloc[row]).row == row


def test_the_sentence_of_a_figure_is_quoted_as_read(report: Report) -> None:
    rows = report.facts.merge(report.observations.reset_index(), on=["start", "end"])
    (row,) = rows.loc[rows["printed_x"] == "4.20", "index"]
    before, _, after = report.observation(int(row)).passage
    assert before.endswith("授予小微企业合同金额122.8万元，占授予中小企业合同金额的")
    assert after.startswith("%；")


@pytest.mark.parametrize("row", [-1, 851, True, 1.0, "1", [1], None])
def test_a_row_that_does_not_exist(report: Report, row: Any) -> None:
    with pytest.raises(UnknownObservationError, match="a row from 0 to 850"):
        report.observation(row)


def framed(png: bytes) -> tuple[np.ndarray[Any, Any], tuple[int, int, int, int]]:
    """The pixels of a picture, and the left, top, right and bottom of the box that is drawn in it."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    colour = [int(palette.ALERT[at : at + 2], 16) for at in (1, 3, 5)]
    down, across = np.nonzero((pixels == colour).all(axis=2))
    return pixels, (across.min(), down.min(), across.max(), down.max())


def test_the_picture_has_a_box_around_the_figure(laid: tuple[Path, LaidPdf]) -> None:
    path, written_ = laid
    made = qy_finance.read_report(path)
    rows = made.observations
    facts = rows[rows["table"].isna()]
    for fact, place in list(zip(written_.facts, written_.places, strict=True))[:60:12]:
        near = (facts["page"] == place.page) & ((facts["x0"] - place.x0).abs() < 3)
        (row,) = facts.index[near & ((facts["top"] - place.top).abs() < 6)]
        one = made.observation(int(row))
        assert str(fact.printed) == one.data["printed"]
        assert one.picture is not None
        pixels, (left, top, right, bottom) = framed(one.picture)
        assert abs((left + right) / 4 - (place.x0 + place.x1) / 2) < 2
        assert right - left < 2 * (place.x1 - place.x0) + 20
        inside = pixels[top + 4 : bottom - 3, left + 4 : right - 3]
        assert inside.min() < 100
        assert pixels.shape[1] > 1000
        page = Elements(one._repr_html_())
        assert page.images[0].startswith("data:image/png;base64,")
        assert f"第{place.page}页" in page.text


@pytest.mark.parametrize(
    "layout", ["pages rotated by 90", "pages rotated by 270", "portrait pages rotated by 90"]
)
def test_the_picture_stands_upright(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    lay_out_pdf(SAMPLE, VARIANTS[layout], path)
    made = qy_finance.read_report(path)
    rows = made.observations
    long = rows[rows["table"].eq("expenditure") & rows["printed"].str.len().ge(6)].index[:3]
    assert len(long) == 3
    for row in long:
        picture = made.observation(int(row)).picture
        assert picture is not None
        pixels, (left, top, right, bottom) = framed(picture)
        assert right - left > 1.5 * (bottom - top)
        inside = pixels[top + 4 : bottom - 3, left + 4 : right - 3].min(axis=2)
        assert inside.min() < 100
        # digits fill their box from left to right, and stand clear of it
        inked = np.nonzero((inside < 128).any(axis=0))[0]
        assert inked.max() - inked.min() > 0.6 * inside.shape[1]


def test_a_file_that_is_gone_or_changed_is_said(laid: tuple[Path, LaidPdf], tmp_path: Path) -> None:
    copy = tmp_path / "moved.pdf"
    copy.write_bytes(laid[0].read_bytes())
    made = qy_finance.read_report(copy)
    copy.write_bytes(laid[0].read_bytes() + b"\n")
    one = made.observation(3)
    assert one.picture is None
    assert "文件 moved.pdf 在读过以后改动了" in Elements(one._repr_html_()).text
    copy.unlink()
    one = made.observation(3)
    page = Elements(one._repr_html_())
    assert page.images == []
    assert "文件 moved.pdf 已经不在读它的地方" in page.text
    assert one.passage[1] in page.text


# --- contradictions ----------------------------------------------------------------------------


def test_findings_are_the_breaks_of_the_checks(report: Report) -> None:
    found = report.findings()
    checks = report.check()
    broken = checks.loc[checks["status"] == "break", "observations"]
    assert sorted(one.observations for one in found) == sorted(broken)
    assert found[0] in found[:2]
    assert len(found[1:3]) == 2
    page = Elements(found._repr_html_())
    assert page.open == []
    assert page.found <= PLAIN
    assert f"{len(found)}" in repr(found)
    alone = Elements(found[0]._repr_html_())
    assert alone.text in page.text
    assert str(found[0].formula) in alone.text
    assert found[0].identity.purpose in str(found)
    for row in found[0].observations:
        assert report.observation(row).data["printed"] in alone.text


def test_a_report_without_contradictions_says_so(tmp_path: Path) -> None:
    made = qy_finance.read_report(written(tmp_path, lay_out(SAMPLE, Options()).text))
    found = made.findings()
    assert len(found) == 0
    assert "没有一处不符" in found._repr_html_()
    assert "没有一处不符" in str(found)


# --- errors ------------------------------------------------------------------------------------

ERRORS = {
    "open_report(2030, '', DATA)": "UnknownReportError: reports.csv: year: expected 2022, found 2030",
    "open_report(2022, '别局', DATA)": (
        "UnknownReportError: reports.csv: unit, year 2022:"
        " expected 清远市政务服务数据管理局本级, found 别局"
    ),
    "open_report('2022', '', DATA)": (
        "ParameterError: parameters: year: expected a whole number without quotes,"
        " such as 2007, found '2022'"
    ),
    "open_report(2022, 5, DATA)": (
        'ParameterError: parameters: unit: expected the name of a unit in quotes, or "" for the'
        " only one of the year, found 5"
    ),
    "open_report(2022, '', None)": (
        'ParameterError: parameters: data_dir: expected the name of a folder in quotes, or "" for'
        " the nearest data, found None"
    ),
    "open_report(2022, '', 'nowhere')": (
        "CatalogueError: nowhere: expected a folder with reports.csv, found none"
    ),
    "open_report(2022, '', DATA).observation(9999)": (
        "UnknownObservationError: 清远市政务服务数据管理局本级_2022年度部门决算.txt: observations:"
        " expected a row from 0 to 850, found 9999"
    ),
    "1 / 0": "",
}


def test_errors_are_one_line_in_a_kernel() -> None:
    opening = f"from qy_finance.catalogue import open_report\nDATA = {str(DATA)!r}"
    notebook = new_notebook(cells=[new_code_cell(code) for code in (opening, *ERRORS)])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    for cell, line in zip(notebook.cells[1:], ERRORS.values(), strict=True):
        (error,) = [out for out in cell.outputs if out.output_type == "error"]
        if line:
            assert error.traceback == [line]
            assert f"{error.ename}: {error.evalue}" == line
        else:  # the way to another error is shown: it is not ours to hide
            assert len(error.traceback) > 1


def test_a_run_says_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page, manifest and outcome of a notebook that asks for a report that is not there."""
    monkeypatch.chdir(write_project(tmp_path))
    asked = "from qy_finance.catalogue import open_report\nopen_report(1999, unit, data_dir)"
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "甲", [asked])
    line = "UnknownReportError: reports.csv: year: expected 2021 | 2022, found 1999"
    (outcome,) = run([2022]).results
    assert outcome.error == line
    (page,) = (tmp_path / "outputs" / "2022").glob("*/a.html")
    main = Elements(page.read_text(encoding="utf-8").partition("<main")[2].partition("</main")[0])
    assert line in main.text
    assert "Traceback" not in main.text
    (manifest,) = (tmp_path / "outputs" / "2022").glob("*/manifest.json")
    assert line in manifest.read_text(encoding="utf-8")


# --- notebooks ---------------------------------------------------------------------------------


def parameters_of(path: Path) -> str:
    cells = nbformat.read(path, 4).cells
    (cell,) = [c for c in cells if "parameters" in c.metadata.get("tags", [])]
    return str(cell.source)


def test_parameters_cells_explain_themselves() -> None:
    notebooks = [TEMPLATE, *find_notebooks(ROOT / "notebooks")]
    assert len(notebooks) > 6
    text = parameters_of(TEMPLATE)
    defaults = {"year": "2022", "unit": '""', "data_dir": '""'}
    for path in notebooks:
        assert "Run All Cells" in parameters_of(path)
        known = papermill.inspect_notebook(str(path))
        about_one = "year" in known  # the others are about all reports of the catalogue
        assert not about_one or parameters_of(path).startswith(text), path
        wanted = defaults if about_one else {"data_dir": '""'}
        assert {name: known[name]["default"] for name in wanted} == wanted
        assert all(known[name]["help"] for name in known)
        assert all("空：" in known[name]["help"] for name in wanted if name != "year")


def test_the_template_is_no_notebook_of_a_run() -> None:
    assert TEMPLATE.stem not in {path.stem for path in find_notebooks(ROOT / "notebooks")}


@pytest.mark.parametrize("missing", [(), ("income_expenditure_summary", "expenditure")])
def test_the_template_works_for_any_report(missing: tuple[str, ...], tmp_path: Path) -> None:
    """As a copy beside other notebooks, with a catalogue of three reports of which one lacks tables."""
    data = tmp_path / "data"
    data.mkdir()
    head = (DATA / "reports.csv").read_text(encoding="utf-8").splitlines()[0]
    (data / "reports.csv").write_text(f"{head}\n", encoding="utf-8")
    own = written(tmp_path, lay_out(SAMPLE, Options(), missing).text)
    others = sorted((TESTS / "reconciliation").glob("*.txt"))[:2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entry, *_ = [catalogue.add(file, data) for file in (own, *others)]
    notebook = nbformat.read(TEMPLATE, 4)
    (at,) = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])]
    chosen = f"year = {entry.year}\nunit = {entry.unit!r}\ndata_dir = ''"
    notebook.cells.insert(at + 1, new_code_cell(chosen))
    folder = tmp_path / "notebooks"
    folder.mkdir()
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    shown = {
        cell.id: "".join(
            str(out.get("data", {}).get("text/markdown", out.get("data", {}).get("text/html", "")))
            for out in cell.get("outputs", [])
        )
        for cell in notebook.cells
    }
    assert SAMPLE.unit in Elements(shown["open"]).text
    assert ("这份报告没有支出决算表" in shown["table-shown"]) is bool(missing)
    assert ("本年收入" in shown["conclusion-said"]) is not bool(missing)
    panel = Elements(shown["panel-shown"]).text
    assert all(one.unit in panel for one in catalogue.load(data).entries)


def test_a_figure_has_a_citation(report: Report) -> None:
    row = next(
        iter(report.observations.query("printed == '7212.75' or printed == '7,212.75'").index)
    )
    figure = report.observations.loc[row]
    said = report.cite(int(row))
    assert said == report.cite(str(figure["figure"])) == report.observation(int(row)).citation
    for part in (
        "清远市政务服务数据管理局本级，2022年度决算（本级）",
        f"第{figure['line']}行",
        f"：{figure['printed']}万元（",
        "SHA-256 f065ed9d97c0dc0680f05665e2db9e3f498ecb9e18c59de4ccbc94363693f771",
        f"figure {figure['figure']}",
        f"qy_finance {version('qy_finance')}",
    ):
        assert part in said
    assert said in str(report.observation(int(row)))
    with pytest.raises(UnknownObservationError):
        report.cite(10**9)


def test_a_citation_of_a_hostile_name_is_text(tmp_path: Path) -> None:
    unit = "某<script>x</script>$a$市财政局"
    text = f"{unit}2022年度部门决算\n2022年度收入总计5.00万元，支出总计5.00万元。\n"
    report = qy_finance.read_report(written(tmp_path, text))
    shown = Elements(report.observation(0)._repr_html_())
    assert report.cite(0).startswith(str(report.meta["unit"]))
    assert shown.found <= PLAIN
