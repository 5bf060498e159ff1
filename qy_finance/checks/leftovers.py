"""What was left in a report by its template or its author: words to strike, marks never closed, purposes copied."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from qy_finance.checks.knowledge import rules, words_data
from qy_finance.checks.ledger import Passage, brackets, compiled
from qy_finance.checks.model import Check
from qy_finance.checks.oversights import oversights
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import said

_QUOTED: Final = 20  # characters to either side
_LEVEL: Final = re.compile(r"[（(](?:类|款|项)[）)]")
_HEAD: Final = 120  # characters in which an item names its account


def leftover_checks(found: list[Passage]) -> Iterator[Check]:
    """Every check of what was left."""
    for passage in found:
        yield from _residue(passage)
    yield from _open_marks(found)
    yield from _purposes(found)


def _residue(passage: Passage) -> Iterator[Check]:
    for match in compiled("|".join(words_data().residue)).finditer(passage.text):
        at = passage.where(match.start())
        around = passage.text[max(0, match.start() - 10) : match.end() + 10]
        text = said(
            "{at}留有模板字样“{words}”：{around}", at=at, words=match[0], around=f"…{around}…"
        )
        yield Check(rules()["words.residue"], f"{match[0]}@{at}", Words((), text, holds=False))


# ---- marks ------------------------------------------------------------------------------------------------------


def _open_marks(found: list[Passage]) -> Iterator[Check]:
    """A bracket or quotation mark without its other half, in a paragraph that is whole and among some that are."""
    data = oversights().mark
    texts = [brackets(data.ordinal.sub("", passage.text)) for passage in found]
    for opening, closing, name in data.pairs:
        apart = [text.count(opening) - text.count(closing) for text in texts]
        if not any(apart):
            continue
        for at, (passage, text) in enumerate(zip(found, texts, strict=True)):
            near = apart[max(0, at - data.around) : at] + apart[at + 1 : at + 1 + data.around]
            if abs(apart[at]) != 1 or any(near) or not data.ends.search(text):
                continue
            if opening == "“" and data.neutral.search(text):
                continue
            place = _alone(text, opening, closing)
            if place is None:
                continue
            where = passage.where(0)
            around = text[max(0, place - _QUOTED) : place + _QUOTED]
            told = {"name": name, "at": where, "around": f"…{around}…"}
            fault = (
                said("{name}不成对，缺后{name}（{at}：{around}）", **told)
                if text[place] == opening
                else said("{name}不成对，缺前{name}（{at}：{around}）", **told)
            )
            yield Check(rules()["words.open_mark"], f"{name}@{where}", Words((), fault, False))


def _alone(text: str, opening: str, closing: str) -> int | None:
    """The mark that has no other half; None where both halves are missing somewhere."""
    open_at: list[int] = []
    alone: list[int] = []
    for match in re.finditer(f"[{opening}{closing}]", text):
        if match[0] == opening:
            open_at.append(match.start())
        elif open_at:
            open_at.pop()
        else:
            alone.append(match.start())
    alone += open_at
    return alone[0] if len(alone) == 1 else None


# ---- purposes ---------------------------------------------------------------------------------------------------


def _purposes(found: list[Passage]) -> Iterator[Check]:
    """A purpose that is that of the account above, word for word, and speaks of that one alone."""
    data = oversights().purpose
    items = [
        (passage, name, match)
        for passage in found
        if (name := _account(passage.text)) and (match := data.pattern.search(passage.text))
    ]
    used = Counter(match["text"] for *_, match in items)
    for (_, above, one), (passage, own, other) in pairwise(items):
        if one["text"] != other["text"] or above == own or used[one["text"]] != 2:
            continue
        text = one["text"]
        if _speaks(text, above, own, data.shared) and not _speaks(text, own, above, 2):
            at = passage.where(other.start())
            fault = said(
                "“{own}”的用途照抄了上一项“{above}”：“{text}”（{at}）",
                own=own, above=above, text=text, at=at,
            )  # fmt: skip
            yield Check(rules()["words.purpose"], f"{own}@{at}", Words((), fault, holds=False))


def _account(text: str) -> str:
    """The account of the lowest level that an item opens with."""
    *_, last = [None, *_LEVEL.finditer(text[:_HEAD])]
    if last is None:
        return ""
    return re.split(r"[）)、.．。，；\d]", text[: last.start()])[-1]


def _speaks(text: str, of: str, not_of: str, shared: int) -> bool:
    """Whether a text shares characters with a name that the other name does not have."""
    common = oversights().purpose.common
    pieces = [piece for piece in common.split(of) if len(piece) >= shared]
    parts = (piece[at : at + shared] for piece in pieces for at in range(len(piece) - shared + 1))
    return any(part in text and part not in not_of for part in parts)
