"""What each place of a report says of whose account it is: its cover, headings, labels of tables and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from qy_finance.form import WhoPatterns
from qy_finance.identity.names import Names
from qy_finance.tables.locate import Block, Parts

OWN: Final = "本级"
WHOLE: Final = "部门汇总"
_COVER: Final = 40  # lines, at most
_WRAPPED: Final = 5  # lines over which a title goes, at most
_LONGEST: Final = 90  # characters of a label or heading
_REACH: Final = 52  # characters of a name before its year
_ABOVE: Final = 4  # lines above a table's header that may say its year
_FULL: Final = 20  # characters of a line that goes on in the next
_ORDINALS: Final = "第一二三四五六七八九十"
_LABELLED: Final = ("单位", "部门", "机构")
_ZEROS: Final = "〇○零OＯo"
_DIGITS: Final = str.maketrans(
    f"{_ZEROS}一二三四五六七八九０１２３４５６７８９", f"{'0' * len(_ZEROS)}1234567890123456789"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d年")
_WRITTEN_YEAR: Final = re.compile(rf"二[{_ZEROS}][{_ZEROS}一二三四五六七八九]{{2}}(?=年)")
_FULL_WIDTH: Final = re.compile("[０-９]+")
_BETWEEN: Final = re.compile(r"[\s_—–-]+")
_LEADER: Final = re.compile(r"[.．…·—\s]*\d{0,3}$")
_CLAUSE: Final = re.compile(r"[^\n。；，：！？“”《》,;:]*$")


class Claim(NamedTuple):
    """What a line says. ``others`` are shorter readings of a name that may go over several lines."""

    place: str
    value: str
    line: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sayings:
    """All that is said of unit, year and scope, in the order of the places.

    ``marks`` say the scope in words beside the name (本级, 汇总), ``scopes`` by the kind of the account (单位决算);
    ``refused`` are names that stand where one should and are none.
    """

    units: list[Claim] = field(default_factory=list)
    years: list[Claim] = field(default_factory=list)
    scopes: list[Claim] = field(default_factory=list)
    marks: list[Claim] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """The text with its years in plain digits (二〇二二年, ２０２２年), each character where it was."""
    text = _FULL_WIDTH.sub(_in_digits, text)
    # every year of this century has a zero
    return _WRITTEN_YEAR.sub(_in_digits, text) if any(map(text.__contains__, _ZEROS)) else text


def _in_digits(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS)


class Listener:
    """Goes through the lines of a report and notes what they say."""

    def __init__(self, parts: Parts, who: WhoPatterns) -> None:
        self.who = who
        self.names = Names(who)
        self.text = plain("\n".join(text for _, text in parts.filled))
        numbers = (line.number for line, _ in parts.filled)
        # a document without a line has one empty one
        self.lines = list(zip(numbers, self.text.split("\n"), strict=False))
        self.said = Sayings()
        self.cover = self._cover({block.title.number for block in parts.blocks})
        self._listen_to_titles()
        self._listen_to_headings()
        self._listen_to_labels(parts.blocks)
        self._listen_to_sentences()
        self._listen_to_file(parts.document.path.stem)

    @cached_property
    def printed(self) -> Mapping[int, str]:
        """The lines by their numbers, without layout spaces."""
        return dict(self.lines)

    def _cover(self, tables: Set[int]) -> list[tuple[int, str]]:
        """The lines before the contents, the first heading, table or sentence, but for what stands beside."""
        who, cover = self.who, []
        for number, text in self.lines[:_COVER]:
            ends = number in tables or "。" in text
            if ends or who.contents.fullmatch(text) or who.part.match(text):
                break
            if not who.aside.fullmatch(text):
                cover.append((number, text))
        return cover

    def _listen_to_titles(self) -> None:
        """The titles on the cover: each may go over several lines, and its name stand above it."""
        for end, (number, _) in enumerate(self.cover, start=1):
            readings: list[str] = []
            found = None
            for begin in range(end - 1, max(end - _WRAPPED, 0) - 1, -1):
                match = self._title("".join(text for _, text in self.cover[begin:end]))
                if match is None:
                    if found is not None:
                        break
                    continue
                name, upper = _name(match), self.cover[begin][1]
                if not readings or name == readings[-1] or self.names.goes_on(upper, readings[-1]):
                    found = match
                    readings.append(name)
                else:
                    break
            if found is not None:
                self._note("cover", number, found, readings)
        for number, text in self.cover:
            if match := self.who.label.fullmatch(text):
                self._note("cover", number, match, [match["before"]])

    def _title(self, text: str) -> re.Match[str] | None:
        if "决算" not in text:
            return None
        return next(filter(None, (title.fullmatch(text) for title in self.who.title)), None)

    def _listen_to_headings(self) -> None:
        """Parts of the report (第一部分 某局概况), and its title where it stands again."""
        who = self.who
        behind = self.cover[-1][0] if self.cover else 0
        for at, (number, text) in enumerate(self.lines):
            if len(text) > _LONGEST:
                continue
            if text[0] in _ORDINALS and (part := who.part.match(text)):
                if match := self._heading(at, _LEADER.sub("", text[part.end() :])):
                    chapter = not text.startswith("第")
                    name = _name(match)
                    if not chapter or self.names.is_organisation(name):
                        self._note("heading", number, match, [name])
            elif number > behind and "决算" in text and "年" in text:
                title = who.opening.sub("", _LEADER.sub("", text), count=1)
                if match := who.title[0].fullmatch(title):
                    self._note("heading", number, match, [_name(match)])

    def _heading(self, at: int, text: str) -> re.Match[str] | None:
        """What a heading says; that of a part may go over several lines."""
        who = self.who
        for _, below in [*self.lines[at + 1 : at + 3], (0, "")]:
            if match := who.overview.fullmatch(text) or who.title[0].match(text):
                return match
            starts = who.part.match(below) or who.contents.fullmatch(below) or len(below) > _LONGEST
            if (
                starts
                or not self.lines[at][1].startswith("第")
                or text.endswith(("表", "说明", "解释"))
            ):
                return None
            text += _LEADER.sub("", below)
        return None

    def _listen_to_labels(self, blocks: Sequence[Block]) -> None:
        """The labels of the form's tables; of others (绩效自评表) only where those have none."""
        who = self.who
        heads = {line.number for block in blocks for line in block.lines[:_ABOVE]}
        within = {line.number for block in blocks for line in block.lines}
        covered = {number for number, _ in self.cover}
        labels = [
            (number, match)
            for number, text in self.lines
            if len(text) <= _LONGEST
            and (":" in text or "：" in text)
            and any(word in text for word in _LABELLED)
            and number not in covered
            and (match := who.label.fullmatch(text))
        ]
        own = [label for label in labels if label[0] in within]
        for number, match in own or labels:
            self._note("label", number, match, [match["before"]])
        for number, text in self.lines if heads else ():
            if number in heads and (match := who.dated.fullmatch(text)):
                self.said.years.append(Claim("label", match["year"], number))

    def _listen_to_sentences(self) -> None:
        """Sentences that account for a year, and where nothing else names the unit those that introduce it."""
        who, text = self.who, self.text
        place = _Places(text, [number for number, _ in self.lines])
        titles = {said.line for said in self.said.years if said.place in ("cover", "heading")}
        for hit in _YEAR.finditer(text):
            if not who.accounted.match(text, hit.end() - 1):
                continue
            before, number = self._clause(hit.start()), place(hit.start())
            if number in titles or who.compared.search(before):
                continue
            self.said.years.append(Claim("sentence", hit[0][:4], number))
            self._named("sentence", before, number)
        if not any(self.names.is_organisation(said.value) for said in self.said.units):
            for hit in who.introduced.finditer(text):
                self._named("mention", self._clause(hit.start()), place(hit.start()))
        for match in who.units.finditer(text):
            if int(match["units"]) > 1:
                self.said.scopes.append(Claim("sentence", WHOLE, place(match.start())))
        for match in who.subordinate.finditer(text):
            self.said.scopes.append(Claim("sentence", WHOLE, place(match.start())))
        for pattern, scope in ((who.of_unit, OWN), (who.of_department, WHOLE)):
            lines = (place(match.start()) for match in pattern.finditer(text))
            self.said.scopes.extend(Claim("text", scope, line) for line in lines)
        if not self.said.years:
            self.said.years.extend(
                Claim("sentence", hit[1], place(hit.start())) for hit in who.loosely.finditer(text)
            )

    def _listen_to_file(self, name: str) -> None:
        """The name that a file was published under, for what the report itself does not say."""
        said, title = self.said, plain(_BETWEEN.sub("", name))
        match = next(filter(None, (pattern.match(title) for pattern in self.who.title)), None)
        if match is None:
            return
        unit = self.names.cleaned(_name(match))
        if not said.units and self.names.is_organisation(unit):
            said.units.append(Claim("file", unit, 0))
        if not said.years and match["year"]:
            said.years.append(Claim("file", match["year"], 0))

    def _clause(self, end: int) -> str:
        """The clause before a place, from the line above where that goes on."""
        reach = self.text[max(end - _REACH, 0) : end]
        clause = _CLAUSE.search(reach)
        assert clause is not None
        above = reach[: clause.start()].removesuffix("\n")
        upper = above.rpartition("\n")[2]
        if reach[: clause.start()].endswith("\n") and len(upper) >= _FULL:
            wrapped = _CLAUSE.search(upper)  # empty where the line above ends a sentence
            if wrapped and self.names.goes_on(wrapped[0], clause[0]):
                return wrapped[0] + clause[0]
        return clause[0]

    def _named(self, place: str, clause: str, line: int) -> None:
        name = self.names.cleaned(self.who.opening.sub("", clause, count=1))
        if len(name) >= 4 and self.names.is_organisation(name):
            self.said.units.append(Claim(place, name, line))
        elif self.who.unnamed.fullmatch(name):
            self.said.refused.append(name)

    def _note(self, place: str, line: int, match: re.Match[str], readings: list[str]) -> None:
        """Note what a title, heading or label says; of its readings the last one is the fullest."""
        groups, said = match.groupdict(), self.said
        if year := groups.get("year"):
            said.years.append(Claim(place, year, line))
        if kind := groups.get("kind"):
            said.scopes.append(Claim(place, OWN if kind == "单位" else WHOLE, line))
        for pattern, scope in ((self.who.own, OWN), (self.who.whole, WHOLE)):
            if any(map(pattern.search, readings)):
                said.marks.append(Claim(place, scope, line))
        names = list(dict.fromkeys(map(self.names.cleaned, reversed(readings))))
        good = [name for name in names if self.names.is_possible(name)]
        if good:
            said.units.append(Claim(place, good[0], line, tuple(good[1:])))
        else:
            said.refused.extend(filter(None, names))


def _name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("before") or groups.get("after") or ""


class _Places:
    """The number of the line that a place of the joined lines stands in."""

    def __init__(self, text: str, numbers: Sequence[int]) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._numbers = numbers

    def __call__(self, at: int) -> int:
        return self._numbers[bisect_right(self._starts, at) - 1]
