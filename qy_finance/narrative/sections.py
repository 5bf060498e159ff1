"""Which heading a paragraph stands under, and what its list item or label is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qy_finance.form import Lexicon, Phrases
from qy_finance.narrative.flow import LAST_HEADING, LEVELS, ORDINAL, Paragraph, is_title
from qy_finance.narrative.numerals import numerals
from qy_finance.narrative.subjects import unquoted

_LONGEST_TITLE = 45
_LONGEST_ACCOUNT = 100  # its title names 类, 款 and 项, which may all be long
_FIRST_SENTENCE = re.compile(r"[^。]*?(?:。|：|:|$)")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a paragraph stands.

    ``section`` is the heading as printed (with its ordinal), ``topic`` what the innermost title of a list item
    or label speaks of; ``start`` is where the sentences of the paragraph begin.
    """

    section: str
    topic: str
    label: str
    start: int


def contexts(
    paragraphs: Iterable[Paragraph], lexicon: Lexicon
) -> Iterator[tuple[Paragraph, Context]]:
    """Each paragraph with its context, in order.

    A title that is a paragraph of its own holds until the next ordinal of its level or above; one that a
    sentence follows holds for its own paragraph.
    """
    section = ""
    titles: dict[int, str] = {}
    for paragraph in paragraphs:
        level = paragraph.level
        title, start = _title(paragraph, lexicon)
        if level is not None:
            titles = {at: text for at, text in titles.items() if at < level}
        account = title or _account(paragraph, lexicon.phrases)
        topic = topic_of(account, lexicon.phrases)
        label = topic if level is None and title.endswith(("：", ":")) else ""
        if lexicon.phrases.nothing_named.fullmatch(topic):
            topic = label = ""
        elif lexicon.phrases.no_label.search(title.rstrip("：:")):
            label = ""
        if level is not None and title and level <= LAST_HEADING:
            section = paragraph.text[:start].rstrip("。：:")
            topic = ""
        elif level is None and _is_heading(paragraph.text, lexicon.phrases):
            titles[len(LEVELS)] = topic_of(paragraph.text, lexicon.phrases)
        elif level is not None and account and _is_alone(paragraph, title, start, lexicon):
            titles[level] = topic
        topic = topic or (titles[max(titles)] if titles else "")
        yield paragraph, Context(section, topic, label, start)


def topic_of(title: str, say: Phrases) -> str:
    """What a title speaks of: 人工话务接通率的完成情况 is about 人工话务接通率."""
    ordinal = ORDINAL.match(title)
    topic = say.topic_tail.sub("", title[ordinal.end() :] if ordinal else title).strip("。：:")
    return unquoted(topic, say)


def _account(paragraph: Paragraph, say: Phrases) -> str:
    """The account that a paragraph opens with, whatever it says of it."""
    account = say.opening_account.match(paragraph.text, paragraph.body)
    return account[0] if account else ""


def _is_heading(text: str, say: Phrases) -> bool:
    """Whether a paragraph without ordinal is a heading (机关运行经费支出情况说明, 机关运行经费)."""
    ends = say.heading_end.search(text) or say.heading_noun.search(text)
    return is_title(text) and ends is not None


def _is_alone(paragraph: Paragraph, title: str, start: int, lexicon: Lexicon) -> bool:
    """Whether a title stands by itself, or an account without figures: it holds for what follows."""
    if title:
        return start == len(paragraph.text)
    return all(numeral.reason is not None for numeral in numerals(paragraph.text[start:], lexicon))


def _title(paragraph: Paragraph, lexicon: Lexicon) -> tuple[str, int]:
    """The title that a paragraph opens with, and where it ends; empty if it opens with a sentence."""
    match = _FIRST_SENTENCE.match(paragraph.text, paragraph.body)
    assert match is not None
    text = match[0]
    followed = text.endswith("。") and match.end() < len(paragraph.text)
    is_title = paragraph.level is not None or followed or text.endswith(("：", ":"))
    longest = _LONGEST_ACCOUNT if lexicon.phrases.account_title.search(text) else _LONGEST_TITLE
    if not is_title or len(text) > longest or lexicon.phrases.no_title.match(text):
        return "", paragraph.body
    tells = any(numeral.reason is None for numeral in numerals(text, lexicon))
    return ("", paragraph.body) if tells else (text, match.end())
