"""What a clause speaks of, without the words that only lead to it."""

from __future__ import annotations

import re

from qy_finance.narrative import lexicon

_DATE = (
    r"(?:截[至止](?:到)?)?(?:(?:19|20)\d\d年(?:度|末|底|初(?!预算))?)"
    r"(?:\d{1,2}月(?:份|底)?)?(?:\d{1,2}日)?(?:期间|以来|开始|底|末)?"
)
_LEADING = re.compile(
    r"[\s、，；：:,。”）)（(①-⑳]+|以[上下内外]"
    r"|(?:和|与|及)(?=(?:19|20)\d\d年)|(?:以及|并且|并|且|同时|此外|另外|其中|包括|具体(?:情况)?(?:如下)?|分别(?:为|是)|其余|另有|还有)(?=[^\w]|.{2})"
    r"|主要原因(?:是|为)?|(?:主要)?(?:原因)(?:是|为)|[一二三四五六七八九]是|(?:主要)?(?:是|为)(?:由于|因)?"
    r"|(?:本|我)(?:部门|单位|局|委|办|厅|中心|院|校|所)(?=.{2})"
    rf"|{_DATE}|(?:\d{{1,2}}月(?:份)?(?:\d{{1,2}}日)?)|(?:上|下)半年|当年|年内|今年|全年(?!预算|执行)|本年度|每年|每月|年度(?=.)"
    r"|(?:共有|共计|共|累计|总计|合计|一共|仅|约)(?=.{2})|发生|民众反映前.{1,3}名|已|均"
)
_TRAILING = re.compile(
    r"(?:分别|共计|累计)?(?:为|是)$|(?:共有|共计|累计|分别|共|达到|达|约|(?<!实)有|完成|近|超过|超|逾|不足|突破|(?<![合总共])计|仅|已|均能|(?<![人日户月年平])均|能|各|至|到|了|于|为|是)$"
    r"|(?<=.)(?:集中在|主要有|包括)$|(?<=.)(?:19|20)\d\d年度?$|[：:、“（(\s]+$"
)
_LONGEST_TAIL = 8
_LAST_NAME = re.compile(r"^.*(?:集中在|分别是|分别为|主要有|包括：?)(?=.)")
_INCLUDING = re.compile(r"[（(](?:包括|其中)[^（）()]*[)）]$")
_LABELLED = re.compile(
    rf"(?P<item>.*?)(?:的)?(?<!总)(?<!一般公共)(?<!政府性基金)(?<!国有资本经营)(?<!财政专户)(?P<label>(?:上一?年度?|去年)?{lexicon.LABEL}|上一?年度?|去年)$"
)
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年")
_COORDINATE_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:度)?(?:和|、|与|及)((?:19|20)\d\d)年")
_LAST_YEAR = re.compile(r"(?:上一?年|去年)(?!.{0,4}(?:结转|结余|末))")
_ADVERB = re.compile(rf"{_DATE}")
_FOLLOWING_NOUN = re.compile(r"(?:的)?([\u4e00-\u9fffA-Za-z（）“”]+)")
_NO_NOUN = re.compile(r"以[上下内外]|左右|的[，。；]|[内外中]|[和与及、]|（")


class Subjects:
    """Subjects of one report, whose unit (单位) and year are only words that lead to them."""

    def __init__(self, unit: str, year: int) -> None:
        self.year = year
        names = {unit, re.sub(r"[（(]?本级[)）]?$|[（(]汇总[)）]$", "", unit)} - {""}
        self._unit = (
            re.compile(
                "(?:"
                + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
                + ")(?:本级)?"
            )
            if names
            else re.compile(r"(?!)")
        )

    def clean(self, text: str) -> str:
        """The subject that a piece of a sentence names; empty if it names none."""
        if text.endswith(("）", ")")):
            text = _INCLUDING.sub("", text)
        if match := _LAST_NAME.match(text):
            text = text[match.end() :]
        before = None
        while text != before:
            before = text
            if match := self._unit.match(text):
                text = text[match.end() :]
            if match := _LEADING.match(text):
                text = text[match.end() :]
        while match := _TRAILING.search(text, max(0, len(text) - _LONGEST_TAIL)):
            text = text[: match.start()]
        return _balanced(text)

    def split(self, text: str) -> tuple[str, str]:
        """A subject and the label of its amount: 公务接待费支出决算 is 公务接待费, 支出决算."""
        subject = self.clean(text)
        match = _LABELLED.fullmatch(subject)
        return (self.clean(match["item"]), match["label"]) if match else (subject, "")

    def year_of(self, fragments: list[str], pair: bool) -> int | None:
        """The fiscal year that a clause states for its figure.

        A year counts where the clause opens with it, or where it stands alone before the clause
        (2021年，…); ``pair`` tells that the first of two coordinated years is meant.
        """
        tail = fragments[-1]
        if years := _COORDINATE_YEARS.search(tail):
            return int(years[1] if pair else years[2])
        opening = self._opening(tail)
        if match := _YEAR.match(opening):
            return int(match["year"])
        if _LAST_YEAR.match(opening):
            return self.year - 1
        for fragment in reversed(fragments[:-1]):
            if match := _ADVERB.fullmatch(fragment.strip()):
                year = _YEAR.search(match[0])
                return int(year["year"]) if year else None
        return None

    def paired_year(self, tail: str) -> int | None:
        """The second of two coordinated years: 2020年和2021年…43.8%和30.3%."""
        match = _COORDINATE_YEARS.search(tail)
        return int(match[2]) if match else None

    def _opening(self, tail: str) -> str:
        before = None
        while tail != before:
            before = tail
            if match := self._unit.match(tail):
                tail = tail[match.end() :]
            match = _LEADING.match(tail)
            if match and not _YEAR.search(match[0]):
                tail = tail[match.end() :]
        return re.sub(r"^截[至止]到?", "", tail)


def noun_behind(text: str, at: int) -> str:
    """The noun that a count counts: 45个职场坐席."""
    if _NO_NOUN.match(text, at):
        return ""
    match = _FOLLOWING_NOUN.match(text, at)
    return _balanced(match[1]) if match else ""


def _balanced(text: str) -> str:
    """Without a bracket or quotation mark whose partner is outside."""
    for opening, closing in ("（）", "()", "“”"):
        if text.count(opening) < text.count(closing):
            text = (
                text[text.index(closing) + 1 :]
                if text.find(opening) == -1 and text.index(closing) < 3
                else text.replace(closing, "", 1)
            )
        elif text.count(opening) > text.count(closing):
            text = text[text.rindex(opening) + 1 :] or text.replace(opening, "", 1)
    return text
