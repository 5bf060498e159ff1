"""How a number was computed, as a reader writes it: 114.86 × (1 − 62.83%).

What stands in it are printed figures, each with its source, and plain numbers. A percentage is written with its sign
and means a hundredth of it, so that the formula can be recomputed as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from qy_finance.language import t
from qy_finance.numbers import Number, Source
from qy_finance.steps import Step

_PERCENT: Final = ("%", "％")
_POINTS: Final = (*_PERCENT, "个百分点")
_SUM, _PRODUCT, _ONE = range(3)


class FormulaPiece(NamedTuple):
    """A part of a formula: its characters, and the figure that they are, if they are one."""

    text: str
    source: Source | None = None


class _Written(NamedTuple):
    """A part as it is written: its pieces, how tightly they hold together, and how many times more it means."""

    pieces: list[FormulaPiece]
    tight: int
    times: Fraction


class _UnwrittenError(Exception):
    """There is no formula that could be read."""


def formula(number: object, unit: str = "") -> list[FormulaPiece]:
    """The formula of a computed number; empty for what is printed, or where nobody knows how it was computed.

    The unit is the one that it is shown with, if that is another.
    """
    if not isinstance(number, Number) or not number.computed or number.how is None:
        return []
    try:
        if abs(_value(number.how) - number.plain) > _slack(number.plain):
            return []  # what was made of it since then is no part of the formula
        wanted = Fraction(100 if (unit or number.unit) in _POINTS else 1)
        return _joined(_scaled(_written(number.how), wanted).pieces)
    except (_UnwrittenError, ArithmeticError, ValueError):
        return []


def _slack(value: Decimal) -> Decimal:
    """What rounding to the digits of a value takes away at most."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(exponent - 1) if isinstance(exponent, int) else Decimal(0)


def _value(node: Any) -> Decimal:
    if not isinstance(node, Step):
        return node.plain if isinstance(node, Number) else Decimal(node)
    if node.sign == "Σ":
        return Decimal(node.right)
    left, right = _value(node.left), _value(node.right)
    match node.sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right


def _written(node: Any) -> _Written:
    if not isinstance(node, Step):
        return _operand(node)
    if node.sign == "Σ":
        return _Written([FormulaPiece(t("{n} 个数之和", n=len(node.left)))], _SUM, Fraction(1))
    return _sum(node) if node.sign in "+-" else _product(node)


def _operand(node: Any) -> _Written:
    if not isinstance(node, Number) or not node.sources:
        return _Written([FormulaPiece(_shown(Decimal(node)))], _ONE, Fraction(1))
    if len(node.sources) != 1:
        raise _UnwrittenError
    percent = node.unit in _PERCENT
    piece = FormulaPiece(_shown(node.plain) + "%" * percent, node.sources[0])
    return _Written([piece], _ONE, Fraction(100 if percent else 1))


def _shown(value: Decimal) -> str:
    return f"{value:,f}".replace("-", "−")


def _sum(node: Step) -> _Written:
    parts = [(less, _written(one), _is_constant(one)) for less, one in _flat(node, "+-")]
    if _turned(*parts[0][:2])[0]:  # what is taken away stands behind what it is taken from
        parts.sort(key=lambda part: _turned(*part[:2])[0])
    meant = {part.times for _, part, constant in parts if not constant}
    times = meant.pop() if len(meant) == 1 else Fraction(1)
    pieces: list[FormulaPiece] = []
    for less, part, constant in parts:
        alike = _constant(_plainly(part) / times, times) if constant else _scaled(part, times)
        minus, own = _turned(less, alike)
        if pieces or minus:
            pieces.append(FormulaPiece((" − " if minus else " + ") if pieces else "−"))
        pieces += _held(own, _PRODUCT if minus and own.tight == _SUM else _SUM)
    return _Written(pieces, _SUM, times)


def _constant(value: Fraction, times: Fraction) -> _Written:
    return _Written([FormulaPiece(_told(value))], _ONE, times)


def _flat(node: Any, signs: str, turned: bool = False) -> Iterator[tuple[bool, Any]]:
    """What is added and taken away (``+-``), or multiplied and divided by (``*/``), and whether it is the latter."""
    if isinstance(node, Step) and node.sign in signs:
        yield from _flat(node.left, signs, turned)
        yield from _flat(node.right, signs, turned != (node.sign == signs[1]))
    else:
        yield turned, node


def _product(node: Step) -> _Written:
    times = Fraction(1)
    above: list[_Written] = []
    below: list[_Written] = []
    for under, one in _flat(node, "*/"):
        part = _written(one)
        if _is_constant(one):
            value = _plainly(part)
            times = times / value if under else times * value
            continue
        times = times / part.times if under else times * part.times
        (below if under else above).append(part)
    if len(above) == 1 and not below:
        return above[0]._replace(times=times)
    pieces: list[FormulaPiece] = []
    for part in above or [_Written([FormulaPiece("1")], _ONE, Fraction(1))]:
        pieces += [FormulaPiece(" × "), *_held(part, _PRODUCT)] if pieces else _held(part, _PRODUCT)
    for part in below:
        pieces += [FormulaPiece(" ÷ "), *_held(part, _ONE)]
    return _Written(pieces, _PRODUCT, times)


def _is_constant(node: Any) -> bool:
    return not isinstance(node, Step) and not (isinstance(node, Number) and node.sources)


def _plainly(part: _Written) -> Fraction:
    return Fraction(part.pieces[0].text.replace(",", "").replace("−", "-"))


def _scaled(part: _Written, times: Fraction) -> _Written:
    """The same where it is to mean so many times what is written."""
    if part.times == times:
        return part
    first = part.pieces[0]
    if (
        len(part.pieces) == 1
        and first.source
        and first.text.endswith("%")
        and part.times == 100 * times
    ):
        return _Written([first._replace(text=first.text[:-1])], _ONE, times)
    more = part.times / times
    factor = f" × {_told(more)}" if more.numerator != 1 else f" ÷ {more.denominator:,}"
    return _Written([*_held(part, _PRODUCT), FormulaPiece(factor)], _PRODUCT, times)


def _told(value: Fraction) -> str:
    """A plain number: as a decimal where it has an end, otherwise as a fraction."""
    try:
        said = _shown((Decimal(value.numerator) / value.denominator).normalize())
    except ArithmeticError as error:
        raise _UnwrittenError from error
    said = (
        said if len(said) < 12 else f"{value.numerator:,} ÷ {value.denominator:,}".replace("-", "−")
    )
    return f"({said})" if said.startswith("−") else said


def _turned(less: bool, part: _Written) -> tuple[bool, _Written]:
    """A figure below zero is taken away instead of added."""
    first = part.pieces[0]
    if len(part.pieces) > 1 or not first.text.startswith("−"):
        return less, part
    return not less, part._replace(pieces=[first._replace(text=first.text[1:])])


def _held(part: _Written, tight: int) -> list[FormulaPiece]:
    """The pieces, in brackets where they would otherwise fall apart, or begin with a sign within a formula."""
    signed = part.pieces[0].text.startswith("−") and tight > _SUM
    if part.tight < tight or signed:
        return [FormulaPiece("("), *part.pieces, FormulaPiece(")")]
    return part.pieces


def _joined(pieces: list[FormulaPiece]) -> list[FormulaPiece]:
    """With what lies between two figures in one piece."""
    joined: list[FormulaPiece] = []
    for piece in pieces:
        if joined and joined[-1].source is None and piece.source is None:
            joined[-1] = FormulaPiece(joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
