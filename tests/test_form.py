"""A form is a value, made of files: a further table is one entry, and a report lacks what its form has."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from layout.grid import Grid, Slot
from layout.pdf_options import GUANGDONG
from layout.pdf_writer import contents, lay_out_contents
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import Report, read_report
from qy_finance.errors import FormError, MissingTableWarning, UnreadableRowError
from qy_finance.form import Form, final_accounts

TABLE = "project_expenditure"
TITLE = "项目支出决算表"
ENTRY = f"""
[[table]]
id = "{TABLE}"
name = "{TITLE}"
short = "项目表"
title = '项目支出(?:决算|明细)*表'
layout = "codes"
optional = true
header = ["项目名称", "科目名称"]
texts = [{{ name = "项目名称", printed = ["项目名称"] }}]
columns = [
  {{ name = "合计", printed = ["合计", "小计"] }},
  {{ name = "本年拨款", printed = ["本年拨款"] }},
  {{ name = "上年结转", printed = ["上年结转"] }},
]
"""
AMOUNTS = ("合计", "本年拨款", "上年结转")
#: Code, account and project of each row, and its amounts.
ROWS = [
    ("", "合计", "", "660.00", "640.00", "20.00"),
    (
        "2010399",
        "其他政府办公厅（室）及相关机构事务支出",
        "热线平台运行维护",
        "350.00",
        "330.00",
        "20.00",
    ),
    (
        "2010399",
        "其他政府办公厅（室）及相关机构事务支出",
        "2022年度坐席服务外包",
        "300.00",
        "300.00",
        "0.00",
    ),
    ("2050803", "培训支出", "第14期业务培训", "10.00", "10.00", ""),
]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    path = tmp_path_factory.mktemp("form") / "projects.toml"
    path.write_text(ENTRY, encoding="utf-8")
    return final_accounts().extended(path)


def _text(row: tuple[str, ...], name: str) -> str:
    code, account, project, *amounts = row
    return " ".join(filter(None, (code, account + name, project, *amounts))) + "  " * (
        "" in amounts
    )


def _printed_as_text(folder: Path, *, split: bool = False) -> Path:
    """The sample report as text, with the projects behind its nine tables; where ``split``, names are wrapped."""
    lines = [
        TITLE,
        f" 单位 ：{SAMPLE.unit}  单位：{SAMPLE.money_unit} ",
        f"科目编码 科目名称 项目名称 {' '.join(AMOUNTS)}",
        "栏次 1 2 3",
        *(
            _text(row, "").replace("服务外包", "服务\n外包" if split else "服务外包")
            for row in ROWS
        ),
    ]
    text = lay_out(SAMPLE).text
    at = text.index("第三部分：")
    path = folder / "report.txt"
    path.write_text(text[:at] + "\n".join(lines) + "\n" + text[at:], encoding="utf-8")
    return path


def _printed_as_pdf(folder: Path) -> Path:
    header = [[Slot(name) for name in ("科目编码", "科目名称", "项目名称", *AMOUNTS)]]
    header += [[Slot("栏次", columns=3), *(Slot(str(number)) for number in (1, 2, 3))]]
    body = [
        [
            *([Slot("合计", columns=3)] if not row[0] else [Slot(row[0]), *map(_name, row[1:3])]),
            *(Slot(amount, "amount") for amount in row[3:]),
        ]
        for row in ROWS
    ]
    path = folder / "report.pdf"
    grid = Grid([5.5, 9.0, 6.0, 5.0, 5.0, 5.0], header, body)
    account = replace(contents(SAMPLE, GUANGDONG), further=[(TITLE, grid)])
    lay_out_contents(account, GUANGDONG, path)
    return path


def _name(text: str) -> Slot:
    return Slot(text, "name")


@pytest.fixture(scope="module", params=["text", "text with wrapped names", "PDF"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    if request.param == "PDF":
        return _printed_as_pdf(folder)
    return _printed_as_text(folder, split="wrapped" in request.param)


@pytest.fixture(scope="module")
def report(path: Path, form: Form) -> Report:
    with warnings.catch_warnings():
        warnings.simplefilter("error", MissingTableWarning)
        return read_report(path, form=form)


def test_a_further_table_is_one_entry(report: Report) -> None:
    frame = report.tables[TABLE]
    assert list(frame.columns) == ["code", "item", "项目名称", *AMOUNTS]
    assert frame["项目名称"].dtype == "string"
    rows = [
        tuple("" if pd.isna(value) else value for value in row)
        for row in frame.itertuples(index=False)
    ]
    assert rows == [
        (
            code,
            f"{account}/{project}" if project else account,
            project,
            *(float(amount) if amount else "" for amount in amounts),
        )
        for code, account, project, *amounts in ROWS
    ]
    assert tuple(report.tables) == (*final_accounts().ids, TABLE)


def test_its_figures_are_observations_and_the_rest_is_explained(report: Report) -> None:
    frame = report.observations
    own = frame[frame["table"].eq(TABLE).fillna(value=False)]
    assert list(own["printed"]) == [amount for row in ROWS for amount in row[3:] if amount]
    assert not own.duplicated(["code", "item", "column"]).any()
    unclaimed = report.unclaimed()
    assert not unclaimed["reason"].eq("unknown").any()
    assert {"2022", "14"} <= set(unclaimed.loc[unclaimed["reason"] == "in a name", "printed"])


def test_everything_else_is_what_it_is_without(report: Report, path: Path) -> None:
    without = read_report(path)
    assert TABLE not in without.tables
    assert without.meta["missing_tables"] == report.meta["missing_tables"] == ()
    for table in final_accounts().ids:
        pd.testing.assert_frame_equal(report.tables[table], without.tables[table])
    assert str(report).startswith("[部门决算]")


def test_a_report_does_not_lack_an_optional_table(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE).text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", MissingTableWarning)
        report = read_report(path, form=form)
    assert TABLE not in report.tables
    assert report.meta["missing_tables"] == ()


def test_a_name_that_cannot_be_told_from_its_project_is_refused(tmp_path: Path, form: Form) -> None:
    path = _printed_as_text(tmp_path)
    text = path.read_text(encoding="utf-8").replace("热线平台运行", "热线 平台 运行")
    path.write_text(text, encoding="utf-8")
    with pytest.warns(MissingTableWarning, match="项目名称"):
        report = read_report(path, form=form)
    assert isinstance(report.reading.unread[TABLE], UnreadableRowError)


@pytest.mark.parametrize(("year", "lacks"), [(2017, False), (2019, False), (2020, True)])
def test_a_report_lacks_what_the_form_of_its_year_has(
    tmp_path: Path, year: int, lacks: bool
) -> None:
    path = tmp_path / "report.txt"
    account = replace(SAMPLE, year=year)
    path.write_text(lay_out(account, skip=("state_capital",)).text, encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = read_report(path)
    assert report.meta["missing_tables"] == (("state_capital",) if lacks else ())
    assert any(issubclass(one.category, MissingTableWarning) for one in caught) == lacks
    assert "state_capital" not in report.tables


def test_a_table_of_a_region_is_lacking_there_alone(tmp_path: Path) -> None:
    path = tmp_path / "yunnan.toml"
    path.write_text(ENTRY.replace("optional = true", 'places = ["云南"]'), encoding="utf-8")
    form = final_accounts().extended(path)
    assert form.lacking(final_accounts().ids, 2022, "云南省财政厅") == [TABLE]
    assert form.lacking(final_accounts().ids, 2022) == []
    assert form.short(TABLE) == "项目表"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("layout =", "layuot =", r"unknown key layuot @ \$\.table\[0\]"),
        ("printed", "print", r"unknown key print @ \$\.table\[0\]\.columns\[0\]"),
        ('"codes"', '"rows"', r"\$\.table\[0\]\.layout"),
        ("'项目支出", "'(项目支出", r"\$\.table\[0\]\.title"),
        ("'项目支出", "'{yaer}项目支出", r"there is no \{yaer\} @ \$\.table\[0\]\.title"),
        ('["项目名称"]', '"项目名称"', r"\$\.table\[0\]\.texts\[0\]\.printed"),
        (TABLE, "income", "an id of its own"),
        ("[[table]]", "[[table", "TOML"),
        ("[[table]]", "order = []\n[[table]]", r"unknown key order @ \$"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(FormError, match=rf"^wrong\.toml: .*{place}") as caught:
        final_accounts().extended(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "merges"),
    [
        ("政府性基金预算财政拨款国有资本经营预算财政拨款", True),
        ("支出一般公共预算财政拨款", True),
        ("一般公共预算财政拨款", False),
        ("支出合计", False),
        ("政府性基金预算财政拨款结转", False),
    ],
)
def test_a_name_made_of_several_headers_is_none(header: str, merges: bool) -> None:
    form = final_accounts()
    summary = next(table for table in form.tables if table.id == "appropriation_summary")
    assert summary.merges(header) is merges
