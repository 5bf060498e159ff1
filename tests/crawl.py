"""Opens the card of every number and every mark of a page, as somebody would who clicks on each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from playwright.sync_api import Page

#: Clicks on each link, and on each figure of what opens.
_CRAWL = """() => {
  const dialog = document.getElementById("card"), found = [];
  const addresses = () => [...dialog.querySelectorAll("a[href]")].map((one) => one.getAttribute("href"));
  const click = (on) => on.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  const links = document.querySelectorAll("a.src"), seen = new Set();
  document.querySelector(".columns").style.display = "none"; // to be laid out anew for each card takes long
  for (const link of links) {
    const text = (link.querySelector("text, title") ?? link).textContent.trim();
    if (click(link)) throw new Error(`the link is followed: ${text}`);
    const one = {
      text, mark: link instanceof SVGElement, address: link.getAttribute("href"), open: dialog.open,
      label: dialog.getAttribute("aria-label"), told: dialog.querySelectorAll("p, blockquote").length,
      formula: dialog.querySelector(".formula")?.textContent ?? "", leads: addresses(),
      quoted: [...dialog.querySelectorAll("mark")].map((mark) => mark.textContent),
      strips: dialog.querySelectorAll(".strip img").length, figures: 0,
    };
    const known = seen.has(link.dataset.card); // the same number elsewhere
    seen.add(link.dataset.card);
    for (let at = 0; !known && at < dialog.querySelectorAll(".figure:not(.back, .close)").length; at++) {
      click(dialog.querySelectorAll(".figure:not(.back, .close)")[at]);
      one.figures += 1;
      one.leads.push(...addresses());
      one.quoted.push(...[...dialog.querySelectorAll("mark")].map((mark) => mark.textContent));
      one.strips += dialog.querySelectorAll(".strip img").length;
      click(dialog.querySelector(".back"));
    }
    dialog.close();
    found.push(one);
  }
  return found;
}"""

_ADDRESS = re.compile(r"(.+)#n([0-9a-f.]+)")


class Crawled(NamedTuple):
    """What was found on a page: each number, and the figures that its links and its cards lead to, by source page."""

    numbers: list[dict[str, Any]]
    leads: dict[str, set[str]]


def settle(tab: Page) -> None:
    """Wait until the page knows what is beside it; its security policy lets nothing wait for that within it."""
    for _ in range(400):
        if tab.evaluate("beside"):
            return
        tab.wait_for_timeout(25)
    raise AssertionError("the page does not find out what is beside it")


def crawl(tab: Page) -> Crawled:
    """Open every card of the page that is open, and every card in it."""
    settle(tab)
    numbers: list[dict[str, Any]] = tab.evaluate(_CRAWL)
    leads: dict[str, set[str]] = {}
    for one in numbers:
        for address in filter(None, (one["address"], *one["leads"])):
            match = _ADDRESS.fullmatch(address)
            assert match is not None, address
            leads.setdefault(unquote(match[1]), set()).update(match[2].split("."))
    return Crawled(numbers, leads)


def landing(tab: Page, source: Path) -> set[str]:
    """The figures that a source page has a place for."""
    tab.goto(source.resolve().as_uri())
    return set(tab.eval_on_selector_all("[id^=n]", "all => all.map((one) => one.id.slice(1))"))
