"""What notebooks show: sentences, short tables and figures whose stored output is the same on every run.

Text of a report is data. It goes through :func:`escape` before it becomes part of Markdown or HTML.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MISSING: Final = "—"
"""Stands where a report prints or states nothing."""

#: What means something to Markdown or HTML; separators inside a number do not.
_SIGN: Final = re.compile(r"(?!(?<=\d)[.,](?=\d))[!-$&-/:-@\[-`{-~]")

#: Not the ideographic space, which indents.
_SPACE: Final = re.compile(r"[ \t\r\n\f\v]+")


def escape(text: object) -> str:
    """Text that Markdown, HTML and mathematics in a notebook show as it is, in one line."""
    return _SIGN.sub(_entity, _SPACE.sub(" ", str(text)))


def _entity(match: re.Match[str]) -> str:
    entity = f"&#{ord(match[0])};"
    # Mathematics is looked for in the finished page too, where an entity is a character again,
    # but never across elements.
    return f"<span>{entity}</span>" if match[0] in "$\\" else entity


def strong(text: object) -> str:
    """Text of a report or a number in bold, escaped.

    Signs at its ends stay outside: between a bracket and a letter ``**`` would be no mark of bold.
    """
    before, core, after = re.fullmatch(r"([\W_]*)(.*?)([\W_]*)", str(text), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{escape(before)}**{escape(core)}**{escape(after)}" if core else escape(text)


def decimals(value: object, places: int = 2) -> str:
    """Number with thousands separators: ``7,212.52``; what is missing is a dash."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return MISSING
    return f"{value:,.{places}f}"


def percent(value: object, places: int = 1) -> str:
    """Percentage: ``43.4%``; what is missing is a dash."""
    return MISSING if value is None or pd.isna(value) else f"{decimals(value, places)}%"  # type: ignore[call-overload]


def say(text: str) -> None:
    """Show a paragraph of Markdown. Text of a report in it must have gone through :func:`escape`."""
    from IPython.display import Markdown, display

    display(Markdown(text))  # type: ignore[no-untyped-call]


def show(figure: Figure, alt: str, *, wide: bool = False) -> None:
    """Show a figure as PNG, with the words that stand for it where it is not seen.

    A ``wide`` one has small letters: on a narrow screen it scrolls in its box instead of shrinking. As it is
    large, too, it is stored with 64 colours, which no eye tells from the thousands of smoothed letters.
    """
    from IPython.display import display

    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    data = {
        "image/png": base64.b64encode(_few_colours(png) if wide else png.getvalue()).decode(
            "ascii"
        ),
        "text/plain": alt,
    }
    look: dict[str, object] = {"alt": alt, "width": round(figure.get_figwidth() * 100)}
    if wide:
        look["wide"] = True
    display(data, raw=True, metadata={"image/png": look})  # type: ignore[no-untyped-call]


def _few_colours(png: io.BytesIO) -> bytes:
    from PIL import Image

    with Image.open(png) as image:
        few = image.convert("RGB").quantize(
            64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    stored = io.BytesIO()
    few.save(stored, format="png", optimize=True)
    return stored.getvalue()


def show_table(
    frame: pd.DataFrame,
    *,
    places: int | Mapping[str, int] = 2,
    caption: str = "",
) -> None:
    """Show a short table: text on the left, numbers on the right with separators, no index.

    Parameters
    ----------
    frame : DataFrame
        Columns named as they are to be read; everything in it is escaped.
    places : int or mapping of column to int
        Decimals of columns of floats. Integers have none, and exact numbers (Decimal) as many as they have.
    caption : str
        Stands above the table.
    """
    from IPython.display import display

    shown = pd.DataFrame(
        {name: _as_text(frame[name], places) for name in frame.columns}, dtype="object"
    )
    left: list[Hashable] = [name for name in frame.columns if not _is_numeric(frame[name])]
    right: list[Hashable] = [name for name in frame.columns if name not in left]
    style = shown.style.format(escape).format_index(escape, axis="columns").hide(axis="index")
    style = style.set_properties(subset=left, **{"text-align": "left"})
    style = style.set_properties(subset=right, **{"text-align": "right", "white-space": "nowrap"})
    # a name of its own for the table's style, the same on every run
    digest = hashlib.sha256(f"{caption}\n{shown.to_csv()}".encode()).hexdigest()[:8]
    html = style.set_uuid(digest).set_caption(escape(caption) if caption else "").to_html()
    plain = shown.to_string(index=False)
    display({"text/html": html, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    values = column.dropna()
    exact = len(values) > 0 and all(isinstance(value, Decimal) for value in values)
    return exact or pd.api.types.is_numeric_dtype(column)


def _as_text(column: pd.Series, places: int | Mapping[str, int]) -> list[str]:
    if pd.api.types.is_bool_dtype(column):
        return [MISSING if pd.isna(value) else "是" if value else "否" for value in column]
    if pd.api.types.is_integer_dtype(column):
        return [decimals(value, 0) for value in column]
    if pd.api.types.is_numeric_dtype(column):
        after = places if isinstance(places, int) else places.get(str(column.name), 2)
        return [decimals(value, after) for value in column]
    if _is_numeric(column):
        return [MISSING if pd.isna(value) else f"{value:,f}" for value in column]
    return [MISSING if pd.isna(value) else str(value) for value in column]
