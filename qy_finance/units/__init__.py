"""Units (单位) among others: in which division they are, of which level and of what kind, from name and report alone.

What is ambiguous or not known is said, with the reason, and never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qy_finance.reading import Reading
from qy_finance.units.kinds import (
    KINDS,
    PARTY,
    Authority,
    Judged,
    central_names,
    central_of,
    kind_of,
    own,
)
from qy_finance.units.placing import Located, Placing
from qy_finance.units.register import register

__all__ = ["KINDS", "Unit", "described", "unit_of"]

CENTRAL, TOWNSHIP = "central", "township"
_TOWN: Final = re.compile(
    r"(?:人民政府)?(?P<town>[一-鿿]{1,7}?(?:街道|(?<!乡)镇|(?<!城)乡(?![镇村])|苏木))(?=办|人民|政府|党|财政|城市|卫生|中心|$)"
)
_ZONE: Final = re.compile(
    r"[一-鿿]{0,10}?(?:开发区|高新区|新区|示范区|管理区|合作区|保税区|试验区|园区|度假区|风景区|经开区)"
)
_LOWER: Final = re.compile(
    r"[一-鿿]{1,5}?(?<![社校园库林牧片辖矿城])(?:区|县|(?<!城)市(?![场政民容])|旗)"
)
_BRANCH: Final = re.compile("(?:分局|分院|分校|分中心|[支总大中]队|派出所)$")
_DIRECTLY: Final = 60  # characters between a unit's name and what it stands under


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in one year.

    Attributes
    ----------
    division, region : str
        The code of the division (GB/T 2260) that its name says, and that division's full name in that year; empty where
        none is certain, and of central authorities.
    level : str
        ``central``, ``province``, ``city``, ``county`` or ``township``; empty where it is not certain.
    kind : str
        One of :data:`KINDS`; empty where its name does not say.
    sure : str
        How the division is known (:data:`qy_finance.contract.LISTS`, ``sure``).
    why : str
        In Chinese: what says so, and for each that is empty why.
    """

    division: str
    region: str
    level: str
    kind: str
    sure: str
    why: str


def unit_of(reading: Reading) -> Unit:
    """The unit that reports."""
    identity = reading.identity
    return described(identity.unit, identity.year, reading.text)


def described(name: str, year: int, text: str = "") -> Unit:
    """What is known of a unit by its name, the year and the text of its report."""
    printed = "".join(text.split())
    judged, bare = kind_of(name), own(name)
    of_state = PARTY.sub("", bare)
    central = central_of(bare) or central_of(of_state)
    if central:
        return _of_centre(central, bare, year, judged)
    placing = Placing(register(), year, printed)
    placed = placing.placed(of_state)
    under = _standing_under(bare, printed)
    level, why = (CENTRAL, f"正文写明{under}直属") if under else _level(placed, judged)
    return _made(placed, year, level, judged, why)


def _of_centre(central: str, name: str, year: int, judged: Judged) -> Unit:
    """A central authority, or one that bears its name: in a division, if that stands behind it."""
    rest = name.partition(central)[2]
    placed = Placing(register(), year, "").placed(rest)
    if placed.division is None:
        placed = Located(None, "listed", f"{central}列在中央单位名录中", "")
        return _made(placed, year, CENTRAL, judged, "")
    return _made(placed, year, CENTRAL, judged, f"名称写明属{central}")


def _made(placed: Located, year: int, level: str, judged: Judged, why: str) -> Unit:
    one = placed.division
    region = register().full(one, year) if one else ""
    told = "；".join(filter(None, (placed.why, why, judged.why)))
    kind = judged.kind.name if judged.kind else ""
    return Unit(one.code if one else "", region, level, kind, placed.sure, told)


def _level(placed: Located, judged: Judged) -> tuple[str, str]:
    """The level of a unit that is not central, and what says or hides it."""
    if town := _TOWN.match(placed.rest):
        return TOWNSHIP, f"名称写明{town['town']}"
    hidden = _hidden(placed, judged.kind)
    return ("", hidden) if hidden or placed.division is None else (placed.division.level, "")


def _hidden(placed: Located, kind: Authority | None) -> str:
    """Why a unit's level is not that of the division in its name; empty where it is."""
    rest, one = placed.rest, placed.division
    located = kind is not None and kind.located and (one is None or one.level != "county")
    other = _ZONE.match(rest) or (_LOWER.match(rest) if one else None)
    name = kind.name if kind else ""
    reasons = {
        f"“{other[0] if other else ''}”不在区划代码中，层级不明": other,
        "区划不明，层级也不明": one is None,
        f"{name}多由上级垂直管理，名称不说明层级": kind is not None and kind.vertical,
        "分支机构的名称不说明由哪一级管理": _BRANCH.search(rest),
        f"{name}的名称不说明由哪一级管理": located,
    }
    return next((told for told, holds in reasons.items() if holds), "")


def _standing_under(name: str, text: str) -> str:
    """The central authority that a report says its unit stands directly under."""
    for match in re.finditer("直属", text):
        before = text[max(match.start() - _DIRECTLY, 0) : match.start()].rpartition("。")[2]
        for central in central_names():
            if before.endswith(central) and name in before:
                return central
    return ""
