"""The turns of phrase by which a clause says what its figure is; read by :mod:`qy_finance.narrative.grammar`.

Most of them end with the words directly before the figure. Their vocabulary is that of ``lexicon.toml``.
"""

from __future__ import annotations

import re

from qy_finance.narrative import lexicon

SENTENCE_END = re.compile(r"[。！？]")
FRAGMENT = re.compile(r"(?<!\d)[，；：,;:]|[，；：,;:](?!\d)")
CONJUNCTION = re.compile(r"和|及|与|以及|、|[-–—~～至]")
WHOLE_AHEAD = re.compile(r"([^，；]{4,40})中")
BASE_NAME = (
    r"[^，。；：比较与]{0,16}?(?:(?:上一?|去|\d{4})年度?|同期|年初|决算|预算|年度|期)"
    r"(?:同期)?(?:年初|全年|调整后?)?(?:支出|收入)?(?:总计|合计)?(?:决算|预算)?(?:总额|数)?"
)
BASE_WORDS = re.compile(
    rf"(?:相?比于?|相?较于?|对比)(?P<base>{BASE_NAME})(?:相比较?|相较|比较)?"
    rf"|[与同和](?P<with>{BASE_NAME})(?:相比较?|相较|比较|持平)"
    r"|(?P<same>同比|环比|同口径)"
)
COMPARING = frozenset("比较与同和环")  # one of them stands in every comparison
AGAINST = re.compile(rf"(?:相?比于?|相?较于?|[与同和])(?P<base>{BASE_NAME})(?:的|为|[（(])*$")
CHANGE = re.compile(
    rf"(?P<direction>{lexicon.DIRECTION})(?:[（(](?:增加|减少|增长|下降|降低)[)）])?"
    r"(?:支出|收入|资金|经费)?(?P<how>(?:了|额|数|金额|幅度|比例|比率|率)*)(?:为|是|约|近|达到?|：)*$"
)
NEEDS_BASE = re.compile(r"[多少增减]|[高低]于|高出|超出|压缩|扩大|追加")
SAME = re.compile(r"(同比|环比|同口径)(?:为|[+＋])?$")
LEVEL = re.compile(rf"(?:{lexicon.DIRECTION}|[升降增减])(?:至|到)(?P<when>[^，]{{0,12}})$")
FROM = re.compile(r"(?:从|由)(?P<when>[^，从由]{0,14})$")
SHARE = re.compile(
    r"(?:所?占|占到)(?P<whole>[^占，。；由从]*?)(?:的)?(?:比重|比例|比率|比)?(?:的)?(?:为|达到?|约|是|：)*$"
)
COMPLETED = re.compile(
    rf"(?P<verb>完成了?|为|占)(?P<budget>[^，。；为占]{{0,12}}?(?:{lexicon.BUDGET}|计划|任务))(?:的|为|比例为)*$"
)
COMPLETION_RATE = re.compile(
    r"(?:预算)?(?:总体)?(?:执行率|完成率|完成比例|完成进度|支付率|支出进度|支出率|执行进度)(?:分别|均|为|是|达到?|：)*$"
)
BASE = re.compile(r"基数(?:均)?(?:为|是)$")
TARGET = re.compile(
    rf"(?:的)?(?:{lexicon.TARGET})?(?:设定)?(?:为|是|：)?(?P<sign>{lexicon.AT_LEAST}|{lexicon.AT_MOST})$"
    rf"|(?:的)?{lexicon.TARGET}(?:设定)?(?:为|是|达到?|：)*$"
)
CONTRACTED = re.compile(r"按?照?(?:合同约定|合同规定|计划)(?P<subject>[^，]{2,14}?)(?:为|是)$")
ACTUAL = re.compile(rf"(?:{lexicon.ACTUAL})(?:为|是|达到?|：)*$")
DONE = re.compile(r"实际[^，]{0,10}?(?:为|是|达到?)$|实际$")
INDICATOR = re.compile(r"[率度量数比值]$")
RANK = re.compile(r"(?:排名|排行|位列|位居|名列|列|居)[^，。；]{0,8}第?$")
RELATION = re.compile(
    r"(?P<direction>超过|高于|高出|大于|多于|优于|低于|小于|少于)(?P<of>[^，。；]{0,8}(?:目标|预算|决算|规定|平均|计划|标准|要求)[^，。；]{0,4})$"
)
LESS = frozenset({"低于", "小于", "少于"})
BRACKET = re.compile(r"[（）()]")
NAMES = re.compile(r"[、和与及]")
HEAD_AHEAD = re.compile(
    r"(?:主要用于|具体)(?:以下|如下)?(?:几个)?(?:方面)?(?:的?支出)?|其中.*|.*包括"
)
COORDINATED = re.compile(r"(?:和|、|与|及)-?\d")
