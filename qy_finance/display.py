"""What notebooks show: sentences, short tables and figures whose stored output is the same on every run.

Text of a report is data. It goes through :func:`escape` before it becomes part of Markdown or HTML.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from decimal import Decimal
from html import escape as in_attribute
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pandas as pd

from qy_finance.checks.sentence import Sentence
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.formulas import FormulaPiece, formula
from qy_finance.language import (
    Verbatim,
    is_english,
    measured,
    pieces,
    pinyin,
    plain,
    t,
    unit_form,
)
from qy_finance.leading import below
from qy_finance.numbers import Number, sources_of
from qy_finance.pictures import address

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MISSING: Final = "—"
"""Stands where a report prints or states nothing."""

#: What means something to Markdown or HTML; separators inside a number do not.
_SIGN: Final = re.compile(r"(?!(?<=\d)[.,](?=\d))[!-$&-/:-@\[-`{-~]")

MOST_ROWS: Final = 300
"""Rows of a table that a page shows: a panel of a province has thousands, and nobody reads them there."""
_NAMED: Final = 4  # sources that are named where the mouse rests on a number

#: Not the ideographic space, which indents.
_TAG: Final = re.compile(r"<[^>]*>")
_DIGITS: Final = re.compile(r"[\d,]*\d(?:\.\d+)?")
_SPACE: Final = re.compile(r"[ \t\r\n\f\v]+")


class Html(str):
    """Text that is markup already: :func:`escape` leaves it as it is."""

    __slots__ = ()


def escape(text: object) -> str:
    """Text that Markdown, HTML and mathematics in a notebook show as it is, in one line.

    Where English is spoken, what has a settled English name is said by that, and what is left in Chinese is marked.
    """
    if isinstance(text, Html):
        return text
    if is_english() and isinstance(text, Verbatim):
        return quoted(text)
    if is_english():
        return Html("".join(_in_english(part, chinese) for part, chinese in pieces(str(text))))
    return _escaped(text)


def _escaped(text: object) -> str:
    return _SIGN.sub(_entity, _SPACE.sub(" ", str(text)))


def _in_english(text: str, chinese: bool) -> str:
    return f'<span lang="zh">{_escaped(text)}</span>' if chinese else _escaped(text)


def quoted(text: object) -> Html:
    """What a report says word by word, escaped: it stays Chinese in every language."""
    return Html(_in_english(str(text), is_english()))


def _entity(match: re.Match[str]) -> str:
    entity = f"&#{ord(match[0])};"
    # Mathematics is looked for in the finished page too, where an entity is a character again,
    # but never across elements.
    return f"<span>{entity}</span>" if match[0] in "$\\" else entity


def strong(text: object) -> str:
    """Text of a report or a number in bold, escaped.

    Signs at its ends stay outside: between a bracket and a letter ``**`` would be no mark of bold.
    """
    if isinstance(text, Html) or is_english():
        return bold(escape(text))
    before, core, after = re.fullmatch(r"([\W_]*)(.*?)([\W_]*)", str(text), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{escape(before)}**{escape(core)}**{escape(after)}" if core else escape(text)


def entity(name: str) -> str:
    """The name of a unit in bold, escaped; where English is spoken, with pinyin beside it."""
    if not is_english():
        return strong(name)
    said = pinyin(name)
    beside = f' (<span lang="zh-Latn">{_escaped(said)}</span>)' if said else ""
    return Html(f"{bold(quoted(name))}{beside}")


def decimals(value: object, places: int = 2) -> str:
    """Number with thousands separators: ``1,234.56``; what is missing is a dash."""
    return MISSING if value is None or pd.isna(value) else f"{value:,.{places}f}"  # type: ignore[call-overload]


def percent(value: object, places: int = 1) -> str:
    """Percentage: ``43.4%``; what is missing is a dash."""
    return MISSING if value is None or pd.isna(value) else f"{decimals(value, places)}%"  # type: ignore[call-overload]


def cite(value: object, unit: str = "", places: int = 2) -> Html:
    """A number as Markdown, with separators and its unit: ``1,234.56 万元``; what is missing is a dash.

    A :class:`~qy_finance.numbers.Number` carries its sources along: a notebook names them where the mouse rests on
    it, and its page links it to where it is printed. A :class:`~qy_finance.facts.Fact` is shown as it is printed.
    """
    if isinstance(value, Fact):
        return cite(value.number, value.unit_of_measure, value.number.places)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return Html(MISSING)
    number = linked(decimals(value, places), value, unit)
    if form := unit_form(unit, one=value == 1):
        return Html(form.format(number))
    return Html(f"{number}{'' if unit in ('', '%') else ' '}{escape(unit)}")


def bold(markdown: str) -> Html:
    """Markdown in bold, wherever it begins and ends. Text of a report in it must have gone through :func:`escape`."""
    return Html(f"<b>{markdown}</b>")


def linked(text: str, value: object, unit: str = "") -> Html:
    """A number's characters, marked with the figures that it comes from, if it comes from any.

    Of what is computed it is marked how; there the unit is what is said behind the number, if it has no other itself.
    """
    rows = _places(value)
    if not rows:
        return Html(escape(text))
    at = " ".join(f"{report}#{'.'.join(some)}" for report, some in rows.items())
    how = _how(value, text, unit)
    # entities alone: Markdown looks for mathematics in attributes too
    told = "&#10;".join(map(_in_attribute, _told(value, how)))
    marks = f'class="{_kind(value)}" data-at="{at}" title="{told}"'
    if how:
        marks += f' data-how="{_in_attribute(_numbered(how, rows))}"'
    return Html(f"<span {marks}>{escape(text)}</span>")


def _in_attribute(text: str) -> str:
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", text)


def _how(value: object, text: str, unit: str = "") -> list[FormulaPiece]:
    """The formula of what is computed, to the number as it is shown; empty where that is not what the formula gives."""
    written = formula(value, unit)
    if not written or not isinstance(value, Number):
        return []
    shown = _DIGITS.search(text)
    if shown is None:
        return []
    number = Decimal(shown[0].replace(",", ""))
    apart = abs(number - abs(value.plain))
    if 2 * apart > Decimal(1).scaleb(-decimals_of(number)):
        return []
    bare = shown[0] == text.lstrip("-+−")  # other texts say their unit themselves
    said = measured(text, unit or value.unit) if bare else text
    return [*written, FormulaPiece(f" {'≈' if apart else '='} {said}")]


def _numbered(how: Sequence[FormulaPiece], rows: Mapping[str, Sequence[str]]) -> str:
    """A formula in one line; a figure in it is ``{114.86|0}``, by its place among those that it comes from."""
    places = {one: at for at, one in enumerate(one for some in rows.values() for one in some)}
    return "".join(
        piece.text if piece.source is None else f"{{{piece.text}|{places[piece.source.id]}}}"
        for piece in how
    )


def _places(value: object) -> dict[str, list[str]]:
    """The ids of the figures that a value comes from, by their reports."""
    rows: dict[str, list[str]] = {}
    for source in sources_of(value.number if isinstance(value, Fact) else value):
        rows.setdefault(quote(source.report_id), []).append(source.id)
    return rows


def _kind(value: object) -> str:
    return "src computed" if isinstance(value, Number) and value.computed else "src"


def spoken(said: Sentence) -> Html:
    """A sentence of a check as Markdown, each number in it leading to where it is printed."""
    return Html("".join(_piece(*piece) for piece in said.shown))


def _piece(text: str, number: Number | None, unit: str) -> str:
    shown = linked(text, number)
    if number is not None and (form := unit_form(unit.strip(), one=number == 1)):
        return form.format(shown)
    return shown + escape(unit)


def words(text: str) -> str:
    """What a reader sees of a text, markup or not."""
    return unescape(_TAG.sub("", text)) if isinstance(text, Html) else text


def _told(value: object, how: Sequence[FormulaPiece] = ()) -> list[str]:
    """What a number's sources are, line by line; before them how it is computed."""
    sources = sources_of(value.number if isinstance(value, Fact) else value)
    lines = [
        t(
            "{name}（{place}）：{number}",
            name=plain(one.path),
            place=plain(one.place),
            number=_measured(one.with_unit),
        )
        for one in sources[:_NAMED]
    ]
    if len(sources) > _NAMED:
        lines.append(t("等 {n} 个数", n=len(sources)))
    head = t("由下列数算出：") if isinstance(value, Number) and value.computed else t("出处：")
    return [*filter(None, ["".join(piece.text for piece in how)]), head, *lines]


def _measured(with_unit: str) -> str:
    """A figure as it is printed, with its unit as the language that is spoken says it."""
    number, _, unit = with_unit.partition(" ")
    return measured(number, unit) if is_english() else with_unit


def shortened(name: str, most: int, tail: int = 0) -> str:
    """A name of at most so many letters; of a longer one … stands for the rest, before its last ``tail`` letters."""
    return name if len(name) <= most else f"{name[: most - tail - 1]}…{name[len(name) - tail :]}"


def say(text: str) -> None:
    """Show a paragraph of Markdown. Text of a report in it must have gone through :func:`escape`."""
    from IPython.display import HTML, Markdown, display

    display(Markdown(text))  # type: ignore[no-untyped-call]
    if folded := below(text):
        display(HTML(folded))  # type: ignore[no-untyped-call]


def show(figure: Figure, alt: str) -> None:
    """Show a figure, with the words that stand for it where it is not seen.

    On a page each mark of it (:func:`qy_finance.charts.theme.mark`) leads to its sources, and a phone shows its own
    drawing. Its values are stored as text: by it two runs compare.
    """
    _show(figure, alt)


def show_wide(figure: Figure, alt: str) -> None:
    """Show a large figure with small letters as wide as the page."""
    _show(figure, alt, broad=True)


def _show(figure: Figure, alt: str, broad: bool = False) -> None:
    from IPython.display import display

    from qy_finance.svg import Chart

    chart = figure if isinstance(figure, Chart) else Chart()
    rows = ["\t".join(row) for row in chart.values()]
    values = "\n".join([alt, *filter(None, (chart.title, chart.source)), *rows])
    told = "\n".join(rows)
    wide, width = _address(figure, alt, told)
    look = 'class="chart broad" width="100%"' if broad else f'class="chart" width="{width}"'
    image = f'<img {look} src="{wide}" alt="{in_attribute(alt)}">'
    if chart.narrow:
        narrow, _ = _address(chart.narrow(), alt, told)
        image = f'<picture><source media="(max-width: 40rem)" srcset="{narrow}">{image}</picture>'
    display({"text/html": image, "text/plain": values}, raw=True)  # type: ignore[no-untyped-call]


def _address(figure: Figure, alt: str, values: str) -> tuple[str, int]:
    """A figure as the address of a picture, and how wide it is: CSS pixels."""
    from qy_finance.svg import Chart, drawing

    reports: dict[str, int] = {}
    marks = []
    for mark in figure.marks if isinstance(figure, Chart) else ():
        places = _places(mark.number)
        name = " · ".join(filter(None, (mark.name, mark.kind)))
        how = _how(mark.number, mark.text)
        sources = _told(mark.number, how) if places else []
        shown = t("{name}：{number}", name=name, number=mark.text)
        told = [shown, *sources] if mark.listed else sources[0 if how else 1 :]
        link = {"title": "\n".join(told)} | ({} if mark.listed else {"tabindex": "-1"})
        if places:
            at = (
                f"{reports.setdefault(one, len(reports))}#{'.'.join(places[one])}" for one in places
            )
            link |= {"class": _kind(mark.number), "data-at": " ".join(at)}
            if how:
                link["data-how"] = _numbered(how, places)
        marks.append(link)
    drawn = drawing(figure, alt, marks, values, " ".join(reports))
    return address(drawn.encode(), "image/svg+xml"), round(100 * figure.get_figwidth())


def show_table(
    frame: pd.DataFrame,
    *,
    places: int | Mapping[str, int] = 2,
    caption: str = "",
    quotes: Collection[str] = (),
) -> None:
    """Show a table: text on the left, numbers on the right with separators, no index.

    Of a long one the first :data:`MOST_ROWS` rows, and how many there are: the data have the rest.

    Parameters
    ----------
    frame : DataFrame
        Columns named as they are to be read; everything in it is escaped. Numbers lead to their sources.
    places : int or mapping of column to int
        Decimals of columns of floats and of what is computed. Integers have none, and printed exact numbers (Decimal)
        as many as they have, unless the mapping names their column.
    caption : str
        Stands above the table.
    quotes : collection of str
        Columns of what a report says word by word.
    """
    from IPython.display import display

    if len(frame) > MOST_ROWS:
        caption += t("（共 {n:,} 行，这里是前 {first} 行）", n=len(frame), first=MOST_ROWS)
        frame = frame.head(MOST_ROWS)
    texts = {name: _as_text(frame[name], places) for name in frame.columns}
    marked = {
        name: list(
            map(quoted, texts[name]) if name in quotes else map(linked, texts[name], frame[name])
        )
        for name in frame.columns
    }
    plain = pd.DataFrame(texts, dtype="object")
    left: list[Hashable] = [name for name in frame.columns if not _is_numeric(frame[name])]
    right: list[Hashable] = [name for name in frame.columns if name not in left]
    style = pd.DataFrame(marked, dtype="object").style.hide(axis="index")
    style = style.format_index(escape, axis="columns")
    style = style.set_properties(subset=left, **{"text-align": "left"})
    style = style.set_properties(subset=right, **{"text-align": "right", "white-space": "nowrap"})
    # a name of its own for the table's style, the same on every run
    digest = hashlib.sha256(f"{caption}\n{plain.to_csv()}".encode()).hexdigest()[:8]
    html = style.set_uuid(digest).set_caption(escape(caption) if caption else "").to_html()
    shown = {"text/html": html + below(html), "text/plain": plain.to_string(index=False)}
    display(shown, raw=True)  # type: ignore[no-untyped-call]


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    values = column.dropna()
    exact = len(values) > 0 and all(isinstance(value, Decimal) for value in values)
    return exact or pd.api.types.is_numeric_dtype(column)


def _as_text(column: pd.Series, places: int | Mapping[str, int]) -> list[str]:
    named = None if isinstance(places, int) else places.get(str(column.name))
    after = places if isinstance(places, int) else 2 if named is None else named
    if pd.api.types.is_integer_dtype(column):
        after = 0
    numeric = _is_numeric(column)
    as_printed = numeric and not pd.api.types.is_numeric_dtype(column) and named is None

    def text(value: object) -> str:
        if pd.isna(value):  # type: ignore[call-overload]
            return MISSING
        if pd.api.types.is_bool_dtype(column):
            return t("是") if value else t("否")
        computed = isinstance(value, Number) and value.computed
        if as_printed and not computed:
            return f"{value:,f}"
        return decimals(value, after) if numeric else str(value)

    return list(map(text, column))
