"""Names that do not fit: of another unit, of accounts that the tables do not have, of a year that is not the last."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import Ledger, Passage
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.oversights import oversights
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import said
from qy_finance.identity.names import Names

_PANDEMIC: Final = 2019  # the year that years after it are compared with for good reason
_OFTEN: Final = 3  # times that a report compares with last year, to know its custom
_SELDOM: Final = 2  # times that a name or a year is an oversight
_NAMES: Final = 20  # more units than that are no oversight
_ALIKE: Final = 3  # characters that two ways to write one name share
_QUOTED: Final = 30
_SENTENCE: Final = re.compile("[。；]")
_ANY_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=年)")


def name_checks(ledger: Ledger, found: list[Passage]) -> Iterator[Check | NotRun]:
    """Every check of the unit's name, and of the year that is compared with."""
    yield from _units(ledger, found)
    yield from _base_years(ledger, found)


class _Said(NamedTuple):
    """Whose account a sentence says that it is."""

    name: str
    passage: Passage
    at: int


def _units(ledger: Ledger, found: list[Passage]) -> Iterator[Check | NotRun]:
    """Sentences and headings that account for a unit that the report does not mention anywhere else."""
    data, unit = oversights().unit_name, ledger.reading.identity.unit
    names = Names(ledger.reading.form.who)
    own = 0
    others: defaultdict[str, list[_Said]] = defaultdict(list)
    for passage in found:
        for match in data.subject.finditer(passage.text):
            name = names.cleaned(ledger.reading.form.who.opening.sub("", match["name"], count=1))
            if not names.is_organisation(name) or data.others.search(name):
                continue
            if name[-1] != names.bare(unit)[-1:] and not data.organ.search(name):
                continue
            if names.alike(name, unit) or name in unit:
                own += 1
            else:
                others[name].append(_Said(name, passage, match.start("name")))
    if (not own and not others) or len(others) > _NAMES:
        return
    squeezed = "".join(ledger.reading.text.split())
    wrong = {
        name: places
        for name, places in others.items()
        if squeezed.count(name) == len(places) <= min(_SELDOM, own) and _is_another(name, unit)
    }
    for name, places in wrong.items():
        _, passage, at = places[0]
        where, around = passage.where(at), passage.text[at : at + len(name) + _QUOTED]
        text = said(
            "单位名称前后不一：“{name}”，报告的单位是“{unit}”（{at}“{around}”）",
            name=name, unit=unit, at=where, around=f"{around}…",
        )  # fmt: skip
        yield Check(rules()["words.unit_name"], f"{name}@{where}", Words((), text, holds=False))
    if own and not wrong:
        text = said("正文 {n} 处以“{unit}”为单位", n=str(own), unit=unit)
        yield Check(rules()["words.unit_name"], "", Words((), text, holds=True))


def _is_another(name: str, unit: str) -> bool:
    """Whether a name is that of another unit, or misspelt: behind the place that both name little is alike."""
    if _is_misspelt(name, unit):
        return True
    pairs = enumerate(zip(name, unit, strict=False))
    same = next((at for at, (one, two) in pairs if one != two), min(len(name), len(unit)))
    own, other = unit[same:], name[same:]
    alike = (other[at : at + _ALIKE] in own for at in range(len(other) - _ALIKE + 1))
    return bool(own and other) and not any(alike) and other not in own


def _is_misspelt(name: str, unit: str) -> bool:
    """Whether two names differ in one character, which one of them may lack."""
    if len(name) == len(unit):
        return sum(one != other for one, other in zip(name, unit, strict=True)) == 1
    short, long = sorted((name, unit), key=len)
    dropped = (long[:at] + long[at + 1 :] for at in range(len(long)))
    return len(long) == len(short) + 1 and short in dropped


def _base_years(ledger: Ledger, found: list[Passage]) -> Iterator[Check | NotRun]:
    """A comparison with the year before last, or with itself, in a report that compares with the last one."""
    data, last = oversights().base_year, ledger.year - 1
    usual = 0
    odd: defaultdict[int, list[tuple[Passage, re.Match[str]]]] = defaultdict(list)
    for passage in found:
        if data.elsewhere.search(passage.section):
            continue
        text = passage.text
        usual += len(data.usual.findall(text))
        for match in data.pattern.finditer(text):
            year = int(match["year"])
            behind = text[match.end("year") : match.end() + data.reach]
            if not data.money.match(behind):
                continue
            if year == last:
                usual += 1
            elif year in (last - 1, ledger.year) and year != _PANDEMIC:
                odd[year].append((passage, match))
    for year, places in odd.items():
        for passage, match in places:
            sentence = _sentence(passage.text, match.start())
            years = {int(one) for one in _ANY_YEAR.findall(sentence)} - {year, ledger.year}
            if years or data.usual.search(sentence) or data.meant.search(sentence):
                continue
            at = passage.where(match.start())
            around = sentence[:_QUOTED] + "…" if len(sentence) > 2 * _QUOTED else sentence
            fault = said(
                "所比的年度应为 {year} 年，报告写“{words}”（{at}“{around}”）",
                year=str(last), words=match[0], at=at, around=around,
            )  # fmt: skip
            check = Check(rules()["words.base_year"], f"{year}@{at}", Words((), fault, holds=False))
            if usual < _OFTEN or len(places) > _SELDOM:
                yield NotRun(check.identity, check.place, "所比年度的惯例")
            else:
                yield check


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind("。", 0, at), text.rfind("；", 0, at)) + 1
    end = _SENTENCE.search(text, at)
    return text[start : end.end() if end else len(text)]
