"""Drawings that a notebook brings into a page: nothing of them runs or leads out, and nothing is lost silently."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from browser import needs_chromium, opened
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from qy_finance.publish.pages import NotebookPage, export

SVG = "http://www.w3.org/2000/svg"


def drawn(inside: str, before: str = "") -> str:
    """The address of a picture, whose marks lead to two reports."""
    svg = f'{before}<svg xmlns="{SVG}" data-reports="r s"><path id="p" d="M0 0"/>{inside}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def shown(folder: Path, *addresses: str, html: str = "", language: str = "zh") -> BeautifulSoup:
    """What comes of pictures, and of other HTML before them, in a page."""
    images = "".join(f'<img class="chart" src="{one}" alt="甲">' for one in addresses)
    cell = new_code_cell("x", outputs=[new_output("display_data", {"text/html": html + images})])
    sources = {"r": "r.html", "s": "s.html"}
    page = NotebookPage("题", "局", 2022, "本级", "01", "2026", sources=sources, language=language)
    text = export(new_notebook(cells=[cell]), page, folder).text
    return BeautifulSoup(text[text.index("<main") : text.index("</main")], "html.parser")


@pytest.mark.parametrize(
    "inside",
    [
        "<a xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='javascript:alert(1)'/>",
        "<image href='https://x.example/alert.png' style='background: url(//alert)'/>",
        "<g><set><set to='alert(1)'/></set></g>",
        "<text><![CDATA[</text></svg><script>alert(1)</script>]]></text>",
        "<title>&lt;/title>&lt;img src=x onerror=alert(1)></title>",
        "<?xml-stylesheet href='//alert'?><!-- </svg><script>alert(1)</script> -->",
        "<a xmlns:e='http://e' e:onclick='alert(1)' OnClick='alert(1)' STYLE='alert'/>",
        "<a href='java&#10;script:alert(1)'/><image href='\\\\x.example\\alert'/>",
        "<path fill='url(//alert#x)' mask='url(//alert)' filter='URL( //alert)'/>",
    ],
)
def test_a_drawing_neither_runs_nor_leads_out(tmp_path: Path, inside: str) -> None:
    (figure,) = shown(tmp_path, drawn(inside)).select("figure.chart")
    assert figure.find("path") is not None
    assert {tag.name for tag in figure.find_all(True)} <= {
        "svg", "path", "a", "g", "text", "title", "image",
    }  # fmt: skip
    for tag in figure.find_all(True):
        assert "alert" not in str(tag.attrs)


BOMB = '<!DOCTYPE svg [<!ENTITY a "345"><!ENTITY bomb "&a;&a;&a;&a;">]>'
ENTITY = f'{BOMB}<svg xmlns="{SVG}"><text>1&bomb;2</text></svg>'


@pytest.mark.parametrize(
    "text",
    [
        "", "plain", "<html><svg/></html>", "<svg", "\x00",
        ENTITY,  # 12 would be another number
        f'<s:svg xmlns:s="{SVG}"/>', f'<svg xmlns="{SVG}" xmlns:s="{SVG}"><s:text>甲</s:text></svg>',
    ],
)  # fmt: skip
def test_what_is_no_drawing_stays_a_picture(tmp_path: Path, text: str) -> None:
    data = base64.b64encode(text.encode()).decode()
    page = shown(tmp_path, f"data:image/svg+xml;base64,{data}", "data:image/svg+xml;base64,甲乙")
    assert [image["alt"] for image in page.select("img")] == ["甲", "甲"]
    assert not page.select("figure")


@needs_chromium
@pytest.mark.parametrize("words", ["title", "desc"])
def test_words_about_a_drawing_do_not_swallow_the_page(tmp_path: Path, words: str) -> None:
    # in a title HTML takes <a/> for the beginning of a link
    inside = f'<{words}>甲<a data-at="0#1"/>乙<image src="x.png"/></{words}>'
    page = shown(tmp_path, drawn(inside), html="<h2>前</h2>")
    (told,) = page.select(words)
    assert (told.get_text(), told.find_all(True)) == ("甲乙", [])
    (tmp_path / "page.html").write_text(f"<meta charset=utf-8>{page}<h2>后</h2>", "utf-8")
    with opened(tmp_path / "page.html") as tab:
        assert tab.locator("h2:visible").all_inner_texts() == ["前", "后"]


def test_what_stands_behind_what_goes_stays(tmp_path: Path) -> None:
    page = shown(tmp_path, drawn("<text>1<b/>2<i>x<b/>y</i>3<tspan>4</tspan><b/>5</text>"))
    assert page.select_one("svg text").get_text() == "12345"  # type: ignore[union-attr]


def test_capitals_are_no_way_around(tmp_path: Path) -> None:
    link = (
        '<a HREF="#n9" ID="card" Data-Card="7" data-at="1#2 0#1"><text textLength="9">丁</text></a>'
    )
    page = shown(tmp_path, drawn(link))
    (one,) = page.select("svg a")
    assert one.attrs == {"href": "s.html#n2", "data-card": "0"}
    assert page.select("[textlength]")


def test_each_address_within_a_page_is_of_one_thing(tmp_path: Path) -> None:
    html = '<svg><g id="题"></g></svg><p id="card">甲</p><p id="c1w-p">乙</p><h2 id="x">题</h2><h2>c1w-p</h2>'
    page = shown(tmp_path, drawn('<g id="x"/><g id="x"/><use href="#x"/>'), html=html)
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert sorted(ids) == ["c1w-p", "c1w-p-2", "c1w-x", "题", "题-2"]
    assert page.select_one("use")["href"] == "#c1w-x"  # type: ignore[index]


@pytest.mark.parametrize("broken", ["wide", "narrow"])
def test_the_one_drawing_that_can_be_read_is_shown_everywhere(tmp_path: Path, broken: str) -> None:
    lost = "data:image/svg+xml;base64,%%%"
    wide, narrow = (lost if one == broken else drawn("") for one in ("wide", "narrow"))
    image = f'<img class="chart" src="{wide}">'
    html = f'<picture><source srcset="{narrow}">{image}{image}</picture>'
    (figure,) = shown(tmp_path, html=html).select("figure.chart")
    assert [svg["class"] for svg in figure.select("svg")] == [["only"]]


def test_a_mark_leads_to_a_report_that_the_drawing_names(tmp_path: Path) -> None:
    places = ["1#2.3 0#1", "9#1", "-1#1", "١#1", "1" * 5000 + "#1", "r#1"]
    page = shown(tmp_path, drawn("".join(f'<a data-at="{one}"/>' for one in places)))
    assert [one.get("href") for one in page.select("svg a")] == ["s.html#n2.3", *[None] * 5]


def test_chinese_in_a_drawing_of_an_english_page_is_marked(tmp_path: Path) -> None:
    inside = "<text>a</text><text>a<tspan>b</tspan>中</text><a aria-label='中'/>"
    page = shown(tmp_path, drawn(inside), language="en")
    assert [one.name for one in page.select('svg [lang="zh"]')] == ["text", "a"]
