"""What is little is not said to be nothing."""

from __future__ import annotations

from plain import plain

from qy_finance.digits import share
from qy_finance.language import speaking, t
from qy_finance.numbers import Number


def test_a_share_below_a_tenth_is_not_nothing() -> None:
    assert plain(share(Number("0.04"))) == "不到 0.1%"
    assert plain(share(Number("0.05"))) == "不到 0.1%"  # to even, one decimal is 0.0
    assert plain(share(Number("0.06"))) == "0.1%"
    assert plain(share(Number(0))) == "0.0%"
    with speaking("en", strict=True):
        assert "0.1%" in plain(share(Number("0.04")))


def test_chinese_follows_chinese_without_a_blank() -> None:
    told = t("{text}；项目支出的 {part} 记在其中。", text="一", part=share(Number("0.04")))
    assert plain(told) == "一；项目支出的不到 0.1% 记在其中。"
