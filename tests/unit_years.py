"""Three years of one unit (and what the first of them says of the year before), with amounts typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from layout.accounts import Account, Entry, ThreePublic
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import catalogue, entries

UNIT = "洛阳市12345政务服务便民热线中心本级"
# 万元 in hundredths: 项目支出 from the general budget, 机关运行经费, 三公 (vehicles, reception).
# Basic expenditure is 1,850.00 in each year, of it 50.00 for pensions; nothing else is spent.
AMOUNTS = {
    2019: (1_600_00, 16_00, 1_00, 30),
    2020: (2_000_00, 20_00, 1_50, 50),
    2021: (2_500_00, 25_00, 1_80, 40),
    2022: (2_250_00, 30_00, 1_89, 63),
}


def account(year: int, unit: str = UNIT) -> Account:
    project, operating, vehicles, reception = AMOUNTS[year]
    return replace(
        SAMPLE,
        unit=unit,
        year=year,
        entries=(
            Entry("2010301", "general", basic=1_800_00),
            Entry("2010399", "general", project=project),
            Entry("2080501", "general", basic=50_00),
        ),
        spent=ThreePublic(abroad=0, purchase=0, running=vehicles, reception=reception),
        operating=operating,
    )


def text(year: int, unit: str = UNIT, said: Mapping[str, int] | None = None) -> str:
    """The report of a year; ``said`` are amounts that it takes the year before to have had, other than it had."""
    one = account(year, unit)
    before = account(year - 1, unit)
    same = [Fraction(1)] * len(one.entries)
    one = one.with_other_years(same, before.spent, before.operating, same)
    one = replace(one, previous={**before.amounts(), **(said or {})})
    return lay_out(one, Options()).text


def data_folder(folder: Path, texts: Mapping[str, str]) -> Path:
    """A catalogue of reports, by the names of their files."""
    data = folder / "data"
    data.mkdir()
    (data / "reports.csv").write_text(",".join(entries.COLUMNS) + "\n", encoding="utf-8")
    for name, said in texts.items():
        file = folder / f"{name}.txt"
        file.write_text(said, encoding="utf-8")
        catalogue.add(file, data)
    return data
