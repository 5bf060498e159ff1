"""The codes (科目编码) that sentences print with the names of accounts."""

from __future__ import annotations

import re
from typing import Final

from qy_finance.form import Phrases

_CODE: Final = re.compile(r"\d+")
_LEVEL, _WHOLE = 2, 3  # digits of a code below that of its class, and of that of a class


def without_code(name: str, say: Phrases) -> tuple[str, str | None]:
    """The name of an account without its code, and that code: 小学教育（2050202）, 201一般公共服务支出.

    Where each level has its own, the deepest is that of the account.
    """
    if not any(map(str.isdigit, name)):
        return name, None
    code = ""
    for match in say.coded.finditer(name):
        digits = _CODE.findall(match[0])[0]
        if len(digits) >= _WHOLE:
            code = digits
        elif len(code) >= _WHOLE:
            code += digits
        else:
            return name, None  # a number in brackets that belongs to no class
    rest = say.coded.sub("", name) if code else ""
    return (rest, code) if rest else (name, None)
