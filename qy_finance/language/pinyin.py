"""Names of units in pinyin: ``Qingyuan Shi Zhengwu Fuwu Shuju Guanliju``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from qy_finance.language.english import CHINESE

_PLACE: Final = (
    r"(?P<place>[一-鿿]{1,6}?)(?P<kind>省|自治区|自治州|市|地区|盟|州|区|县|旗|镇|乡|街道)"
)
_HEAD: Final = re.compile(_PLACE)
_WORDS: Final = re.compile(
    "("
    "信息化|委员会|办公厅|办公室|管理局|图书馆|博物馆|政务|服务|数据|人力|资源|社会|"
    "保障|退役|军人|生态|环境|自然|规划|住房|城乡|建设|城市|管理|综合|行政|执法|交通|"
    "运输|轨道|水利|水务|农业|农村|商务|文化|广播|电视|旅游|体育|卫生|健康|应急|审计|"
    "市场|监督|统计|医疗|信访|财政|教育|科学|技术|科技|工业|信息|民政|司法|公安|国家|"
    "全国|中央|人民|政府|检察|法院|中心|中学|小学|学校|大学|学院|医院|本级|机关|党委|"
    "发展|改革|东北|西北|西南|东南|华东|华南|华中|华北|和|与|局|厅|部|委|院|馆|站|"
    "所|处|办|会"
    ")"
)
"""What names of authorities are made of, each a word of its own; the longer first."""
_VOWEL: Final = re.compile("[aoe]")


@lru_cache(maxsize=4096)
def pinyin(name: str) -> str:
    """A Chinese name in pinyin without tones, places and the words of authorities apart; empty for other names."""
    if not CHINESE.search(name):
        return ""
    said = []
    at = 0
    while match := _HEAD.match(name, at):
        if _WORDS.match(name, at):
            break
        said += [_syllables(match["place"]), _syllables(match["kind"])]
        at = match.end()
    for part in _WORDS.split(name[at:]):
        if part.strip():
            said.append(_syllables(part) if CHINESE.search(part) else part.strip())
    return " ".join(said)


def _syllables(word: str) -> str:
    """A word: capital, its syllables joined, an apostrophe before one that begins with a vowel (Lu'an)."""
    from pypinyin import lazy_pinyin

    first, *rest = lazy_pinyin(word)
    return first.capitalize() + "".join(f"'{one}" if _VOWEL.match(one) else one for one in rest)
