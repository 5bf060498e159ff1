"""What a finding says and what it does not: the same sentences on pages and in letters."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from qy_finance.language import t
from qy_finance.reading import Reading


def only() -> str:
    """What is said, and no more."""
    return t(
        "这里只说这份文件自身前后不一致：两处印出的数字，或文字与数字，不能都对。"
        "不说明哪笔钱是怎样花的，也不评价编制单位；不一致可能来自计算、口径、抄写、排版，也可能是读取有误。"
    )


def objection() -> str:
    """How to object."""
    return t(
        "认为某一处不成立，请指出是第几处、依据哪一页，连同核对规则的名称告诉发布这份结果的人："
        "读错的会更正，并在新版本里注明。"
    )


def checked_document(reading: Reading, say: Callable[[str], str] = str) -> str:
    """The document by name and digest, and the version that checked it; ``say`` escapes its name."""
    return t(
        "文件 {file}（SHA-256 {digest}…），由 qy_finance {version} 核对",
        file=say(reading.file), digest=reading.document.sha256[:16], version=version("qy_finance"),
    )  # fmt: skip
