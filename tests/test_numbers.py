"""Numbers that know their interval and their figures, and the one definition of precision."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qy_finance.figures import Figure
from qy_finance.numbers import Number, Span, around, plain_unit, sources_of, total
from qy_finance.precision import halves

D = Decimal

printed = st.decimals(-10_000, 10_000, places=2)
half_digits = st.sampled_from([D(0), D("0.005"), D("0.05"), D("0.5")])
places = st.integers(0, 100)


def figure(value: str, **about: object) -> Figure:
    known = {
        "start": 0,
        "end": 1,
        "measure": "amount",
        "unit_of_measure": "万元",
        "section": "一、收支",
        "item": "支出",
    }
    return Figure(value=D(value), **(known | about))  # type: ignore[arg-type]


def half_of(value: str, neighbours: list[str], **about: object) -> Decimal:
    others = [figure(other, **about) for other in neighbours]
    own = figure(value, **about)
    return halves([*others, own])[-1]


def test_a_figure_is_as_precise_as_its_last_digit() -> None:
    assert half_of("95.8", []) == D("0.05")
    assert half_of("95.80", []) == D("0.005")
    assert half_of("95", []) == D("0.5")


def test_a_trimmed_zero_is_as_precise_as_its_neighbours() -> None:
    assert half_of("6.2", ["18.98", "62.75", "3.00"]) == D("0.005")
    assert half_of("6.275", ["18.98", "62.75", "3.00"]) == D("0.0005")
    assert half_of("6.2", ["18.9", "62.7", "3.00"]) == D("0.05")


def test_neighbours_are_figures_of_one_table_or_money_of_one_unit_under_one_heading() -> None:
    mixed = [
        figure("1.25", unit_of_measure="亿元"),
        figure("2.25", section="二、三公"),
        figure("6.2"),
    ]
    assert halves(mixed)[-1] == D("0.05")
    cells = [figure("1.25", table="income", section=""), figure("6.2", table="income", section="")]
    assert halves([*cells, figure("1.75", table="income")])[1] == D("0.005")


def test_rates_have_no_neighbours() -> None:
    rates = {"measure": "share", "unit_of_measure": "%"}
    assert half_of("64.5", ["12.34", "23.45", "34.56"], **rates) == D("0.05")


def test_what_is_counted_or_set_is_exact() -> None:
    assert half_of("75", [], measure="count", unit_of_measure="人") == 0
    assert half_of("114.86", [], measure="count", unit_of_measure="万通") == D("0.005")
    assert half_of("75", [], measure="duration", unit_of_measure="秒") == D("0.5")
    assert half_of("95", [], measure="target", unit_of_measure="%") == 0
    assert half_of("0", [], measure="base", unit_of_measure="") == 0


@given(one=printed, two=printed, half=half_digits, other=half_digits, at=places, beside=places)
def test_what_is_computed_lies_where_its_figures_allow(
    one: Decimal, two: Decimal, half: Decimal, other: Decimal, at: int, beside: int
) -> None:
    a, b = Number(one, around(one, half)), Number(two, around(two, other))
    x, y = a.low + (a.high - a.low) * at / 100, b.low + (b.high - b.low) * beside / 100
    assert (a + b).low <= x + y <= (a + b).high
    assert (a - b).low <= x - y <= (a - b).high
    assert (a * b).low <= x * y <= (a * b).high
    assert (100 - a).low <= 100 - x <= (100 - a).high
    if b.low > 0 or b.high < 0:
        quotient = a / b
        assert quotient.low - D("1e-20") <= x / y <= quotient.high + D("1e-20")
    elif two:
        assert (a / b).span == Span(D("-Infinity"), D("Infinity"))


@given(one=printed, two=printed)
def test_it_computes_as_the_plain_number_does(one: Decimal, two: Decimal) -> None:
    a = Number(one, around(one, D("0.005")))
    assert a + two == one + two
    assert two + a == one + two
    assert a - two == one - two
    assert two - a == two - one
    assert a * two == one * two
    assert -a == -one
    assert abs(a) == abs(one)
    if two:
        assert a / two == one / two
    if one:
        assert two / a == two / one
    assert sorted([a, Number(two)]) == sorted([one, two])


def test_a_sum_is_known_less_well_than_its_parts_and_starts_from_zero() -> None:
    parts = [Number(D("1.25"), around(D("1.25"), D("0.005")), "万元") for _ in range(3)]
    assert total(parts) == D("3.75")
    assert total(parts).half == D("0.015")
    assert sum(parts[:1]) is parts[0]


@pytest.mark.parametrize(
    ("unit", "other", "value"),
    [
        ("亿元", "万元", "12500"),
        ("万元", "元", "12500"),
        ("万通", "通", "12500"),
        ("%", "%", "1.25"),
    ],
)
def test_units(unit: str, other: str, value: str) -> None:
    number = Number(D("1.25"), around(D("1.25"), D("0.005")), unit, computed=False)
    there = number.in_unit(other)
    assert (there, there.unit) == (D(value), other)
    assert there.in_unit(unit) == number
    assert there.half == D("0.005") * D(value) / D("1.25")


def test_units_of_different_things_do_not_convert() -> None:
    with pytest.raises(ValueError, match="万元"):
        Number(1, unit="万元").in_unit("人")
    assert plain_unit("万元/年") == (10_000, "元")


def test_a_share_of_what_can_be_nothing_is_none() -> None:
    part = Number(D("0.01"), around(D("0.01"), D("0.005")), "万元")
    assert part.percent_of(Number(D("0.00"), around(D("0.00"), D("0.005")), "万元")) is None
    share = part.percent_of(Number(D("4.00"), around(D("4.00"), D("0.005")), "万元"))
    assert share is not None
    assert (share, share.unit) == (D("0.25"), "%")
    assert share.low < D("0.13")
    assert share.high > D("0.37")


def test_numbers_are_kept_whole() -> None:
    number = Number(D("6.20"), around(D("6.20"), D("0.005")), "万元", (), computed=False)
    kept = pickle.loads(pickle.dumps(number))
    assert (kept, kept.span, kept.unit, kept.computed) == (number, number.span, "万元", False)
    assert (number.places, (number * 2).places) == (2, 2)
    assert sources_of(7) == ()


def test_money_of_different_units_is_never_added_as_if_it_were_of_one() -> None:
    large = Number(D("0.98"), around(D("0.98"), D("0.005")), "亿元")
    small = Number(D(200), around(D(200), D("0.5")), "万元")
    both = large + small
    assert (both, both.unit) == (1, "亿元")
    assert both.half == D("0.005") + D("0.00005")
    assert (small - large, (small - large).unit) == (-9600, "万元")
    assert total([small, large]) == 10_000
    assert (large / small).unit == ""
    assert large / small == 49
    assert small.percent_of(large) == 100 * D(200) / D(9800)
    assert Number(9800, None, "万元").meets(large)
    assert not Number(98, None, "万元").meets(large)


def test_money_is_compared_in_one_unit() -> None:
    less, more = Number(Decimal(20_000), unit="万元"), Number(Decimal(3), unit="亿元")
    assert less < more
    assert more >= less
    assert max(less, more) is more
    assert Number(Decimal(1), unit="亿元") <= Number(Decimal(10_000), unit="万元")
