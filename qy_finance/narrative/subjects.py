"""What a clause speaks of, without the words that only lead to it."""

from __future__ import annotations

import re

from qy_finance.form import Lexicon, Phrases

_LONGEST_TAIL = 8
_SHORT_NAME = 3  # characters of a name without its place that is still one


class Subjects:
    """Subjects of one report, whose unit (单位) and year are only words that lead to them."""

    def __init__(self, unit: str, year: int, lexicon: Lexicon) -> None:
        self.year = year
        self.lexicon = lexicon
        self.say = lexicon.phrases
        self._cleaned: dict[str, str] = {
            "": ""
        }  # each clause is asked for by several ways of speaking
        own = self.say.part_of_unit.sub("", unit)
        place = self.say.place.match(own)  # 某县财政局 calls itself 财政局 too
        short = own[place.end() :] if place and len(own) - place.end() >= _SHORT_NAME else ""
        names = sorted({unit, own, short} - {""}, key=len, reverse=True)
        self._unit = re.compile(f"(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?:本级)?")

    def clean(self, text: str) -> str:
        """The subject that a piece of a sentence names; empty if it names none."""
        if text not in self._cleaned:
            self._cleaned[text] = self._named(text)
        return self._cleaned[text]

    def _named(self, text: str) -> str:
        if text.endswith(("）", ")")):
            text = self.say.including.sub("", text)
        if match := self.say.last_name.match(text):
            text = text[match.end() :]
        text = self._without_lead(text)
        while match := self.say.trailing.search(text, max(0, len(text) - _LONGEST_TAIL)):
            text = text[: match.start()]
        return unquoted(_balanced(text), self.say)

    def divided(self, subject: str) -> list[str]:
        """The names that a subject joins: 货物、工程、服务采购金额 are three amounts of purchases."""
        names = [name for name in self.say.names.split(subject) if name]
        shared = self.say.shared_noun.search(names[-1]) if len(names) > 1 else None
        return [self._whole(name, shared[0]) for name in names] if shared else names

    def _whole(self, name: str, noun: str) -> str:
        """A name with the noun that it shares with the last: 收 of 收、支总计 is 收入总计."""
        if not name.endswith(noun):
            overlap = next((n for n in range(len(noun) - 1, 0, -1) if name.endswith(noun[:n])), 0)
            name += noun[overlap:]
        side = self.say.side.match(name)
        return {"收": "收入", "支": "支出"}[side[0]] + name[1:] if side else name

    def split(self, text: str) -> tuple[str, str]:
        """A subject and the label of its amount: 公务接待费支出决算 is 公务接待费, 支出决算."""
        subject = self.clean(text)
        match = self.say.labelled.fullmatch(subject)
        if match is None:
            return subject, ""
        item, label = self.clean(match["item"]), match["label"]
        return item + "支出" * (
            label.startswith("支出") and bool(self.say.sided.search(item))
        ), label

    def year_of(self, fragments: list[str], pair: bool) -> int | None:
        """The fiscal year that a clause states for its figure.

        A year counts where the clause opens with it, or where it stands alone before the clause
        (2021年，…); ``pair`` tells that the first of two coordinated years is meant.
        """
        tail = fragments[-1]
        if years := self.say.coordinate_years.search(tail):
            return int(years[1] if pair else years[2])
        opening = self.say.as_of.sub("", self._without_lead(tail, to_year=True))
        if match := self.say.year.match(opening):
            return int(match["year"])
        if self.say.last_year.match(opening):
            return self.year - 1
        if match := self.say.year_behind.search(tail):
            return int(match["year"])
        return self.alone(fragments)

    def alone(self, fragments: list[str]) -> int | None:
        """The year that stands before a clause, between commas: 2021年，…."""
        for fragment in reversed(fragments[:-1]):
            if match := self.say.date.fullmatch(fragment.strip()):
                year = self.say.year.search(match[0])
                return int(year["year"]) if year else None
        return None

    def paired_year(self, tail: str) -> int | None:
        """The second of two coordinated years: 2020年和2021年…43.8%和30.3%."""
        match = self.say.coordinate_years.search(tail)
        return int(match[2]) if match else None

    def noun_behind(self, text: str, at: int) -> str:
        """The noun that a count counts: 45个职场坐席."""
        if self.say.no_noun.match(text, at):
            return ""
        match = self.say.following_noun.match(text, at)
        return _balanced(match[1].removesuffix("中")) if match else ""

    def _without_lead(self, text: str, to_year: bool = False) -> str:
        """A clause without the words that only lead to its subject, or to its year where that is wanted."""
        before = None
        while text != before:
            before = text
            if match := self._unit.match(text):
                text = text[match.end() :]
            match = self.say.leading.match(text)
            if match and not (to_year and self.say.year.search(match[0])):
                text = text[match.end() :]
        return text


def unquoted(name: str, say: Phrases) -> str:
    """The name of an account without the quotation marks around it."""
    account = say.named_account.fullmatch(name)
    return account[1] if account else name


def _balanced(text: str) -> str:
    """Without a bracket or quotation mark whose partner is outside."""
    if text.count('"') == 1:  # “三公"经费
        text = text.replace('"', "”" if "“" in text else "")
    for opening, closing in ("（）", "()", "“”"):
        if text.count(opening) < text.count(closing):
            early = opening not in text and text.index(closing) < 3
            text = text[text.index(closing) + 1 :] if early else text.replace(closing, "", 1)
        elif text.count(opening) > text.count(closing):
            text = text[text.rindex(opening) + 1 :] or text.replace(opening, "", 1)
    return text
