"""What a run costs besides its notebooks: little, and in proportion to the reports. Run by `make bench`."""

from __future__ import annotations

from growth import measured

PLAN_SECONDS = 1
UNCHANGED_SECONDS = 5
TIMES = 4
SLACK = 1.3


def test_planning_is_linear() -> None:
    """One page among 640 reports, and among four times as many."""
    few, many = (measured(count, run=False)["plan again"] for count in (640, 640 * TIMES))
    print(f"\nplan: {few:.2f} s, {many:.2f} s")
    assert few <= PLAN_SECONDS
    assert many <= few * TIMES * SLACK


def test_a_run_with_nothing_changed_is_linear() -> None:
    """All pages of 160 and of 640 reports as they were left."""
    few, many = (measured(count, run=True)["unchanged"] for count in (640 // TIMES, 640))
    print(f"\nunchanged: {few:.2f} s, {many:.2f} s")
    assert many <= UNCHANGED_SECONDS
    assert many <= few * TIMES * SLACK
