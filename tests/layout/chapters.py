"""The chapters of a report's third part, as departments of different provinces write them."""

from __future__ import annotations

from .accounts import APPROPRIATIONS, EXPENDITURE_KINDS, OWN_SOURCES, Indicator
from .codes import NAMES, PERSONNEL, RUNNING
from .sentences import Prose

SOURCES = (*(f"{name}收入" for name in APPROPRIATIONS.values()), *OWN_SOURCES)
FUND_SPENDING = tuple(f"{name}支出" for name in APPROPRIATIONS.values())
COMPLETED = {True: "完成目标值", False: "未完成目标值"}


def explanations(prose: Prose) -> None:
    """Write the whole third part in the style that the options name."""
    (_guangdong if prose.options.prose_style == "guangdong" else _shanghai)(prose)


def _guangdong(prose: Prose) -> None:
    unit, year = prose.account.unit, prose.this_year
    prose.add(f"一、{year()}度收入支出决算总体情况说明")
    prose.add("（一）年度收入总体情况")
    prose.add(
        f"{unit}{year()}度总收入{prose.amount('总计', '收入', '总')}，"
        f"其中本年收入{prose.amount('本年收入')}。具体情况如下："
    )
    for number, name in enumerate(SOURCES, start=1):
        _item(prose, number, name)
    prose.add("（二）年度支出总体情况")
    prose.add(
        f"{unit}{year()}度总支出{prose.amount('总计', '支出', '总')}，"
        f"其中本年支出{prose.amount('本年支出')}。具体情况如下："
    )
    for number, name in enumerate(EXPENDITURE_KINDS, start=1):
        _item(prose, number, name)
    prose.add(f"二、{year()}度财政拨款收入支出总表说明")
    prose.add(f"（一）{year()}度财政拨款收入说明")
    text = f"{unit}{year()}度财政拨款收入合计{prose.amount('财政拨款收入')}。其中："
    for name in SOURCES[:3]:
        text += f"{name}{prose.amount(name)}{prose.change(name)}；{prose.reason()}；"
    prose.add(text.removesuffix("；") + "。")
    prose.add(f"（二）{year()}度财政拨款支出说明")
    text = f"{unit}{year()}度财政拨款支出合计{prose.amount('财政拨款支出')}。其中："
    for name in FUND_SPENDING:
        text += f"{name}{prose.amount(name)}{prose.budget_change(name)}；{prose.reason()}；"
    prose.add(text.removesuffix("；") + "。")
    prose.add(f"三、{year()}度财政拨款“三公”经费支出决算情况说明")
    _three_public(prose)
    prose.add("四、其他重要事项的情况说明")
    prose.add("（一）机关运行经费支出情况")
    _operating(prose)
    prose.add("（二）政府采购支出情况说明")
    _procurement(prose)
    prose.add("（三）国有资产占用情况")
    _assets(prose)
    prose.add("（四）预算绩效管理工作开展情况")
    _performance(prose)


def _item(prose: Prose, number: int, name: str) -> None:
    tell = prose.only_rate if prose.random.random() < 0.2 else prose.change
    text = f"{number}.{name}{prose.amount(name)}{tell(name)}。"
    if prose.random.random() < 0.5:
        text += f"{prose.reason()}。"
    prose.add(text)


def _shanghai(prose: Prose) -> None:
    account, year, amounts = prose.account, prose.this_year, prose.amounts
    prose.add("一、收入支出决算总体情况说明")
    total = prose.one_of("收、支总计各", "收支总计")
    prose.add(
        f"{year()}度收入总计{prose.amount('总计', '收入总计', '总计')}，"
        f"支出总计{prose.amount('总计', '支出总计', '总计')}"
        f"{prose.change('总计', lead=total)}。{prose.reason()}。"
    )
    prose.add("二、收入决算情况说明")
    text = f"本年收入合计{prose.amount('本年收入')}，其中："
    text += f"财政拨款收入{prose.amount('财政拨款收入')}，"
    text += prose.share(amounts["财政拨款收入"], amounts["本年收入"], "", "财政拨款收入")
    for name in OWN_SOURCES:
        share = f"{name}{prose.amount(name)}，"
        text += f"；{share}{prose.share(amounts[name], amounts['本年收入'], '', name)}"
    prose.add(text + "。")
    prose.add("三、支出决算情况说明")
    text = f"本年支出合计{prose.amount('本年支出')}，其中："
    for name in EXPENDITURE_KINDS:
        share = f"{name}{prose.amount(name)}，"
        text += f"{share}{prose.share(amounts[name], amounts['本年支出'], '', name)}；"
    prose.add(text.removesuffix("；") + "。")
    prose.add("四、财政拨款收入支出决算总体情况说明")
    prose.add(
        f"{year()}度财政拨款收入支出总计{prose.amount('财政拨款总计', '财政拨款')}"
        f"{prose.change('财政拨款总计', '财政拨款')}。{prose.reason()}。"
    )
    _general_budget(prose)
    _basic(prose)
    prose.add("七、财政拨款“三公”经费支出决算情况说明")
    _three_public(prose)
    prose.add("八、政府性基金预算财政拨款收入支出决算情况说明")
    _government_fund(prose)
    prose.add("九、国有资本经营预算财政拨款支出决算情况说明")
    spent = prose.amounts["国有资本经营预算财政拨款支出"]
    if spent:
        name = "国有资本经营预算财政拨款支出"
        prose.add(f"{year()}度{name}{prose.amount(name)}。")
    else:
        prose.add(f"{account.unit}{year()}度无国有资本经营预算财政拨款收支。")
    prose.add("十、预算绩效管理情况")
    _performance(prose)
    prose.add("十一、其他重要事项的情况说明")
    prose.add("（一）机关运行经费支出情况")
    _operating(prose)
    prose.add("（二）政府采购支出情况")
    _procurement(prose)
    prose.add("（三）国有资产占用情况说明")
    _assets(prose)


def _general_budget(prose: Prose) -> None:
    account, year = prose.account, prose.this_year
    name = "一般公共预算财政拨款支出"
    whole = prose.amounts[name]
    prose.add("五、一般公共预算财政拨款支出决算情况说明")
    prose.add("（一）一般公共预算财政拨款支出决算总体情况")
    text = f"{year()}度{name}{prose.amount(name)}，"
    text += prose.share(whole, prose.amounts["本年支出"], "本年支出合计", name)
    prose.add(f"{text}{prose.change(name)}。{prose.reason()}。")
    prose.add("（二）一般公共预算财政拨款支出决算结构情况")
    text = f"{year()}度{name}{prose.amount(name)}，主要用于以下方面："
    for code, title in account.classes:
        spent = sum(e.appropriation[0] for e in account.of("general") if e.code[:3] == code)
        if spent:
            text += f"{title}（类）{prose.money(spent, title)}，"
            text += f"{prose.share(spent, whole, '', title)}；"
    prose.add(text.removesuffix("；") + "。")
    prose.add("（三）一般公共预算财政拨款支出决算具体情况")
    planned = account.budgets[name]
    text = f"{year()}度{name}"
    prose.add(f"{text}{prose.planned(whole, planned, '年初预算', name)}。其中：")
    for number, entry in enumerate(account.of("general"), start=1):
        names = [NAMES[entry.code[:size]] for size in (3, 5, 7)]
        path = f"{names[0]}（类）{names[1]}（款）{names[2]}（项）"
        spent, budget = entry.appropriation[0], account.budgets[entry.code]
        text = f"{number}、{path}{prose.one_of('。', '：')}"
        text += f"{prose.planned(spent, budget, '年初预算', names[2])}。"
        if prose.rounded(spent) != prose.rounded(budget):
            side = "大于" if spent > budget else "小于"
            text += f"决算数{side}预算数的主要原因是{prose.one_of('人员变动', '据实支付')}。"
        prose.add(text)


def _basic(prose: Prose) -> None:
    economic = prose.account.economic
    prose.add("六、一般公共预算财政拨款基本支出决算情况说明")
    sides = [
        sum(amount for code, amount in economic.items() if len(code) == 3 and code in codes)
        for codes in (PERSONNEL, RUNNING)
    ]
    text = f"一般公共预算财政拨款基本支出{prose.money(sum(sides), '基本支出')}，其中："
    for side, spent, codes in zip(
        ("人员经费", "公用经费"), sides, (PERSONNEL, RUNNING), strict=True
    ):
        text += f"{side}{prose.money(spent, side)}"
        names = [name for code, name in codes.items() if len(code) == 5 and economic[code]]
        text += f"，主要包括：{'、'.join(names)}；" if names else "；"
    prose.add(text.removesuffix("；") + "。")


def _government_fund(prose: Prose) -> None:
    entries = prose.account.of("fund")
    if not entries:
        prose.add(f"{prose.account.unit}{prose.this_year()}度无政府性基金预算财政拨款收支。")
        return
    opening = sum(e.carry_in for e in entries)
    closing = sum(e.carry_out for e in entries)
    name = "政府性基金预算财政拨款"
    prose.add(
        f"{prose.this_year()}度{name}年初结转和结余{prose.money(opening, '年初结转和结余')}，"
        f"本年收入{prose.amount(f'{name}收入', '本年收入', '收入')}，"
        f"本年支出{prose.amount(f'{name}支出', '本年支出', '支出')}，"
        f"年末结转和结余{prose.money(closing, '年末结转和结余')}。"
    )


def _three_public(prose: Prose) -> None:
    account, year = prose.account, prose.this_year
    planned, spent, counts = account.planned, account.spent, account.counts
    kinds = (
        ("因公出国（境）费", planned.abroad, spent.abroad),
        ("公务用车购置及运行维护费", planned.vehicles, spent.vehicles),
        ("公务用车购置", planned.purchase, spent.purchase),
        ("公务用车运行维护费", planned.running, spent.running),
        ("公务接待费", planned.reception, spent.reception),
    )
    prose.add("（一）“三公”经费财政拨款支出决算总体情况说明")
    text = f"{account.unit}{year()}度“三公”经费财政拨款支出决算为"
    text += f"{prose.amount('“三公”经费', '三公')}，"
    text += prose.completion(spent.total, planned.total, "全年预算", "三公")
    text += f"{prose.change('“三公”经费', '三公')}。其中："
    for name, budget, final in kinds:
        text += f"{name}支出决算为{prose.amount(name)}，"
        text += f"{prose.completion(final, budget, '预算', name)}{prose.change(name)}；"
    prose.add(text.removesuffix("；") + "。")
    prose.add("（二）“三公”经费财政拨款支出决算具体情况说明")
    text = f"{year()}度“三公”经费财政拨款支出决算中，"
    for name, _, final in (kinds[0], kinds[1], kinds[4]):
        text += f"{name}支出{prose.money(final, name)}，"
        text += f"{prose.share(final, spent.total, '', name)}；"
    prose.add(text.removesuffix("；") + "。具体情况如下：")
    prose.add(
        f"1.因公出国（境）费支出{prose.money(spent.abroad, '因公出国（境）费')}。"
        f"全年使用财政拨款安排出国（境）团组{prose.count(counts['团组'], '个', '团组')}、"
        f"累计{prose.count(counts['人次'], '人次', '出国', '累计')}。"
    )
    bought = prose.one_of("公务用车购置数", "全年购置公务用车")
    prose.add(
        f"2.公务用车购置及运行维护费支出{prose.money(spent.vehicles, '公务用车购置及运行维护费')}"
        f"，其中：公务用车购置支出为{prose.money(spent.purchase, '公务用车购置')}，"
        f"{bought}{prose.count(counts['购置'], '辆', '公务用车')}。"
        f"公务用车运行维护费支出{prose.money(spent.running, '公务用车运行维护费')}，"
        f"公务用车保有量为{prose.count(counts['保有'], '辆', '公务用车')}，主要用于公务出行。"
    )
    prose.add(
        f"3.公务接待费支出{prose.money(spent.reception, '公务接待费')}，"
        f"主要用于国内公务接待。发生国内接待{prose.count(counts['批次'], '批次', '接待')}，"
        f"接待人数共{prose.count(counts['人数'], '人', '接待')}。"
    )


def _operating(prose: Prose) -> None:
    ours = prose.one_of("本单位", "本部门", prose.account.unit)
    prose.add(
        f"{prose.this_year()}度{ours}机关运行经费支出{prose.amount('机关运行经费')}"
        f"{prose.change('机关运行经费')}。{prose.reason()}。"
    )


def _procurement(prose: Prose) -> None:
    bought = prose.account.purchases
    total = sum(p.amount for p in bought)
    sme, micro = sum(p.sme for p in bought), sum(p.micro for p in bought)
    text = f"{prose.this_year()}度本单位政府采购支出总额{prose.money(total, '采购')}，其中："
    parts = []
    for purchase in bought:
        name = f"政府采购{purchase.kind}支出"
        parts.append(f"{name}{prose.money(purchase.amount, purchase.kind)}")
    text += "、".join(parts)
    text += f"。授予中小企业合同金额{prose.money(sme, '中小企业')}，"
    text += f"{prose.share(sme, total, '政府采购支出总额', '中小企业')}，其中："
    text += f"授予小微企业合同金额{prose.money(micro, '小微企业')}，"
    if prose.random.random() < 0.5:
        text += prose.share(micro, sme, "授予中小企业合同金额", "小微企业")
    else:
        text += prose.share(micro, total, "政府采购支出总额", "小微企业")
    if prose.random.random() < 0.7:
        parts = [
            f"{p.kind}采购授予中小企业合同金额"
            f"{prose.share(p.sme, p.amount, f'{p.kind}支出金额', p.kind)}"
            for p in bought
        ]
        text += "；" + "，".join(parts)
    prose.add(text + "。")


def _assets(prose: Prose) -> None:
    account = prose.account
    total = sum(account.vehicles.values())
    text = f"截至{prose.this_year()}{prose.space()}12{prose.space()}月{prose.space()}31日，本单位"
    text += f"{prose.one_of('共有车辆', '共有车辆合计')}{prose.count(total, '辆', '车辆')}"
    if account.vehicles:
        text += "，其中，"
        parts = [f"{kind}{prose.count(n, '辆', kind)}" for kind, n in account.vehicles.items()]
        text += "、".join(parts)
    limit = prose.figure("100", "万元", ("amount", "threshold"), optional=True)
    text += f"。单位价值{limit}以上设备（不含车辆）"
    prose.add(f"{text}{prose.count(account.equipment, '台（套）', '设备')}。")


def _performance(prose: Prose) -> None:
    account = prose.account
    spending = account.general_projects
    titled = f"“{account.projects[0].name}项目”等" if account.projects else ""
    if spending:
        prose.add(
            f"绩效管理工作总体情况。根据财政预算绩效管理要求，我部门组织对{prose.this_year()}度{titled}"
            f"{prose.count(account.counts['自评'], '个', '项目', '自评')}"
            f"一般公共预算项目支出开展绩效自评，"
            f"共涉及资金{prose.money(spending, ('资金', '项目'))}，"
            f"{prose.share(spending, spending, '一般公共预算项目支出总额', '资金', '项目')}。"
        )
    for project in account.projects:
        words = (project.subject, "预算数", "执行数", "预算")
        text = f"“{project.name}”项目绩效自评综述：全年预算数为{prose.money(project.budget, words)}"
        text += f"，执行数为{prose.money(project.spent, words)}"
        if project.budget:
            rate = prose.percent(project.spent, project.budget, "completion_rate", words)
            text += f"，完成预算的{rate}"
        prose.add(text + "。项目绩效目标完成情况较好。")
    for number, indicator in enumerate(account.indicators, start=1):
        prose.add(_told(prose, number, indicator))
    if account.calls:
        calls = prose.figure(account.calls, "万通", "count", "来电总量")
        rate = prose.figure("51.07", "%", "change_rate", "来电")
        prose.add(f"12345 热线电话：{prose.this_year()}来电总量{calls}，同比增长{rate}。")


def _told(prose: Prose, number: int, indicator: Indicator) -> str:
    name, unit = indicator.name, indicator.unit
    target = prose.figure(indicator.target, unit, "target", name).replace(" ", "")
    actual = prose.figure(indicator.actual, unit, "actual", name)
    lead = prose.one_of(f"{number}.{name}的完成情况。", f"{number}.{name}完成情况。", f"{number}.")
    aim = f"{prose.one_of('', '，')}{prose.one_of('目标值', '目标值为')}{indicator.comparison}"
    year = prose.this_year() if prose.random.random() < 0.5 else ""
    told = prose.one_of("通过开展业务培训，", "")
    met = COMPLETED[indicator.met]
    text = f"{lead}{name}{aim}{target}，{told}{year}实际完成值{actual}，{met}。"
    if not indicator.met:
        text += f"主要原因是{prose.one_of('人员和坐席配置不足', '业务量持续增长')}。"
    return text
