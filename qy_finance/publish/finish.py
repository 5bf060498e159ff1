"""Last hand on a page: nothing external, a table of contents, tables that read well."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from functools import cache
from itertools import count
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from qy_finance.language import CHINESE
from qy_finance.pictures import address as data_address
from qy_finance.publish.cards import Cards
from qy_finance.publish.inline import Drawings, inline_charts
from qy_finance.publish.sealing import leads_out, seal
from qy_finance.publish.tables import dress_tables

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_NOTEBOOK = re.compile(r"(?!/|[a-z][a-z0-9+.-]*:).*\.ipynb", re.IGNORECASE)
_ERROR = "error"
#: Names of the page's own elements.
_TAKEN = ("code", "contents", "alone", "card", "cards", "strips", _ERROR)


Cited = dict[str, dict[str, dict[str, str]]]
"""Headings (address and text) under which figures are cited, by ``report_id`` and id of the figure."""


def finish(
    soup: BeautifulSoup,
    sources: Mapping[str, str],
    pages: Mapping[str, str],
    folder: Path,
    english: bool = False,
) -> tuple[Cited, Cards]:
    """Complete a page in place. What it does to a notebook's own markup is all below ``main``.

    Sources, pages and folder are those of :class:`qy_finance.publish.pages.NotebookPage` and its export: what
    :func:`qy_finance.display.cite` marked becomes a link to a source page.
    """
    main, contents = soup.find("main"), soup.find(id="contents")
    assert main is not None
    assert contents is not None
    drawings = inline_charts(soup, main)
    _figures(main, folder)
    seal(main)
    _notebooks(main, pages)
    dress_tables(soup, main)
    _contents(soup, main, contents, drawings.ids)
    cited = _cite(main, sources, drawings)
    if english:
        _mark_chinese(soup)
        drawings.mark_chinese()
    drawings.put()
    return cited


def _mark_chinese(soup: BeautifulSoup) -> None:
    """Mark what an English page still says in Chinese, so that it is read and shown as such.

    What is Chinese of right, a name without an English one or a quotation, has been marked where it was said. What is
    marked here is what nobody has put into English yet: of the class ``untranslated``.
    """
    for said in soup.find_all(string=CHINESE):
        if said.find_parent(lang="zh") or said.find_parent(["style", "script"]):
            continue
        if said.parent is not None and said.parent.name == "title":
            continue
        said.wrap(soup.new_tag("span", attrs={"lang": "zh", "class": "untranslated"}))
    for tag in soup.find_all(True):
        told = (str(tag.get(name, "")) for name in ("title", "alt", "aria-label"))
        if any(map(CHINESE.search, told)) and not tag.find_parent(lang="zh"):
            tag["lang"] = "zh"


def _figures(main: Tag, folder: Path) -> None:
    """Take files into the page; a figure without words of its own is named after the heading that it answers.

    The exporter's own way of taking them in closes each piece of HTML within a paragraph, and so empties it.
    """
    for image in main.find_all("img"):
        address = str(image.get("src", ""))
        file = folder / unquote(address)
        if not leads_out(address) and not address.startswith("data:") and file.is_file():
            kind = guess_type(file)[0] or "application/octet-stream"
            image["src"] = data_address(file.read_bytes(), kind)
        if not image.get("alt"):
            heading = image.find_previous(["h1", "h2", "h3"])
            named = f"：{heading.get_text(' ', strip=True)}" if heading else ""
            image["alt"] = f"图 figure{named}"


def _notebooks(main: Tag, pages: Mapping[str, str]) -> None:
    """A link to a notebook leads to its page; where there is none, the words stay."""
    for link in main.find_all("a", href=_NOTEBOOK):
        name = Path(unquote(str(link["href"]))).stem
        if name in pages:
            link["href"] = pages[name]
        else:
            link.unwrap()


def _contents(soup: BeautifulSoup, main: Tag, contents: Tag, drawn: set[str]) -> None:
    """List the headings, each with an address of its own; what else has one keeps it, if no other has it."""
    taken, headings = {*_TAKEN, *drawn}, []
    for tag in main.find_all(True):
        if tag.name in ("h1", "h2", "h3"):
            headings.append(tag)
        elif "id" in tag.attrs and tag["id"] != _ERROR:
            if tag["id"] in taken:
                del tag["id"]
            else:
                taken.add(str(tag["id"]))
    for heading in headings:
        name = "-".join(heading.get_text(" ").split()) or "section"
        address = next(a for n in count(1) if (a := name if n == 1 else f"{name}-{n}") not in taken)
        taken.add(address)
        heading["id"] = address
        if heading.name != "h1":
            item = soup.new_tag("li", attrs={"class": heading.name})
            said = heading.get_text(" ", strip=True)
            item.append(soup.new_tag("a", href=f"#{address}", string=said))
            contents.append(item)
    if not contents.contents and contents.parent is not None:
        contents.parent.decompose()


def _cite(main: Tag, sources: Mapping[str, str], drawings: Drawings) -> tuple[Cited, Cards]:
    """Link each number to its figures: ``data-at`` names them as ``report#12.15``, several reports apart by blanks.

    A number of several reports leads to those of the first that has a source page. ``data-how`` is the formula of what
    is computed; both are taken off, and what remains is ``data-card``, which of the numbers it is.
    """
    cited: Cited = {}
    cards = Cards()
    heading, said = "", ""
    named = cache(unquote)  # a page names few reports, and each a thousand times

    def link(attributes: MutableMapping[str, Any]) -> bool:
        led, figures = False, []
        how = str(attributes.pop("data-how", ""))
        for part in str(attributes.pop("data-at", "")).split():
            name, _, ids = part.partition("#")
            report = named(name)
            figures += [(report, one) for one in ids.split(".")]
            if report in sources:
                if not led:
                    attributes["href"], led = f"{sources[report]}#n{ids}", True
                for one in ids.split("."):
                    cited.setdefault(report, {}).setdefault(one, {})[heading] = said
        if led:
            attributes["data-card"] = str(cards.add(figures, how))
        return led

    for tag in main.find_all(["h1", "h2", "h3", "span", "a", "figure"]):
        if tag.name in ("h1", "h2", "h3"):
            heading, said = str(tag["id"]), tag.get_text(" ", strip=True)
        elif tag.name == "figure":
            for attributes in drawings.links(tag):
                link(attributes)
        elif link(tag.attrs):
            tag.name = "a"
    return cited, cards
