"""The ways in which a clause says what its figure is, one function each; all return None where it does not say so."""

from __future__ import annotations

from collections.abc import Callable

from qy_finance.narrative.clause import Clause, base_of
from qy_finance.narrative.said import Statement
from qy_finance.narrative.targets import actual, reached, target

_CLOSED = frozenset("）)")
_SHORT = frozenset("增减")


def base(clause: Clause) -> Statement | None:
    """…增长--（基数为0，不可比）: a base of zero."""
    if clause.numeral.kind != "bare" or not clause.say.base.search(clause.tail):
        return None
    before = clause.subjects.year - 1
    last_year = (
        clause.say.base_last_year.search(clause.said.base) or f"{before}年" in clause.said.base
    )
    return clause.statement("base", "", clause.said.base, year=before if last_year else None)


def against(clause: Clause) -> Statement | None:
    """…比上年决算数6,700万元增加512万元: the base itself, stated."""
    match = clause.compared(clause.tail, clause.say.against)
    if match is None:
        match = clause.compared(clause.tail, clause.say.against_any)
        if not match or not clause.say.direction_behind.match(clause.text, clause.numeral.stop):
            return None
    clause.said.base = match["base"]
    if clause.said.brackets and clause.tail.endswith(("（", "(")):
        clause.said.brackets.pop()  # the change behind this bracket is against the figure in it
    year = clause.subjects.year_of([match["base"]], pair=False)
    return clause.statement(
        clause.measure, clause.tail[: match.start()], clause.said.base, year=year
    )


def relation(clause: Clause) -> Statement | None:
    """…大于预算数12万元, 超过目标值5个百分点."""
    match = clause.say.relation.search(clause.tail)
    if match is None:
        return None
    sign = -1 if match["direction"] in clause.lexicon.words.less else 1
    about, of = clause.tail[: match.start()], match["of"]
    return clause.statement("change", about, of, value=sign * clause.value)


def completion(clause: Clause) -> Statement | None:
    """…完成预算的91.4%, 执行率98%; 完成预算1.89万元的100%."""
    percent = clause.numeral.kind == "percent"
    if match := clause.say.completed.search(clause.tail):
        if percent:
            return clause.statement(
                "completion_rate", clause.tail[: match.start()], match["budget"]
            )
        if clause.numeral.kind == "money" and match["verb"].startswith("完成"):
            clause.said.base = match["budget"]
            return clause.statement("amount", clause.tail[: match.start()], match["budget"])
    if not percent:
        return None
    if match := clause.say.completion_rate.search(clause.tail):
        own = clause.subjects.clean(clause.tail[: match.start()])
        of_last = clause.said.same_sentence and not any(clause.fragments[:-1])
        own = own or (clause.said.last.subject if of_last else "") or clause.context.topic
        if not own and not clause.said.last.measure:
            own = clause.subjects.clean(match[0])
        of = clause.said.budget if clause.said.last.measure == "amount" else ""
        return clause.statement("completion_rate", "", of, subject=own)
    done = clause.said.last.measure == "amount" or clause.said.last.subject.startswith("完成")
    if clause.tail == "的" and done:
        return clause.statement("completion_rate", "", clause.said.last.of)
    return None


def of_whole(clause: Clause) -> Statement | None:
    """…占总投资3亿元的50%: the whole with its own amount, and the share of it."""
    said = clause.said
    if clause.numeral.kind == "money" and (of := clause.say.share_whole.search(clause.tail)):
        said.part, said.head = said.last.subject, clause.subjects.clean(of["whole"])
        return clause.statement("amount", "", "", subject=said.head)
    if clause.numeral.kind == "percent" and clause.tail == "的" and said.part:
        return clause.statement("share", "", said.head, subject=said.part)
    return None


def share(clause: Clause) -> Statement | None:
    """…占总支出的70%, 药占比25%; what leaves the whole out is of the head of its list."""
    if clause.numeral.kind != "percent":
        return None
    if named := clause.say.named_share.search(clause.tail):
        return clause.statement("share", clause.tail[: named.end()], "")
    match = clause.say.share.search(clause.tail)
    if match is None:
        return None
    whole = clause.subjects.clean(match["whole"]) or clause.said.head
    return clause.statement("share", clause.tail[: match.start()], whole)


def change(clause: Clause) -> Statement | None:
    """…比上年增加5万元, 下降3.1%, 同比-3.2%."""
    if clause.numeral.kind == "percent" and (
        same := clause.say.same.search(clause.tail)
    ):  # 同比-3.2%
        clause.said.base = same[1]
        return clause.statement("change_rate", clause.tail[: same.start()], clause.said.base)
    if clause.said.beyond and clause.tail in _CLOSED:  # 高出年度目标（93%）2.6个百分点
        sign = -1 if clause.said.beyond.startswith("低") else 1
        clause.said.beyond = ""
        return clause.statement("change", "", clause.said.base, value=sign * clause.value)
    match = clause.say.change.search(clause.tail)
    if match is None:
        return None
    prefix = clause.tail[: match.start()]
    if compared := clause.compared(prefix):
        clause.said.base = base_of(compared)
        prefix = prefix[: compared.start()] or prefix[compared.end() :]
        if _is_unclear(clause, prefix):  # 同比多减3万元
            return None
    elif _is_unclear(clause, prefix) or not _is_change(clause, match["direction"], prefix):
        return None
    value = clause.value
    if match["direction"] not in clause.lexicon.words.up and value > 0:
        value = -value
    of_rate = "幅" in match["direction"] + match["how"] and clause.said.last.measure == "rate"
    points = "百分点" in clause.numeral.unit or of_rate
    rate = (clause.numeral.kind == "percent" and not points) or clause.numeral.unit == "倍"
    return clause.statement(
        "change_rate" if rate else "change", prefix, clause.said.base, value=value
    )


def changed(clause: Clause) -> Statement | None:
    """压减会议费0.6万元: what changed, behind the word for it."""
    if clause.numeral.kind != "money":
        return None
    match = clause.say.changed.fullmatch(clause.subjects.clean(clause.tail))
    if match is None:
        return None
    sign = 1 if match["direction"] in clause.lexicon.words.up else -1
    return clause.statement("change", match["about"], "", value=sign * clause.value)


def level(clause: Clause) -> Statement | None:
    """…由25秒缩短至12秒: where it was, and where it is."""
    match = clause.say.level.search(clause.tail) or clause.say.from_level.search(clause.tail)
    if match is None:
        return None
    when = match["when"].removesuffix("的")
    year = clause.subjects.year_of([when], pair=False)
    return clause.statement(clause.measure, clause.tail[: match.start()], when, year=year)


def plain(clause: Clause) -> Statement | None:
    """A figure of which its unit says what it is; None where the words say something else."""
    measure = clause.measure
    noun = (
        clause.subjects.noun_behind(clause.text, clause.numeral.stop) if measure == "count" else ""
    )
    alone = measure == "amount" and clause.say.of_sum.fullmatch(clause.tail.strip("，,：:"))
    if alone and (behind := clause.say.named_behind.match(clause.text, clause.numeral.stop)):
        return clause.statement(measure, "", "", subject=clause.subjects.clean(behind["item"]))
    if not noun and _is_unclear(clause, clause.tail):
        return None
    if measure != "count":
        subject = "" if clause.said.recent or measure != "rate" else _indicator(clause)
        return clause.statement(measure, clause.tail, "", subject=subject)
    if clause.numeral.unit in clause.lexicon.words.rank and clause.say.rank.search(clause.tail):
        return clause.statement("rank", clause.tail.removesuffix("第"), "")
    return clause.statement(measure, clause.subjects.clean(clause.tail) + noun, "")


def _is_unclear(clause: Clause, words: str) -> bool:
    """Whether words name nothing, and say what the lexicon does not know."""
    subject = clause.subjects.clean(words)
    unclear = clause.say.unclear.search(subject, max(0, len(subject) - 2))
    return unclear is not None or clause.compared(subject) is not None


def _indicator(clause: Clause) -> str:
    """…预算执行率偏低，仅为65.3%: what the clause before names, where that of the figure names nothing."""
    unnamed = len(clause.fragments) > 1 and not clause.subjects.clean(clause.tail)
    named = clause.subjects.clean(clause.fragments[-2]) if unnamed else ""
    return named if clause.say.indicator.search(named) else ""


def _is_change(clause: Clause, direction: str, words: str) -> bool:
    """Whether a word says a change without a comparison: 经费增5万元, behind one 多5万元, but not 劲增5万元."""
    if not clause.say.needs_base.fullmatch(direction):
        return True
    if about := clause.subjects.clean(words):
        return direction in _SHORT and clause.say.of_noun.search(about) is not None
    return bool(clause.said.base)


WAYS: tuple[Callable[[Clause], Statement | None], ...] = (
    base, reached, against, relation, target, actual, of_whole, completion, share, change, changed, level, plain,
)  # fmt: skip
"""In the order in which they are tried: the first that recognises the words before a figure reads it."""
