"""Figures as a table to look through in Jupyter: search, filters, a card for each row, the filter as code.

What is shown is one frame of its own (``explorer.html``), all data within it; nothing is fetched, and nothing of a
report is ever markup there. A notebook that is not trusted shows the first rows as a plain table instead.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape as in_attribute
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qy_finance.contract import LISTS
from qy_finance.display import escape
from qy_finance.language import is_english, plain, t
from qy_finance.passages import absence, around, quoted
from qy_finance.pictures import address, encoded
from qy_finance.reading import Reading
from qy_finance.search import called

if TYPE_CHECKING:
    import pandas as pd

    from qy_finance.readers import Document

FIELDS: Final = (
    "value", "unit_of_measure", "item", "column", "table", "title", "side", "code", "year", "measure", "where",
    "figure", "before", "printed", "after", "page", "box", "key", "report_id", "unit",
)  # fmt: skip
"""What the table knows of a figure."""
CORPUS: Final = (
    "value", "unit_of_measure", "item", "column", "table", "side", "code", "year", "measure", "figure", "printed",
    "page", "line", "start", "end", "key", "report_id", "unit",
)  # fmt: skip
"""What :func:`of_corpus` takes of a figure."""
_PLAIN: Final = 10  # rows that a notebook shows that is not trusted
_SCALE: Final = 1.4  # pixels to the point
_BITS: Final = 2
_GREYS: Final = 1 << _BITS
_MOST_PICTURES: Final = 3_000_000  # bytes

_HTML: Final = """<div>
<div><p>{note}</p>{table}</div>
<iframe title="{title}" style="width:100%;height:0;border:0" srcdoc="{document}"></iframe>
</div>"""


@dataclass(frozen=True)
class Explorer:
    """A table of figures that Jupyter shows; made by :meth:`qy_finance.report.Report.explore` and that of a corpus.

    Attributes
    ----------
    rows : sequence
        A figure each, in the order of :data:`FIELDS`.
    source : mapping
        How code names what is shown: ``kind`` (``report`` or ``corpus``) and, of a corpus, the ``where`` of SQL.
    note : str
        What is said above it: how many there are, and how many are here.
    pages : mapping
        Pages of a PDF by their number: address of the picture, width and height in points.
    """

    rows: Sequence[Sequence[Any]]
    source: dict[str, str]
    note: str
    pages: dict[str, tuple[str, float, float]]

    def __repr__(self) -> str:
        return f"<Explorer: {len(self.rows)} figures>"

    def _repr_html_(self) -> str:
        data = {
            "fields": FIELDS, "rows": self.rows, "pages": self.pages, "source": self.source, "note": self.note,
            "words": _words(), "measures": {name: _measure(name) for name in LISTS["measure"]},
            "language": "en" if is_english() else "zh-CN", "scale": _SCALE,
        }  # fmt: skip
        packed = gzip.compress(json.dumps(data, ensure_ascii=False).encode(), mtime=0)
        document = _document().replace("{{data}}", b64encode(packed).decode())
        first = min(_PLAIN, len(self.rows))
        trust = t("笔记本还没有受信任，或者不在 Jupyter 里，只能看前 {n} 行。", n=first)
        trust += t("运行这一格，或者在命令面板里选 Trust Notebook，就能搜索、筛选、点开。")
        return _HTML.format(
            note=escape(f"{self.note} {trust}"),
            table=_table(self.rows[:_PLAIN]),
            title=escape(t("浏览数据")),
            document=in_attribute(document),
        )


def of_report(reading: Reading, observations: pd.DataFrame) -> Explorer:
    """All figures of a report; see :meth:`qy_finance.report.Report.explore`."""
    rows = []
    pictures = _Pages()
    identity = reading.identity
    titles = {table: plain(reading.form.name(table)) for table in reading.tables}
    for fact, key in zip(reading.facts, called(reading, observations), strict=True):
        figure = fact.figure
        before, after = around(reading, figure.start, figure.end, figure.table is None)
        part = reading.document.part(figure.start)
        page, box = reading.document.page_at(figure.start), None
        if page is not None and (edges := reading.document.box(figure.start, figure.end)):
            key_of_page = f"{part.start}:{page}"
            if pictures.has(key_of_page, part.document, page):
                box = [round(edge, 1) for edge in edges]
        rows.append(
            (
                f"{figure.value:,f}", fact.unit_of_measure, figure.item, figure.column or "", figure.table or "",
                titles.get(figure.table or "", ""), figure.side or "", figure.code or "", fact.year,
                figure.measure, plain(fact.place), fact.id, quoted(before), fact.printed, quoted(after, from_end=False),
                f"{part.start}:{page}" if box else "", box, key, identity.report_id, identity.unit,
            )
        )  # fmt: skip
    note = t(
        "{unit}，{year} 年度：共 {n} 个数。",
        unit=identity.unit,
        year=identity.year,
        n=f"{len(rows):,}",
    )
    return Explorer(rows, {"kind": "report", "where": ""}, note, pictures.made)


def of_corpus(
    rows: Iterable[Sequence[Any]], texts: Mapping[str, str], source: dict[str, str], note: str
) -> Explorer:
    """Figures of many reports; see :meth:`qy_finance.corpus.database.Corpus.explore`.

    ``rows`` are in the order of :data:`CORPUS`; ``texts`` are those of the reports, as far as they are known.
    """
    from qy_finance.form import final_accounts

    form = final_accounts()
    titles = {table: plain(form.name(table)) for table in form.ids}
    made = []
    for row in rows:
        given = dict(zip(CORPUS, row, strict=True))
        text, start, end = texts.get(given["report_id"], ""), given["start"], given["end"]
        before = after = ""
        if text[start:end] == given["printed"]:
            before = text[:start].rpartition("\n")[2].lstrip()
            after = text[end:].partition("\n")[0].rstrip()
        before, after = quoted(before), quoted(after, from_end=False)
        place = f"第{given['page']}页" if given["page"] else f"第{given['line']}行"
        told = given | {
            "title": titles.get(given["table"], ""), "where": plain(place), "before": before, "after": after,
            "page": "", "box": None, "value": f"{Decimal(repr(given['value'])):,f}",
        }  # fmt: skip
        made.append([told[name] for name in FIELDS])
    return Explorer(made, source, note, {})


class _Pages:
    """Pictures of the pages on which figures stand, each made once, as many as an output should hold."""

    def __init__(self) -> None:
        self.made: dict[str, tuple[str, float, float]] = {}
        self._size = 0
        self._there: dict[Path, bool] = {}

    def has(self, key: str, document: Document, number: int) -> bool:
        """Whether there is a picture of a page; of one that is turned there is none, nor of what is not a PDF."""
        if key in self.made:
            return True
        layout, path = document.layout, document.path
        if layout is None or number not in layout.pages or layout.pages[number].turned:
            return False
        if path not in self._there:  # asking reads the whole file
            self._there[path] = absence(document, None) is None
        if not self._there[path] or self._size > _MOST_PICTURES:
            return False
        from PIL import Image

        from qy_finance.readers import Box
        from qy_finance.readers.pdf import picture

        page = layout.pages[number]
        whole = Box(0, 0, page.width, page.height)
        grey = Image.fromarray(picture(path, number, whole, _SCALE)).convert("L")
        few = grey.point([level * _GREYS // 256 for level in range(256)])
        few.putpalette([255 * level // (_GREYS - 1) for level in range(_GREYS) for _ in "RGB"])
        data = encoded(few, "PNG", bits=_BITS, compress_level=6)
        self._size += len(data)
        self.made[key] = address(data), page.width, page.height
        return True


def _table(rows: Sequence[Sequence[Any]]) -> str:
    """The first rows as they are shown where nothing runs."""
    words, at = _words(), {name: FIELDS.index(name) for name in FIELDS}
    heads = "".join(f"<th>{escape(words[name])}</th>" for name in _COLUMNS)
    lines = [
        "".join(
            f"<td>{escape(row[at['title' if name == 'table' else name]])}</td>" for name in _COLUMNS
        )
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


_COLUMNS: Final = ("value", "unit_of_measure", "item", "column", "table", "year", "where")


def _measure(name: str) -> str:
    """A kind of figure as it is said."""
    told = LISTS["measure"][name]
    return name if is_english() else f"{told.split('；')[0].split('，')[0].split(' ')[0]} {name}"


def _words() -> dict[str, str]:
    """All words of the table, in the language that is spoken."""
    return {
        "value": t("值"), "unit_of_measure": t("计量单位"), "item": t("项目"), "column": t("列"), "table": t("表"),
        "year": t("年度"), "code": t("科目编码"), "measure": t("数值种类"), "where": t("位置"), "unit": t("单位"),
        "search": t("搜索"), "all": t("全部"), "prose": t("文字里的数"),
        "shown": t("{n} 个数，这里是前 {m} 个。", n="{n}", m="{m}"),
        "more": t("再显示一些"), "copy": t("复制代码"), "copied": t("已复制"), "none": t("没有符合的数。"),
        "printed_at": t("印在"), "card": t("看它的卡片"), "page": t("报告这一页的样子，框出的是这个数"),
    }  # fmt: skip


@cache
def _document() -> str:
    return Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
