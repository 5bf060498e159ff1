"""How sentences speak of indicators: what was to be reached, and what was."""

from __future__ import annotations

from qy_finance.narrative.clause import Clause
from qy_finance.narrative.said import Statement

_INDICATED = frozenset({"rate", "duration", "count", "score"})


def reached(clause: Clause) -> Statement | None:
    """…97.15%，较目标值（≥92%）高…, …95.02%，未达到97%的年度指标值: a target behind what was reached."""
    last, numeral = clause.said.last, clause.numeral
    if last.measure not in _INDICATED or last.numeral.kind != numeral.kind or "点" in numeral.unit:
        return None  # 超过目标值5个百分点 is a change
    if not clause.said.recent:
        return None  # of another sentence
    behind = clause.say.target_behind.match(clause.text, numeral.stop)
    match = (clause.say.reaching if behind else clause.say.against_target).search(clause.tail)
    if match is None:
        return None
    named = clause.subjects.clean(clause.tail[: match.start()])
    if behind and named and clause.say.indicator.search(named):
        return None  # 接通率达到95%的目标 names its own indicator
    clause.said.is_reached((behind or match)["name"])
    sign = match["sign"] or "" if behind is None else ""
    clause.said.beyond = match["beyond"] or "" if behind is None else ""
    return clause.statement("target", "", "", sign=sign, subject=clause.said.last.subject)


def target(clause: Clause) -> Statement | None:
    """…目标值≥98%, 按合同约定短信发送200万条."""
    if clause.numeral.kind == "money":
        return None
    match = clause.say.target.search(clause.tail)
    if match is None:
        contracted = clause.say.contracted.search(clause.tail)
        return clause.statement("target", contracted["subject"], "") if contracted else None
    own, sign = clause.subjects.clean(clause.tail[: match.start()]), match["sign"] or ""
    named = own or clause.fragment_before()
    topic = clause.context.topic if clause.said.target is None else ""
    if own and own not in topic and not clause.say.indicator.search(topic):
        topic = ""
    if named and clause.say.indicator_class.search(topic):
        topic = ""
    subject = topic or named
    of = "" if named in subject else named
    return clause.statement("target", "", of, sign=sign, subject=subject)


def actual(clause: Clause) -> Statement | None:
    """…实际完成值99%; behind a target of its kind also 实际为99%, and 实际培训220人 behind one of 人."""
    if clause.numeral.kind == "money":
        return None
    match = clause.say.actual.search(clause.tail)
    goal = clause.said.target
    if goal is None or clause.numeral.kind != goal.numeral.kind:
        about = clause.tail[: match.start()] if match else ""
        return clause.statement("actual", about, "") if match else None
    as_done = clause.numeral.unit == goal.numeral.unit and clause.say.done_as.fullmatch(clause.tail)
    if not (match or as_done or clause.say.done.search(clause.tail)):
        return None
    named = "" if match or as_done else clause.subjects.clean(clause.tail)
    of = goal.of if clause.lexicon.is_weak(named) else named or goal.of
    return clause.statement("actual", "", of, subject=goal.subject)
