"""Tables without ruling lines become grids of aligned words; prose does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qy_finance.readers.page import PageGrid, Word
from qy_finance.readers.unruled.aligned import aligned_grids

SIZE = 10.0
PITCH = 13.0  # from line to line within a cell
ROW = 18.0
PAD = 3.0

Align = Literal["left", "centre", "right"]
Texts = list[list[str]]


def width(text: str) -> float:
    return sum(SIZE / 2 if char.isascii() else SIZE for char in text)


def line(x: float, baseline: float, text: str) -> Iterator[Word]:
    """The words of a line; a space divides them by half a character."""
    for part in text.split(" "):
        if part:
            x1 = x + width(part)
            yield Word(part, x, baseline - 8.5, x1, baseline + 1.5, baseline, ())
        x += width(part) + SIZE / 2


def lines(*printed: tuple[float, float, str]) -> list[Word]:
    return [word for x, baseline, text in printed for word in line(x, baseline, text)]


def paragraph(top: float, *texts: str) -> list[Word]:
    return lines(*((60, top + ROW * at, text) for at, text in enumerate(texts)))


def wrapped(text: str, room: float) -> list[str]:
    if text.isascii() or width(text) <= room:
        return [text]
    each = int(room // SIZE)
    return [text[at : at + each] for at in range(0, len(text), each)]


class Sheet:
    """A table laid out in cells that are not drawn.

    ``headers`` has the headers of each column from the top; the same header above neighbours spans them.
    ``figures`` tells where figures stand beside a wrapped name; ``lower`` is by how much digits stand lower.
    """

    def __init__(
        self,
        headers: Sequence[tuple[str, ...]],
        rows: Texts,
        widths: Sequence[float],
        aligns: Sequence[Align],
        *,
        top: float = 100.0,
        left: float = 60.0,
        figures: Literal["first", "centre", "last"] = "centre",
        lower: float = 0.0,
    ) -> None:
        self.words: list[Word] = []
        self.figures = figures
        self.lower = lower
        self.edges = [left]
        for each in widths:
            self.edges.append(self.edges[-1] + each)
        self.y = top
        if headers:
            self._header(headers)
        for texts in rows:
            tallest = max(len(self._wrapped(n, n, text)) for n, text in enumerate(texts))
            height = ROW + (tallest - 1) * PITCH
            for n, text in enumerate(texts):
                self._cell(n, n, self.y, height, text, aligns[n])
            self.y += height

    def _header(self, headers: Sequence[tuple[str, ...]]) -> None:
        depth = max(map(len, headers))
        tallest = max(len(self._wrapped(n, n, h[-1])) for n, h in enumerate(headers))
        height = max(ROW, (tallest * PITCH + 5) / depth, tallest * PITCH + 5 if depth > 1 else 0)
        for level in range(depth):
            above = [
                headers[n][: level + 1] if len(headers[n]) > level else n
                for n in range(len(headers))
            ]
            for key, run in groupby(range(len(headers)), key=above.__getitem__):
                columns = list(run)
                if isinstance(key, int):
                    continue
                down = depth - level if len(headers[columns[0]]) == level + 1 else 1
                y = self.y + level * height
                self._cell(columns[0], columns[-1], y, down * height, key[-1], "centre")
        self.y += depth * height

    def _wrapped(self, first: int, last: int, text: str) -> list[str]:
        return wrapped(text, self.edges[last + 1] - self.edges[first] - 2 * PAD)

    def _cell(
        self, first: int, last: int, y: float, height: float, text: str, align: Align
    ) -> None:
        parts = self._wrapped(first, last, text)
        start = y + height / 2 + 4 - (len(parts) - 1) * PITCH / 2
        if text[:1].isdigit():
            level = {"first": y + ROW / 2 + 4, "centre": start, "last": y + height - ROW / 2 + 4}
            start = level[self.figures] + self.lower
        x0, x1 = self.edges[first] + PAD, self.edges[last + 1] - PAD
        for at, part in enumerate(parts):
            over = x1 - x0 - width(part)
            x = x0 + {"left": 0.0, "centre": over / 2, "right": over}[align]
            self.words += line(x, start + at * PITCH, part)


def read(grid: PageGrid, body: int) -> Texts:
    """What a grid says: the headers of each column joined, then the last ``body`` rows."""
    columns = len(grid.xs) - 1
    first = max(cell.row + cell.rows for cell in grid.cells) - body
    heads = [""] * columns
    texts = [[""] * columns for _ in range(body)]
    for cell in grid.cells:
        text = "".join(word.text for word in cell.words)
        if cell.row >= first:
            texts[cell.row - first][cell.column] = text
            continue
        for column in range(cell.column, cell.column + cell.columns):
            heads[column] += text
    return [heads, *texts]


def joined(headers: Sequence[tuple[str, ...]]) -> list[str]:
    return ["".join(header) for header in headers]


def only(words: list[Word]) -> PageGrid:
    (grid,) = aligned_grids(words)
    places = [
        (row, column)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert len(places) == len(set(places))
    assert list(grid.xs) == sorted(set(grid.xs))
    assert [(c.row, c.column) for c in grid.cells] == sorted((c.row, c.column) for c in grid.cells)
    return grid


INCOME = [
    ("项目", "科目编码"),
    ("项目", "科目名称"),
    ("本年收入合计",),
    ("财政拨款收入",),
    ("上级补助收入",),
    ("事业收入",),
    ("其他收入",),
]
INCOME_ROWS = [
    ["201", "一般公共服务支出", "1,234.56", "1,200.00", "", "", "34.56"],
    ["20106", "财政事务", "1,234.56", "1,200.00", "", "", "34.56"],
    ["2010601", "行政运行", "34.56", "", "", "", "34.56"],
    ["208", "社会保障和就业支出", "0.00", "0.00", "", "", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "326.72", "326.72", "", "", ""],
    ["221", "住房保障支出", "45.69", "45.69", "", "", ""],
]
TOTAL = ["", "合计", "1,606.97", "1,572.41", "", "", "34.56"]
INCOME_WIDTHS = [50, 120, 60, 60, 60, 60, 60]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
@pytest.mark.parametrize("figures", ["first", "centre", "last"])
@pytest.mark.parametrize("lower", [0.0, 2.0, -2.0])
@pytest.mark.parametrize("last", [False, True])
def test_a_coded_table_keeps_its_blank_columns(amounts, figures, lower, last) -> None:
    rows = [*INCOME_ROWS, TOTAL] if last else [TOTAL, *INCOME_ROWS]
    sheet = Sheet(
        INCOME, rows, INCOME_WIDTHS, ["left", "left", *[amounts] * 5], figures=figures, lower=lower
    )
    assert read(only(sheet.words), len(rows)) == [joined(INCOME), *rows]


FUND = [
    ("项目", "科目编码"),
    ("项目", "科目名称"),
    ("年初结转和结余",),
    ("本年收入",),
    ("本年支出", "小计"),
    ("本年支出", "基本支出"),
    ("本年支出", "项目支出"),
    ("年末结转和结余",),
]
THREE = [
    *[("合计",), ("因公出国（境）费",)],
    *[
        ("公务用车购置及运行维护费", leaf)
        for leaf in ("小计", "公务用车购置费", "公务用车运行维护费")
    ],
    ("公务接待费",),
]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
@pytest.mark.parametrize("widths", [[60, 60, 50, 50, 50, 60], [90, 60, 45, 60, 60, 90]])
def test_headers_of_several_levels_span_their_columns(amounts, widths) -> None:
    rows = [
        ["", "合计", "", "12.00", "12.00", "2.00", "10.00", ""],
        ["212", "城乡社区支出", "", "12.00", "12.00", "2.00", "10.00", ""],
        ["2120804", "农村基础设施建设支出", "", "12.00", "12.00", "2.00", "10.00", ""],
    ]
    sheet = Sheet(FUND, rows, [50, 110, *widths], ["left", "left", *[amounts] * 6])
    assert read(only(sheet.words), 3) == [joined(FUND), *rows]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
@pytest.mark.parametrize("numbered", [False, True])
def test_the_row_of_three_public_has_three_levels_of_headers(amounts, numbered) -> None:
    headers = [(year, *header) for year in ("预算数", "决算数") for header in THREE]
    rows = [["3.20", "", "2.00", "", "2.00", "1.20", "2.95", "", "2.00", "", "2.00", "0.95"]]
    if numbered:
        rows.insert(0, [str(number) for number in range(1, 13)])
    sheet = Sheet(headers, rows, [58.0] * 12, [amounts] * 12)
    assert read(only(sheet.words), len(rows)) == [joined(headers), *rows]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
def test_column_numbers_stand_in_their_columns(amounts) -> None:
    sheet = Sheet(INCOME, [], INCOME_WIDTHS, ["left"] * 7)
    middles = [60 + 50 + 120 + 60 * n + 27.5 for n in range(5)]
    numbers = lines(*((x, sheet.y + 13, str(n)) for n, x in enumerate(middles, start=1)))
    label = lines((135, sheet.y + 13, "栏次"))
    rows = [TOTAL, *INCOME_ROWS]
    body = Sheet([], rows, INCOME_WIDTHS, ["left", "left", *[amounts] * 5], top=sheet.y + ROW)
    got = read(only([*sheet.words, *numbers, *label, *body.words]), len(rows))
    assert got[1:] == rows
    assert got[0][2:] == [f"{name}{n}" for n, name in enumerate(joined(INCOME)[2:], start=1)]


SIDES = [("收入", "项目"), ("收入", "决算数"), ("支出", "项目"), ("支出", "决算数")]
SIDES_ROWS = [
    ["一、一般公共预算财政拨款收入", "1,200.00", "一、一般公共服务支出", "1,234.56"],
    ["二、政府性基金预算财政拨款收入", "", "二、外交支出", ""],
    ["三、上级补助收入", "", "三、国防支出", ""],
    ["", "", "四、文化旅游体育与传媒支出", ""],
    ["", "", "五、社会保障和就业支出", "326.72"],
    ["本年收入合计", "1,561.28", "本年支出合计", "1,561.28"],
    ["使用非财政拨款结余", "", "结余分配", ""],
    ["总计", "1,561.28", "总计", "1,561.28"],
]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
@pytest.mark.parametrize("names", [100, 160])
@pytest.mark.parametrize("lower", [0.0, 2.0, -2.0])
def test_both_sides_of_a_summary_keep_their_blank_rows(amounts, names, lower) -> None:
    sheet = Sheet(
        SIDES, SIDES_ROWS, [names, 70, names, 70], ["left", amounts] * 2, lower=lower
    )  # fmt: skip
    assert read(only(sheet.words), len(SIDES_ROWS)) == [joined(SIDES), *SIDES_ROWS]


@pytest.mark.parametrize("amounts", ["left", "centre", "right"])
@pytest.mark.parametrize("names", [100, 160])
def test_line_numbers_are_a_column(amounts, names) -> None:
    headers = [(side, leaf) for side in ("收入", "支出") for leaf in ("项目", "行次", "金额")]
    rows = [
        [left, str(n), amount, right, str(n + len(SIDES_ROWS)), other]
        for n, (left, amount, right, other) in enumerate(SIDES_ROWS, start=1)
    ]
    sheet = Sheet(headers, rows, [names, 30, 70] * 2, ["left", "centre", amounts] * 2)
    assert read(only(sheet.words), len(rows)) == [joined(headers), *rows]


def test_codes_are_split_over_three_columns() -> None:
    headers = [*[("项目", "科目编码", part) for part in "类款项"], ("项目", "科目名称"),
               ("合计",), ("基本支出",), ("项目支出",)]  # fmt: skip
    rows = [
        ["201", "", "", "一般公共服务支出", "12.00", "2.00", "10.00"],
        ["201", "06", "", "财政事务", "12.00", "2.00", "10.00"],
        ["201", "06", "01", "行政运行", "2.00", "2.00", ""],
        ["201", "06", "02", "一般行政管理事务", "10.00", "", "10.00"],
    ]
    sheet = Sheet(headers, rows, [40, 40, 40, 130, 70, 70, 70], [*["left"] * 4, *["right"] * 3])
    assert read(only(sheet.words), len(rows)) == [joined(headers), *rows]


def test_a_page_that_continues_a_table_has_no_header() -> None:
    rows = INCOME_ROWS
    sheet = Sheet([], rows, INCOME_WIDTHS, ["left", "left", *["right"] * 5])
    filled = [[*row[:4], row[6]] for row in rows]
    assert read(only(sheet.words), len(rows))[1:] == filled


def test_only_the_words_of_the_table_are_in_the_grid() -> None:
    above = [
        *lines((250, 60, "收入决算表"), (60, 82, "部门：某市财政局"), (420, 82, "单位：万元")),
    ]
    sheet = Sheet(INCOME, [TOTAL, *INCOME_ROWS], INCOME_WIDTHS, ["left", "left", *["right"] * 5])
    below = [
        *lines((60, sheet.y + 14, "注：本表反映部门本年度取得的各项收入情况。")),
        *lines((80, sheet.y + 40, "三、支出决算情况说明")),
        *lines((80, sheet.y + 60, "本年支出合计 1,606.97 万元，其中：基本支出 1,572.41 万元，")),
        *lines((300, sheet.y + 100, "- 12 -")),
    ]
    grid = only([*below, *sheet.words, *above])
    inside = [word for cell in grid.cells for word in cell.words]
    assert sorted(inside) == sorted(sheet.words)
    assert grid.box.top > 90
    assert grid.box.bottom < sheet.y


def test_two_tables_of_a_page_are_two_grids() -> None:
    first = Sheet(SIDES, SIDES_ROWS, [160, 70] * 2, ["left", "right"] * 2)
    title = lines((250, first.y + 30, "收入决算表"), (420, first.y + 50, "单位：万元"))
    second = Sheet(
        INCOME, INCOME_ROWS, INCOME_WIDTHS, ["left", "left", *["right"] * 5], top=first.y + 60
    )
    one, two = aligned_grids([*second.words, *title, *first.words])
    assert read(one, len(SIDES_ROWS)) == [joined(SIDES), *SIDES_ROWS]
    assert read(two, len(INCOME_ROWS)) == [joined(INCOME), *INCOME_ROWS]


PROSE = {
    "figures in sentences": [
        "一、收入支出决算总体情况说明",
        "2022年度总收入3,471.99万元，比上年增加 326.72 万元，增长 10.39%。其中：",
        "财政拨款收入 3,400.00 万元，占 97.93% ；其他收入 71.99 万元，占 2.07% 。",
        "其中：基本支出 1,234.56 万元， 项目支出 2,237.43 万元，完成预算的 99.86% 。",
        "公务接待 3 批次 21 人次 0.95 万元",
        "2022 年度 0.95 万元 2021 年度 1.20 万元",
    ],
    "contents": [
        "目 录",
        "第一部分 部门概况......................................1",
        "一、收入支出决算总表 .................................. 5",
        "二、收入决算表 …………………………………… 6",
        "三、支出决算表 ······································ 7",
    ],
    "contents without leaders": [
        "第一部分 部门概况          1",
        "一、主要职能              2",
        "二、机构设置              3",
        "第二部分 部门决算表        12",
        "一、收入支出决算总表      12",
    ],
    "a list": [
        "1. 办公费          23.50 万元",
        "2. 印刷费          1,003.20",
        "3. 差旅费          12.00",
        "（4）培训费        4.05",
    ],
    "contacts": ["联系人： 张三      联系电话： 0763-3385001", "地址： 清远市      邮编： 511500"],
    "figures of a chart": ["4,000.00", "3,000.00      3,471.99", "2,000.00      1,234.56", "0.00"],
    "nothing": [],
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_prose_makes_no_grid(text) -> None:
    assert aligned_grids(paragraph(100, *text)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("1,234,567.8912.00", "", id="run into each other"),
        pytest.param("1,234,567,890.12", "12.00", id="wider than its column"),
    ],
)
def test_figures_of_one_column_or_two_are_left_alone(first, second) -> None:
    words = lines(
        *[(60, 118, "项目"), (200, 118, "预算数"), (260, 118, "决算数")],
        *[(60, 136, "办公费"), (200, 136, "12.00"), (265, 136, "12.50")],
        *[(60, 154, "印刷费"), (205, 154, first), (295, 154, second)],
        *[(60, 172, "差旅费"), (200, 172, "1.00"), (265, 172, "1.50")],
    )
    assert aligned_grids(words) == []


MIXED = [
    *[("科目编码",), ("科目名称",), ("公务接待费",), ("公务用车购置费",)],
    *[("本年支出", leaf) for leaf in ("项目支出", "年初结转和结余", "基本支出")],
]
MIXED_ROWS = [["201", "一一", *[""] * 5], ["201", "一一", "0.00", "", "0.00", "", "0.00"]]


@pytest.mark.parametrize(
    ("widths", "aligns"),
    [
        ([56, 100, 82, 75, 74, 61, 106], "lcrlrll"),
        ([55, 143, 69, 77, 109, 105, 71], "lcrlllr"),
        ([45, 70, 70, 58, 106, 75, 72], "llrlllr"),
        ([64, 159, 87, 90, 105, 66, 71], "llllrll"),
        ([50, 108, 76, 76, 105, 78, 62], "llrrllr"),
    ],
)
def test_amounts_between_two_headers_are_of_the_one_that_borders_allow(widths, aligns) -> None:
    """Other amounts lean to the other side of their headers; a parent stays over all of its columns."""
    ways: dict[str, Align] = {"l": "left", "c": "centre", "r": "right"}
    sheet = Sheet(MIXED, MIXED_ROWS, widths, [ways[way] for way in aligns])
    grids = [read(grid, 2) for grid in aligned_grids(sheet.words)]
    assert grids == [[joined(MIXED), *MIXED_ROWS]]


@pytest.mark.parametrize("align", ["left", "right"])
def test_amounts_between_two_headers_are_not_where_others_lean(align) -> None:
    """All other amounts stand right of the middle of their headers, which tells nothing of these."""
    rows = [["201", "一一", *["1.00", "2.00"], *["", "", ""], "3.00"]] * 2
    rows = [[*row[:5], "0.00", *row[6:]] for row in rows]
    headers = [*MIXED, ("年末结转",)]
    aligns: list[Align] = ["left", "left", *["right"] * 6]
    aligns[5] = align
    sheet = Sheet(headers, rows, [45, 70, *[110] * 6], aligns)
    assert [read(grid, 2) for grid in aligned_grids(sheet.words)] in (
        [],
        [[joined(headers), *rows]],
    )


@pytest.mark.parametrize("off", [0.0, 10.0])
def test_a_parent_is_centred_over_its_columns_or_in_doubt(off) -> None:
    """One that stands off their middle may be half of the name below it, or of the columns beside too."""
    rows = [["201", "一一", "1.00", "2.00", "3.00", "4.00"]]
    leaves = ["科目编码", "科目名称", "合计", "小计", "基本支出", "项目支出"]
    sheet = Sheet([(leaf,) for leaf in leaves], rows, [60, 100, *[80] * 4], ["centre"] * 6)
    middle = sum(sheet.edges[3:7:3]) / 2
    words = [*sheet.words, *lines((middle - 20 + off, 96, "本年支出"))]
    expected = [*leaves[:3], *(f"本年支出{leaf}" for leaf in leaves[3:])]
    grids = [read(grid, 1) for grid in aligned_grids(words)]
    assert grids == ([] if off else [[expected, *rows]])


CHARACTERS = st.sampled_from("一般公共预算财政拨款收入支出合计基本项目事业经营教育卫生健康住房保障")
NUMBERS = st.one_of(
    st.integers(0, 999999).map(lambda hundredths: f"{hundredths / 100:,.2f}"),
    st.integers(0, 99999999).map(lambda hundredths: f"{hundredths / 100:,.2f}"),
    st.just("0.00"),
)


@st.composite
def tables(draw):
    """A coded table with some groups of columns, blank columns, wrapped names and any alignment."""
    count = draw(st.integers(1, 7))
    headers: list[tuple[str, ...]] = [("项目", "科目编码"), ("项目", "科目名称")]
    if not draw(st.booleans()):
        headers = [("科目编码",), ("科目名称",)]
    names = draw(st.permutations([
        "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "其他收入", "小计", "基本支出", "项目支出",
        "年初结转和结余", "公务用车购置费", "公务接待费",
    ]))  # fmt: skip
    groups = ["本年支出", "预算数", "公务用车购置及运行维护费"]
    while count > 0:
        size = draw(st.integers(1, 3))
        if size > 1 and groups:
            parent = groups.pop(draw(st.integers(0, len(groups) - 1)))
            headers += [(parent, names.pop()) for _ in range(size)]
            count -= size
        else:
            headers.append((names.pop(),))
            count -= 1
    amounts = len(headers) - 2
    widths = [draw(st.integers(45, 70)), draw(st.integers(70, 160))]
    widths += [draw(st.integers(58, 110)) for _ in range(amounts)]
    aligns: list[Align] = ["left", draw(st.sampled_from(["left", "centre"]))]
    ways: list[Align] = draw(st.sampled_from([["left"], ["centre"], ["right"], ["left", "right"]]))
    aligns += [draw(st.sampled_from(ways)) for _ in range(amounts)]
    blank = draw(st.lists(st.booleans(), min_size=amounts, max_size=amounts))
    rows = []
    for _ in range(draw(st.integers(2, 8))):
        code = draw(st.sampled_from(["201", "20106", "2010601", "2080505"]))
        name = "".join(draw(st.lists(CHARACTERS, min_size=2, max_size=24)))
        cells = ["" if empty or draw(st.integers(0, 3)) == 0 else draw(NUMBERS) for empty in blank]
        rows.append([code, name, *cells])
    return Sheet(
        headers, rows, widths, aligns,
        figures=draw(st.sampled_from(["first", "centre", "last"])),
        lower=draw(st.sampled_from([0.0, 2.0, -1.5])),
    ), headers, rows  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(tables())
def test_a_grid_is_right_or_there_is_none(table) -> None:
    sheet, headers, rows = table
    grids = aligned_grids(sheet.words)
    if grids:
        assert read(grids[0], len(rows)) == [joined(headers), *rows]
