"""What every page carries along: style, script, security policy and font; and pages made from a template."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from qy_finance import __file__ as package
from qy_finance.language import is_english, pieces, pinyin, plain
from qy_finance.pictures import address

TEMPLATES = Path(__file__).parent / "qy_page"
FONT = Path(package).parent / "fonts" / "NotoSansSC-Regular.ttf"

#: Where Chinese text and its punctuation lie; Latin text is left to the reader's own fonts.
CHINESE = (
    (0x2010, 0x206F), (0x2100, 0x27BF), (0x2E80, 0xA4CF), (0xF900, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_FONT_LOCK = threading.Lock()


def render(name: str, loader: str = "", shared: str = "", **context: object) -> str:
    """A page from its template, style and script of one name; what the context says is escaped.

    A loader is a script instead of that one, which may load others; a shared one goes before either.
    """
    style, script = read("style.css") + read(f"{name}.css"), read(f"{loader or name}.js")
    if shared:
        script = read(f"{shared}.js") + script
    allowed = policy(script, loads=bool(loader))
    page = template(name).render(context, style=style, script=script, policy=allowed)
    return with_font(page)


def template(name: str) -> Template:
    """A template of the pages: what is filled into it is escaped."""
    return _environment().get_template(f"{name}.html.j2")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    # the font looks for characters
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.globals |= {
        "english": is_english, "both": _both, "say": _say, "mark": mark, "entity": entity, "plain": plain,
    }  # fmt: skip
    return environment


def _both(chinese: str, english: str) -> Markup:
    """What stands in Chinese pages in Chinese and in English, and in English pages in English alone."""
    if is_english():
        return escape(english)
    return Markup('{} <span lang="en">{}</span>').format(chinese, english)


def _say(chinese: str, english: str) -> str:
    return english if is_english() else chinese


def mark(text: str) -> Markup:
    """Names and messages: in English pages what is Chinese in them is marked as such."""
    if not is_english():
        return escape(text)
    marked = Markup('<span lang="zh">{}</span>')
    return Markup("").join(marked.format(one) if zh else escape(one) for one, zh in pieces(text))


def entity(name: str) -> Markup:
    """The name of a unit, in English pages with pinyin beside it."""
    if not is_english():
        return escape(name)
    named = Markup('<span lang="zh">{}</span>').format(name)
    said = pinyin(name)
    return named + Markup(' <small lang="zh-Latn">{}</small>').format(said) if said else named


def data_block(value: object) -> Markup:
    """A value as JSON that stands in a page for its script."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(said.replace("<", "\\u003c"))


def with_font(page: str) -> str:
    """A page with the Chinese characters that it shows as a font at the end of its style.

    It stands last in the font list of the style sheet: a reader with a Chinese font sees that one.
    """
    return page.replace("</style>", f"\n{font_face(page)}</style>", 1)


def font_face(characters: Iterable[str]) -> str:
    """The rule of a style sheet that brings the Chinese ones of these characters; empty if there is none."""
    wanted = frozenset(c for c in map(ord, set(characters)) if any(a <= c <= b for a, b in CHINESE))
    if not wanted:
        return ""
    ranges = ",".join(f"U+{low:X}-{high:X}" for low, high in CHINESE)
    with _FONT_LOCK:  # the font's tables are shared
        source = f"url({address(_subset(wanted), 'font/woff')}) format('woff')"
    return f"@font-face{{font-family:'QY Sans';unicode-range:{ranges};src:{source}}}"


@cache
def read(name: str) -> str:
    """A style sheet or script of the pages."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def policy(script: str, loads: bool = False) -> str:
    """Content security policy: nothing is fetched from anywhere, and only this script runs.

    With ``loads`` also those that it loads itself, which no markup of the page could do.

    Text of a report that got into a page as markup could therefore neither run nor call home. Frames and objects of
    the page's own folder are let in: by one a page sees whether its folder is beside it.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    further = " 'strict-dynamic'" if loads else ""
    return (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'{further}; "
        "frame-src 'self'; object-src 'self'; base-uri 'none'; form-action 'none'"
    )


@cache
def _subset(characters: frozenset[int]) -> bytes:
    """The font with these characters. Those of nearly every page are taken from a font that has a quarter of all."""
    common = characters <= _common()
    return _cut(io.BytesIO(_common_font()) if common else FONT, characters, "woff")


@cache
def _common() -> frozenset[int]:
    """The signs, and the characters of the first level of GB 2312."""
    level = bytes(
        byte for row in range(0xB0, 0xD8) for at in range(0xA1, 0xFF) for byte in (row, at)
    )
    signs = (
        *range(0x2010, 0x2070),
        *range(0x2100, 0x27C0),
        *range(0x3000, 0x3040),
        *range(0xFF00, 0xFFF0),
    )
    return frozenset((*signs, *map(ord, level.decode("gbk", "ignore"))))


@cache
def _common_font() -> bytes:
    return _cut(FONT, _common(), None)


def _cut(file: Path | io.BytesIO, characters: frozenset[int], flavor: str | None) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=[], hinting=False, flavor=flavor, name_IDs=[])
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    # outlines stay as they are, so that they need not be taken apart, nor all glyphs be named; the same characters
    # are the same font at any time
    with TTFont(file, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        font.setGlyphOrder([f"g{i}" for i in range(font["maxp"].numGlyphs)])
        subsetter.subset(font)
        font.flavor = flavor
        out = io.BytesIO()
        font.save(out, reorderTables=False)
    return out.getvalue()
