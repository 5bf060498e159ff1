"""What a corpus says of units and accounts, and what its questions ask of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qy_finance import open_corpus
from qy_finance.cli import main
from qy_finance.corpus.database import Corpus

FICTIONAL = Path(__file__).parent / "reconciliation"
DATA = Path(__file__).parents[1] / "data"
QUERIES = Path(__file__).parents[1] / "docs" / "queries.md"
NAMES = ("guangdong_urban.txt", "anhui_water.txt", "jiangsu_education.txt")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three reports, one of a town in a known city, the others of places that there are not; and the first real one."""
    folder = tmp_path_factory.mktemp("reports")
    for name in NAMES:
        (file,) = FICTIONAL.glob(name)
        (folder / name).write_bytes(file.read_bytes())
    (real,) = (DATA / "raw" / "2022").iterdir()
    (folder / "real.txt").write_bytes(real.read_bytes())
    into = folder.parent / "corpus"
    assert main(["corpus", "build", str(folder), "--into", str(into)]) == 0
    return open_corpus(into)


def test_views_have_region_and_kind(corpus: Corpus) -> None:
    for view in ("amounts", "measured", "operating", "three_public"):
        rows = corpus.sql(f"SELECT DISTINCT unit, division, region, tier, authority FROM {view}")
        told = {row.unit: row for row in rows.itertuples()}
        town = told["东莞市石城镇城市管理分局"]
        assert (town.division, town.region) == ("441900", "广东省东莞市")
        assert (town.tier, town.authority) == ("township", "城市管理")
    broken = corpus.sql("SELECT DISTINCT unit, region, tier, authority FROM breaks")
    assert broken.values.tolist() == [
        ["清远市政务服务数据管理局本级", "广东省清远市", "city", "政务服务数据"]
    ]
    water = corpus.sql("FROM units WHERE unit = '皖江市水利局'").iloc[0]
    assert water["kind"] == "水利"
    assert water[["division", "region", "level"]].isna().all()
    assert "区划" in water["why"]


def test_no_view_has_more_rows_for_the_units(corpus: Corpus) -> None:
    counts = corpus.sql(
        "SELECT (SELECT count(*) FROM kpis) AS kpis, (SELECT count(*) FROM data.kpis) AS all_kpis,"
        " (SELECT count(*) FROM breaks) AS breaks,"
        " (SELECT count(*) FROM data.checks WHERE status = 'break') AS all_breaks,"
        " (SELECT count(*) FROM units) AS units, (SELECT count(*) FROM reports) AS reports"
    ).iloc[0]
    assert counts["kpis"] == counts["all_kpis"]
    assert counts["breaks"] == counts["all_breaks"] > 0
    assert counts["units"] == counts["reports"] == len(NAMES) + 1


def test_accounts_are_asked_of_the_amounts(corpus: Corpus) -> None:
    found = corpus.sql("FROM accounts")
    codes = corpus.sql(
        "SELECT DISTINCT coalesce(function_code, economic_code) AS code, item FROM data.amounts"
        " WHERE function_code IS NOT NULL OR economic_code IS NOT NULL"
    )
    assert set(zip(found["code"], found["item"], strict=True)) == set(
        zip(codes["code"], codes["item"], strict=True)
    )
    assert len(found) == len(corpus.sql("FROM data.accounts")) > 0


def test_functions_add_up_to_the_printed_expenditure(corpus: Corpus) -> None:
    found = corpus.sql(
        "SELECT report_id, sum(yuan) AS yuan, any_value(authority) AS authority FROM functions GROUP BY ALL"
    )
    printed = corpus.sql(
        """SELECT report_id, yuan FROM data.amounts
        WHERE "table" = 'expenditure' AND "column" = '本年支出合计' AND item = '合计'"""
    )
    sums = dict(zip(printed["report_id"], printed["yuan"], strict=True))
    assert dict(zip(found["report_id"], found["yuan"], strict=True)) == sums
    assert len(sums) == len(NAMES) + 1
    apart = corpus.sql(
        "SELECT mapping, code, basis FROM functions WHERE cofog IS NULL AND code = '2121399'"
    )
    assert apart.values.tolist() == [["mixed", "2121399", "科目只说钱从哪里来，不说用来做什么"]]


def test_every_question_of_the_docs_can_be_asked(corpus: Corpus) -> None:
    questions = re.findall(r"```sql\n(.*?)```", QUERIES.read_text(encoding="utf-8"), re.DOTALL)
    assert len(questions) == 14
    for question in questions:
        corpus.sql(question)
