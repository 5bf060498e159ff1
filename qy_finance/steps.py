"""How a number was computed, step by step, as far as somebody would read it.

A step is written down with each computation, so it is as little as can be; what is read of it
(:mod:`qy_finance.formulas`) is made when a number is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

_LONGEST: Final = 24  # operands of a formula that somebody reads


class Step(NamedTuple):
    """A sign (``+ - * /``) between two operands, each a printed number, a plain one, or a step itself.

    A long sum is not written out: the sign is Σ, the operands are its sources and what they add up to. ``size`` are
    the operands that would be written.
    """

    sign: str
    left: Any
    right: Any
    size: int


def step(sign: str, left: Any, right: Any) -> Step:
    """A step between two operands."""
    size = left.size if type(left) is Step else 1
    return Step(sign, left, right, size + (right.size if type(right) is Step else 1))


def is_long(how: Step) -> bool:
    """Whether it is to be :func:`shortened`."""
    return how.size > _LONGEST or (how.sign == "+" and _is_long_sum(how.left))


def shortened(how: Step, sources: Sequence[object], value: Decimal) -> Step | None:
    """Of a long sum that it is one, and of what else is too long to be read, nothing."""
    number, rest = 1, how
    while type(rest) is Step and rest.sign == "+" and type(rest.right) is not Step:
        number, rest = number + 1, rest.left
    if _is_long_sum(rest):
        number += len(rest.left) - 1
    # a figure that is added twice, or a constant, is none of several figures
    if number == len(sources) and (_is_long_sum(rest) or type(rest) is not Step):
        return Step("Σ", sources, value, 1)
    return how if how.size <= _LONGEST else None


def negated(operand: Any) -> Any:
    """What is written for the number with the other sign."""
    if type(operand) is not Step:
        return -operand
    sign, left, right, size = operand
    match sign:
        case "-":
            return Step("-", right, left, size)
        case "+":
            return Step("-", negated(left), right, size)
        case "Σ":
            return Step("*", operand, -1, 2)
    return Step(sign, negated(left), right, size)


def _is_long_sum(operand: Any) -> bool:
    return type(operand) is Step and operand.sign == "Σ"
