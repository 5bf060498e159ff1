"""How a report is laid out as a PDF: the templates of two provinces and everything between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import strategies as st

from .canvas import Form, Options


@dataclass(frozen=True)
class PdfOptions(Form):
    """The layout of a PDF.

    Widths of text are counted in full-width characters, all other measures are points.
    """

    shuffled: bool = False
    # what stands around them
    label: str = "表{}"
    title: str = "{title}"
    unit_line: tuple[str, str] = ("单位：{unit}", "单位：{money}")
    # the grid
    ruled: Literal["cells", "lines", "rectangles", "filled", "open", "none"] = "lines"
    shaded: bool = False
    align: Literal["right", "center", "left"] = "right"
    valign: Literal["top", "middle", "bottom"] = "middle"
    rows_per_page: int = 40
    repeat: Literal["none", "header", "title"] = "none"
    repeat_total: bool = False
    empty_page: bool = False
    # pages and type
    wide: Literal["landscape", "portrait"] = "landscape"
    rotation: Literal[0, 90, 270] = 0
    flowing: bool = False  # tables and text follow each other on one page
    page_numbers: str = ""
    running_head: bool = False
    digits: Literal["", "Times-Roman", "Helvetica"] = "Times-Roman"
    drop: float = 0.0  # how much lower than Chinese text digits stand
    pieces: Literal["lines", "random", "characters"] = "lines"
    doubled: bool = False
    # prose
    contents: bool = False
    wrong_heading: bool = False
    indent: bool = True
    justified: bool = False
    line_width: int = 38
    prose_style: Literal["guangdong", "shanghai"] = "guangdong"
    prose_money: Literal["same", "万元"] = "same"
    number_spaces: Literal["some", "all", "none"] = "none"
    wide_percent: bool = False

    @property
    def text(self) -> Options:
        """What the sentences and amounts of a report in text are made by."""
        return Options(
            seed=self.seed,
            separators=self.separators,
            half_width=self.half_width,
            wide_percent=self.wide_percent,
            number_spaces=self.number_spaces,
            prose_style=self.prose_style,
            prose_money=self.prose_money,
        )


GUANGDONG = PdfOptions()
SHANGHAI = PdfOptions(
    split_codes=True,
    row_numbers=False,
    column_numbers=False,
    total="header",
    pairs=True,
    short_headers=True,
    sides_named=False,
    blanks=True,
    label="",
    unit_line=("", "单位：{money}"),
    notes=False,
    prose_style="shanghai",
    justified=True,
)

VARIANTS: dict[str, PdfOptions] = {
    "Guangdong": GUANGDONG,
    "Shanghai": SHANGHAI,
    **{
        name: replace(GUANGDONG, **changes)  # type: ignore[arg-type]
        for name, changes in {
            "split codes": {"split_codes": True},
            "split codes, total last": {"split_codes": True, "total": "last"},
            "split codes, total in the header": {"split_codes": True, "total": "header"},
            "no line numbers": {"row_numbers": False},
            "no column numbers": {"column_numbers": False},
            "neither line nor column numbers": {"row_numbers": False, "column_numbers": False},
            "total last": {"total": "last"},
            "total across code and name": {"total_spans": True},
            "budget and final figure in pairs": {"pairs": True},
            "short headers": {"short_headers": True},
            "economic codes in three blocks": {"economic_blocks": 3},
            "personnel and running costs not named": {"sides_named": False},
            "blanks": {"blanks": True},
            "no separators": {"separators": False},
            "tables in another order": {"shuffled": True},
            "公开01表": {"label": "公开0{}表", "unit_line": ("部门：{unit}", "金额单位：{money}")},
            "no labels": {"label": "", "unit_line": ("", "单位：{money}")},
            "numbered titles": {"title": "{ordinal}、{title}", "label": ""},
            "label in the title": {"title": "表{number} {title}", "label": ""},
            "no notes": {"notes": False},
            "lines of each cell": {"ruled": "cells"},
            "stroked rectangles": {"ruled": "rectangles"},
            "filled rectangles": {"ruled": "filled"},
            "shaded header": {"ruled": "filled", "shaded": True},
            "open sides": {"ruled": "open"},
            "no ruling lines": {"ruled": "none", "name_width": 24, "repeat": "header"},
            "amounts at the left": {"align": "left"},
            "amounts in the centre": {"align": "center"},
            "amounts at the top": {"valign": "top", "name_width": 5},
            "amounts at the bottom": {"valign": "bottom", "name_width": 5},
            "narrow names": {"name_width": 5},
            "eight rows a page": {"rows_per_page": 8},
            "header on every page": {"rows_per_page": 8, "repeat": "header"},
            "title on every page": {"rows_per_page": 8, "repeat": "title", "repeat_total": True},
            "an empty page of a grid": {"empty_page": True, "rows_per_page": 20},
            "portrait pages": {"wide": "portrait"},
            "pages rotated by 90": {"rotation": 90},
            "pages rotated by 270": {"rotation": 270},
            "portrait pages rotated by 90": {"wide": "portrait", "rotation": 90},
            "rotated pages, each character by itself": {
                "rotation": 270,
                "pieces": "characters",
                "rows_per_page": 8,
            },
            "tables one below the other": {"flowing": True},
            "page numbers": {"page_numbers": "{}"},
            "page numbers between dashes": {"page_numbers": "— {} —"},
            "page numbers of all": {"page_numbers": "第 {} 页 共 {total} 页"},
            "running head": {"running_head": True, "page_numbers": "- {} -"},
            "digits of the Chinese font": {"digits": ""},
            "Helvetica digits": {"digits": "Helvetica"},
            "digits lower": {"drop": 2.0, "name_width": 7},
            "digits higher": {"drop": -1.5, "name_width": 7},
            "lines in pieces": {"pieces": "random"},
            "each character by itself": {"pieces": "characters"},
            "titles drawn twice": {"doubled": True},
            "contents": {"contents": True},
            "wrong headings of parts": {"wrong_heading": True},
            "no indent": {"indent": False},
            "justified lines": {"justified": True, "name_width": 7},
            "narrow lines": {"line_width": 24},
            "spaces around numbers": {"number_spaces": "all"},
            "half-width punctuation": {"half_width": True},
            "full-width percent": {"wide_percent": True},
            "Shanghai prose": {"prose_style": "shanghai"},
        }.items()
    },
}

FORM: dict[str, Any] = {
    "split_codes": st.booleans(),
    "row_numbers": st.booleans(),
    "column_numbers": st.booleans(),
    "total": st.sampled_from(("first", "last", "header")),
    "total_spans": st.booleans(),
    "pairs": st.booleans(),
    "short_headers": st.booleans(),
    "economic_blocks": st.sampled_from((2, 3)),
    "sides_named": st.booleans(),
    "blanks": st.booleans(),
    "separators": st.booleans(),
}
"""What the tables of any form can be, on every paper."""

options = st.builds(
    PdfOptions,
    seed=st.integers(0, 2**16),
    **FORM,
    shuffled=st.booleans(),
    label=st.sampled_from(("表{}", "公开0{}表", "附表{}", "")),
    title=st.sampled_from(("{title}", "{title}", "{ordinal}、{title}", "表{number} {title}")),
    unit_line=st.sampled_from(
        (
            ("单位：{unit}", "单位：{money}"),
            ("部门：{unit}", "金额单位：{money}"),
            ("编制单位：{unit}", "单位：{money}"),
            ("", "单位：{money}"),
        )
    ),
    notes=st.booleans(),
    ruled=st.sampled_from(("cells", "lines", "rectangles", "filled", "open")),
    shaded=st.booleans(),
    align=st.sampled_from(("right", "center", "left")),
    valign=st.sampled_from(("top", "middle", "bottom")),
    name_width=st.integers(5, 24),
    rows_per_page=st.sampled_from((8, 14, 25, 60)),
    repeat=st.sampled_from(("none", "header", "title")),
    repeat_total=st.booleans(),
    empty_page=st.booleans(),
    wide=st.sampled_from(("landscape", "portrait")),
    rotation=st.sampled_from((0, 0, 90, 270)),
    flowing=st.booleans(),
    page_numbers=st.sampled_from(("", "", "{}", "— {} —", "- {} -", "第 {} 页 共 {total} 页")),
    running_head=st.booleans(),
    digits=st.sampled_from(("", "Times-Roman", "Helvetica")),
    drop=st.sampled_from((-1.5, -0.4, 0.0, 0.0, 0.6, 2.0)),
    pieces=st.sampled_from(("lines", "random", "characters")),
    doubled=st.booleans(),
    contents=st.booleans(),
    wrong_heading=st.booleans(),
    indent=st.booleans(),
    justified=st.booleans(),
    line_width=st.sampled_from((24, 32, 38)),
    prose_style=st.sampled_from(("guangdong", "shanghai")),
    prose_money=st.sampled_from(("same", "万元")),
    number_spaces=st.sampled_from(("some", "all", "none")),
    half_width=st.booleans(),
    wide_percent=st.booleans(),
)
