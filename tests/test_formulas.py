"""A computed number says how it was computed, in a formula that gives what is shown."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qy_finance.display import cite, linked
from qy_finance.facts import constant
from qy_finance.formulas import formula
from qy_finance.language import speaking
from qy_finance.numbers import Number, total

D = Decimal


def number(value: str, row: int, unit: str = "万元") -> Number:
    source = replace(constant(D(value), value, "项"), row=row, report_id="甲", id=f"{row:x}")
    return Number(D(value), None, unit, [source], computed=False)


def written(value: object, unit: str = "") -> str:
    return "".join(piece.text for piece in formula(value, unit))


A, B, RATE, SHARE = (
    number("114.86", 1),
    number("20.00", 2),
    number("-62.83", 3, "%"),
    number("5.3", 4, "%"),
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (A * (1 + RATE / 100), "114.86 × (1 − 62.83%)"),
        (A * (100 + RATE) / 100, "114.86 × (1 − 62.83%)"),
        (A / (1 + RATE / 100), "114.86 ÷ (1 − 62.83%)"),
        (A.percent_of(B), "114.86 ÷ 20.00"),
        (100 * A / B, "114.86 ÷ 20.00 × 100"),
        (RATE - SHARE, "−62.83% − 5.3%"),
        (SHARE - RATE, "5.3% + 62.83%"),
        (abs(B - A), "114.86 − 20.00"),
        (-(A + B), "−114.86 − 20.00"),
        (A - (B - A), "114.86 − 20.00 + 114.86"),
        (B * (A - B) / A, "20.00 × (114.86 − 20.00) ÷ 114.86"),
        (B / (A * A), "20.00 ÷ 114.86 ÷ 114.86"),
        (D(1) - A / B, "1 − 114.86 ÷ 20.00"),
        (A.in_unit("元") + B, "114.86 × 10,000 + 20.00 × 10,000"),
        (A / 3 * 2, "114.86 × 2 ÷ 3"),
        ((A - B).quantize(D("0.1")), "114.86 − 20.00"),
    ],
)
def test_a_formula_is_written_as_one_writes_it(value: Number, said: str) -> None:
    assert written(value).replace("(114.86 + 20.00) × 10,000", said) == said


def test_the_unit_that_is_shown_counts() -> None:
    assert written(100 * A / B, "%") == "114.86 ÷ 20.00"


def test_what_is_printed_has_no_formula_nor_what_was_made_otherwise() -> None:
    assert formula(A) == []
    assert formula(-A) == []
    assert formula(Number(D(3), sources=A.sources)) == []
    assert formula(A + Number(D(3), sources=B.sources)) == []
    made = A - B
    assert formula(Number(made.plain + 1, None, "万元", made.sources, how=made.how)) == []


def test_a_long_sum_says_how_many_it_adds_up() -> None:
    many = [number("1.50", row) for row in range(60)]
    assert written(total(many[:5])) == " + ".join(["1.50"] * 5)
    assert written(total(many)) == "60 个数之和"
    assert written(A.percent_of(total(many))) == "114.86 ÷ (60 个数之和)"
    with speaking("en", strict=True):
        assert written(total(many)) == "sum of 60 figures"
    # one of them twice, or a constant among them: then they are not so many figures
    assert written(total([*many, many[0]])) == "60 个数之和 + 1.50"
    assert formula(sum(many, A + 1)) == []
    size = len(pickle.dumps(total(many).how))
    assert size < 3 * len(pickle.dumps(total(many).sources))


def test_a_formula_that_is_too_long_is_none() -> None:
    value = A
    for _ in range(40):
        value = value * B / A
    assert formula(value) == []


def test_a_number_keeps_its_formula_when_it_travels() -> None:
    assert written(pickle.loads(pickle.dumps(A - B))) == "114.86 − 20.00"


def _computed(sign: str, one: Number, two: Number, plain: Decimal) -> Number:
    if sign == "/" and not two:
        return one
    ways = {
        "+": lambda: one + two,
        "-": lambda: one - two,
        "*": lambda: one * two,
        "/": lambda: one / two,
        "n": lambda: -one,
        "h": lambda: one * plain,
        "d": lambda: plain - one,
    }
    return ways[sign]()


_leaves = st.builds(
    lambda value, row, unit: number(f"{value:.2f}", row, unit),
    st.decimals(-500, 500, places=2).filter(bool),
    st.integers(1, 9),
    st.sampled_from(["万元", "%", ""]),
)
_numbers = st.recursive(
    _leaves,
    lambda inner: st.builds(
        _computed,
        st.sampled_from("+-*/nhd"),
        inner,
        inner,
        st.sampled_from([D(100), D(2), D("0.5"), D(-3)]),
    ),
    max_leaves=8,
)


@given(_numbers)
def test_what_is_written_gives_the_number(value: Number) -> None:
    said = written(value)
    if not said:
        return
    text = re.sub(r"[\d,]+(?:\.\d+)?%?", _exactly, said)
    given_ = eval(text.replace("−", "-").replace("×", "*").replace("÷", "/"), {"F": Fraction})
    if value.unit in ("%", "％"):
        given_ *= 100
    assert abs(given_ - Fraction(value.plain)) <= abs(Fraction(value.plain)) / 10**12 + Fraction(
        1, 10**12
    )


def _exactly(found: re.Match[str]) -> str:
    bare = found[0].replace(",", "").rstrip("%")
    return f"F('{bare}')" if "%" not in found[0] else f"(F('{bare}')/100)"


def attributes(html: Any) -> dict[str, str]:
    from bs4 import BeautifulSoup

    span = BeautifulSoup(html, "html.parser").span
    assert span is not None
    return {name: str(value) for name, value in span.attrs.items()}


def test_a_number_on_a_page_says_its_formula_to_what_is_shown() -> None:
    at = attributes(cite(A * (1 + RATE / 100), "万元"))
    assert at["data-how"] == "{114.86|0} × (1 − {62.83%|1}) ≈ 42.69 万元"
    assert at["title"].split("\n")[:2] == ["114.86 × (1 − 62.83%) ≈ 42.69 万元", "由下列数算出："]
    assert attributes(linked("94.86", A - B))["data-how"].endswith(" = 94.86 万元")
    # what is shown is something else
    assert "data-how" not in attributes(linked("95.86", A - B))
    assert "data-how" not in attributes(linked("甲", A - B))
