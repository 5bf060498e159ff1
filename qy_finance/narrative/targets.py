"""How sentences speak of indicators: what was to be reached, and what was."""

from __future__ import annotations

from qy_finance.narrative.clause import Clause
from qy_finance.narrative.said import Statement

_INDICATED = frozenset({"rate", "duration", "count", "score"})


def reached(clause: Clause) -> Statement | None:
    """…97.15%，较目标值（≥92%）高…, …95.02%，未达到97%的年度指标值: a target behind what was reached."""
    behind = clause.say.target_behind.match(clause.text, clause.numeral.stop)
    match = (clause.say.reaching if behind else clause.say.against_target).search(clause.tail)
    if (
        match is None
        or clause.said.last.measure not in _INDICATED
        or clause.said.last.numeral.kind != clause.numeral.kind
    ):
        return None
    if "点" in clause.numeral.unit:  # 超过目标值5个百分点
        return None
    named = clause.subjects.clean(clause.tail[: match.start()])
    if behind and named and clause.say.indicator.search(named):
        return None  # 接通率达到95%的目标 names its own indicator
    clause.said.base = (behind or match)["name"]
    clause.said.is_reached()
    sign = match["sign"] or "" if behind is None else ""
    return clause.statement("target", "", "", sign=sign, subject=clause.said.last.subject)


def target(clause: Clause) -> Statement | None:
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
    subject = topic or named
    of = "" if named in subject else named
    return clause.statement("target", "", of, sign=sign, subject=subject)


def actual(clause: Clause) -> Statement | None:
    if clause.numeral.kind == "money":
        return None
    pending = (
        clause.said.target is not None and clause.numeral.kind == clause.said.target.numeral.kind
    )
    match = clause.say.actual.search(clause.tail)
    if not match and not (pending and clause.say.done.search(clause.tail)):
        return None
    if clause.said.target is not None and pending:
        named = "" if match else clause.subjects.clean(clause.tail)
        of = (
            clause.said.target.of
            if clause.lexicon.is_weak(named)
            else named or clause.said.target.of
        )
        return clause.statement("actual", "", of, subject=clause.said.target.subject)
    return clause.statement("actual", clause.tail[: match.start()] if match else "", "")
