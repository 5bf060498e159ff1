"""Units: division, level and kind from name and report alone; what is not certain is blank, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from qy_finance import read_report
from qy_finance.errors import LinkError
from qy_finance.units import KINDS, Unit, described, unit_of
from qy_finance.units.kinds import central_names
from qy_finance.units.links import NAME, Succession, links
from qy_finance.units.register import Register, register

DATA = Path(__file__).parents[1] / "data"


def _told(unit: Unit) -> tuple[str, str, str, str]:
    return unit.division, unit.level, unit.kind, unit.sure


@pytest.mark.parametrize(
    ("name", "year", "told"),
    [
        ("清远市政务服务数据管理局本级", 2022, ("441800", "city", "政务服务数据", "name")),
        ("上海市普陀区财政局", 2024, ("310107", "county", "财政", "name")),
        ("浙江省舟山市普陀区财政局", 2024, ("330903", "county", "财政", "name")),
        ("广东清远市教育局", 2022, ("441800", "city", "教育", "name")),
        ("内蒙古自治区财政厅", 2022, ("150000", "province", "财政", "name")),
        ("佛山市轨道交通局", 2019, ("440600", "city", "交通运输", "name")),
        ("中共清远市委组织部", 2022, ("441800", "city", "党委部门", "name")),
        ("济阳区回河街道办事处", 2022, ("370115", "township", "街道", "only")),
        ("东莞市石城镇城市管理分局", 2023, ("441900", "township", "城市管理", "name")),
        ("河南蒙古族自治县财政局", 2020, ("632324", "county", "财政", "only")),
        (
            "广州市天河区人民政府天河南街道办事处",
            2022,
            ("440106", "township", "街道", "name"),
        ),
        ("上海市第一中级人民法院", 2022, ("310000", "", "法院", "name")),
        ("政协清远市委员会办公室", 2022, ("441800", "city", "政协", "name")),
        ("海淀区人民检察院", 2022, ("110108", "county", "检察院", "only")),
        ("福建省漳州市长泰县财政局", 2023, ("350600", "", "财政", "name")),  # 长泰区 since 2021
        ("国家信访局", 2024, ("", "central", "信访", "listed")),
        ("国家税务总局清远市税务局", 2022, ("441800", "central", "税务", "name")),
        # what a name does not say
        ("南京市第一中学", 2022, ("320100", "", "学校", "name")),
        ("清远市气象局", 2022, ("441800", "", "气象", "name")),
        ("上海市公安局普陀分局", 2022, ("310000", "", "", "name")),
        ("北京市丰华区中医医院", 2022, ("110000", "", "医院", "name")),
        ("苏州市苏州工业园区教育局", 2022, ("320500", "", "教育", "name")),
        ("清远市财政局国库支付中心", 2022, ("441800", "city", "", "name")),
        ("清远市民政和教育局", 2022, ("441800", "city", "", "name")),
        # what is nowhere, or several
        ("普陀区财政局", 2024, ("", "", "财政", "ambiguous")),
        ("国家文献典藏局", 2022, ("", "", "", "unknown")),
        ("北京大学", 2022, ("", "", "高校", "unknown")),
        ("渝州区国有资产监督管理委员会", 2022, ("", "", "国有资产", "unknown")),
        ("矿区财政局", 2022, ("", "", "财政", "unknown")),
        ("财政部门", 2022, ("", "", "", "unknown")),
    ],
)
def test_what_a_name_says_and_no_more(name: str, year: int, told: tuple[str, ...]) -> None:
    unit = described(name, year)
    assert _told(unit) == told
    assert unit.why
    assert bool(unit.region) == bool(unit.division)
    assert unit.kind in {"", *KINDS}


@pytest.mark.parametrize(
    ("text", "division", "sure"),
    [
        ("上海市普陀区财政局2024年度部门决算", "310107", "text"),
        ("舟山市\n普陀区财政局", "330903", "text"),
        ("按照舟山市人民政府的要求", "330903", "text"),
        ("赴上海市考察，与上海市普陀区结对；舟山市普陀区财政局", "330903", "text"),
        ("赴上海市考察", "", "ambiguous"),
        ("与上海市普陀区结对。舟山市财政局", "", "ambiguous"),
        ("赴上海市考察。舟山市人民政府", "", "ambiguous"),
        ("上海市普陀区、舟山市普陀区", "", "ambiguous"),
        ("普陀区", "", "ambiguous"),
    ],
)
def test_of_two_of_one_name_that_which_the_report_says(text: str, division: str, sure: str) -> None:
    unit = described("普陀区财政局", 2024, text)
    assert (unit.division, unit.sure) == (division, sure)
    if not division:
        assert "上海市普陀区" in unit.why
        assert "浙江省舟山市普陀区" in unit.why


def test_four_of_one_name_in_three_provinces() -> None:
    """乐山 and 内江 lie in one province: that alone decides nothing."""
    assert described("市中区教育局", 2020, "四川省教育厅").sure == "ambiguous"
    assert described("市中区教育局", 2020, "四川省内江市市中区教育局").division == "511002"


def test_a_name_without_a_place_has_that_which_stands_before_it_always() -> None:
    text = "清远市文化和旅游局的职责是……清远市文化和旅游局"
    assert _told(described("文化和旅游局", 2022, text)) == ("441800", "city", "文化旅游", "text")
    two = "清远市文化和旅游局、佛山市文化和旅游局"
    unit = described("文化和旅游局", 2022, two)
    assert _told(unit) == ("", "", "文化旅游", "ambiguous")
    assert "广东省佛山市" in unit.why


def test_a_university_is_central_where_its_report_says_so() -> None:
    said = "西南大学（Southwest University）是教育部直属，教育部、农业农村部、重庆市共建的大学"
    assert described("西南大学", 2023, said).level == "central"
    other = "北京大学是教育部直属高校。西南大学与其合作"
    assert described("西南大学", 2023, other).level == ""


@pytest.mark.parametrize(
    ("name", "year", "full"),
    [
        ("南汇区", 2008, "上海市南汇区"),
        ("南汇区", 2012, None),  # part of 浦东新区 since 2009
        ("襄樊市", 2009, "湖北省襄樊市"),
        ("襄阳市", 2022, "湖北省襄阳市"),
        ("济阳县", 2015, "山东省济南市济阳县"),
        ("济阳区", 2015, None),
        ("济阳区", 2018, "山东省济南市济阳区"),
        ("莱芜市", 2018, "山东省莱芜市"),
        ("江干区", 2020, "浙江省杭州市江干区"),
        ("庐江县", 2009, "安徽省巢湖市庐江县"),
        ("庐江县", 2020, "安徽省合肥市庐江县"),
        ("塘沽区", 2008, "天津市塘沽区"),
    ],
)
def test_divisions_have_the_name_and_place_of_the_year(
    name: str, year: int, full: str | None
) -> None:
    found = [register().full(one, year) for one in register().named(name, year)]
    assert found == ([] if full is None else [full])


def test_a_division_that_is_gone_leaves_its_name_ambiguous_for_a_year() -> None:
    """重庆市江北区 went in 2025: in the year after, the name is 宁波's alone; in that year it may be either."""
    for year, count in ((2024, 2), (2025, 2), (2027, 1)):
        assert len(register().named("江北区", year)) == count


def test_the_register_has_what_its_sources_say() -> None:
    now = [one for one in register().divisions if one.until == 9999]
    assert len(now) == 3214
    assert len({one.code for one in now}) == 3214
    assert all(one.since < one.until for one in register().divisions)
    assert Register([], []).divisions == []


def test_no_central_name_is_that_of_a_place() -> None:
    assert len(central_names()) == len(set(central_names()))
    assert not [one for one in central_names() if register().named(one, 2022)]


def test_what_local_authorities_call_themselves_too_is_central_as_a_whole_alone() -> None:
    assert described("中国国际贸易促进委员会", 2023).level == "central"
    assert described("中国国际贸易促进委员会广东省委员会", 2023).level != "central"
    assert described("国家统计局广东调查总队", 2023).level == "central"
    assert described("财政部门", 2023).level == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "=1+1",
        "<script>alert(1)</script>",
        "普陀区" * 500,
        ".*(",
        "\\",
        "𠮷市财政局",
        "市" * 10_000,
    ],
)
def test_hostile_names_are_units_of_which_nothing_is_known(name: str) -> None:
    unit = described(name, 2022, f"{name}（{name}）")
    assert unit.sure in ("unknown", "ambiguous")
    assert unit.division == unit.region == unit.level == ""


def test_a_report_has_its_unit() -> None:
    (file,) = (DATA / "raw" / "2022").iterdir()
    unit = unit_of(read_report(file).reading)
    assert unit == Unit(
        "441800", "广东省清远市", "city", "政务服务数据", "name", "名称写明广东省清远市"
    )


# ---- links


def _linked(folder: Path, *lines: str) -> list[Succession]:
    (folder / "reports.csv").write_text("unit\n", encoding="utf-8")
    header = ",".join(Succession._fields)
    (folder / NAME).write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return links(folder)


def test_links_are_rows_with_a_source(tmp_path: Path) -> None:
    found = _linked(
        tmp_path,
        "甲市大数据局,甲市数据局,2024,更名,甲办〔2024〕1号,公告写明",
        "甲市农业局,甲市农业农村局,2019,合并,甲办〔2019〕2号,公告写明",
    )
    assert [(one.year, one.successor, one.is_renaming) for one in found] == [
        (2019, "甲市农业农村局", False),
        (2024, "甲市数据局", True),
    ]
    (tmp_path / NAME).unlink()
    assert links(tmp_path) == []


def test_the_links_of_the_repository_can_be_read() -> None:
    assert links(DATA) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("甲局,乙局,2024,更名,文号", "line 2, cells"),
        (",乙局,2024,更名,文号,确定", "line 2, predecessor"),
        ("甲局,甲局,2024,更名,文号,确定", "line 2, successor"),
        ("甲局,乙局,二〇二四,更名,文号,确定", "line 2, year"),
        ("甲局,乙局,²,更名,文号,确定", "line 2, year"),
        ("甲局,乙局,99999,更名,文号,确定", "line 2, year"),
        (f"甲局,乙局,{'9' * 5000},更名,文号,确定", "line 2, year"),
        ("甲局,乙局,2024,改名,文号,确定", "line 2, what"),
        ("甲局,乙局,2024,更名,,确定", "line 2, source"),
        ("甲局,乙局,2024,更名,文号,", "line 2, sure"),
        ("甲局,乙局,2024,更名,文号,确定\n甲局,丙局,2024,更名,文号,确定", "predecessor"),
        ('"甲局', ""),
    ],
)
def test_a_line_at_fault_is_one_typed_error(tmp_path: Path, line: str, place: str) -> None:
    with pytest.raises(LinkError) as caught:
        _linked(tmp_path, line)
    assert caught.value.place == place
