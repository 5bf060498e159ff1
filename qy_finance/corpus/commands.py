"""The commands of a corpus: ``qy-finance corpus build | query``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FAILED: Final = 1
_SHOWN: Final = 20
_INTO: Final = "corpus"


def commands(command: Callable[..., ArgumentParser]) -> None:
    """Add them to the command line."""
    told = "一批报告的数据库：建立、查询 A database of many reports: build it, ask it"
    both = command("corpus", told, None).add_subparsers(metavar="COMMAND", required=True)

    told = "读取并核对一个文件夹或目录的全部报告，只读新的 Read and check all reports; only what is new"
    build = both.add_parser("build", help=told, description=told)
    build.set_defaults(command=_build)
    build.add_argument(
        "source", type=Path, metavar="FOLDER", help="报告所在的文件夹，或有 reports.csv 的文件夹"
        " folder of reports, or one with a catalogue",
    )  # fmt: skip
    told = "数据库的文件夹，默认 corpus/ folder of the database; default: corpus/"
    build.add_argument("--into", type=Path, default=Path(_INTO), help=told)
    told = "同时读几份，默认 2 reports read at the same time; default: 2"
    build.add_argument("--jobs", type=int, default=2, help=told)
    told = "Dask 调度器的地址，由集群来读 address of a Dask scheduler whose workers read"
    build.add_argument("--cluster", metavar="ADDRESS", default="", help=told)
    told = "一份报告最多几秒，默认 900 seconds for one report; default: 900"
    build.add_argument("--seconds", type=float, default=900.0, help=told)

    told = "用 SQL 查询 Ask it in SQL (docs/queries.md)"
    query = both.add_parser("query", help=told, description=told)
    query.set_defaults(command=_query)
    query.add_argument("sql", metavar="SQL")
    told = "数据库的文件夹，默认 corpus/ folder of the database; default: corpus/"
    query.add_argument("--corpus", type=Path, default=Path(_INTO), help=told)
    query.add_argument("--format", choices=["text", "csv", "json"], default="text")


def _build(options: Namespace) -> int:
    from qy_finance.corpus.build import build

    built = build(options.source, options.into, options.jobs, options.cluster, options.seconds)
    for line in built.failures[:_SHOWN]:
        print(f"! {line}", file=sys.stderr)
    if (more := len(built.failures) - _SHOWN) > 0:
        print(f"! 另有 {more} 个 and {more} more: FROM failures", file=sys.stderr)
    print(
        f"{built.folder}: 报告 reports {built.reports:,}，本次读取 read now {built.read:,}，"
        f"未收 not among them {len(built.failures):,}"
    )
    return _FAILED if built.is_lacking else 0


def _query(options: Namespace) -> int:
    import pandas as pd

    from qy_finance.corpus.database import open_corpus

    found = open_corpus(options.corpus).sql(options.sql)
    match options.format:
        case "csv":
            sys.stdout.write(found.to_csv(index=False, lineterminator="\n"))
        case "json":
            sys.stdout.write(found.to_json(orient="records", force_ascii=False, indent=1) + "\n")
        case _:
            with pd.option_context(
                "display.max_rows", None, "display.width", None, "display.max_columns", None,
                "display.unicode.east_asian_width", True, "display.max_colwidth", 60,
            ):  # fmt: skip
                print(found.to_string(index=False, na_rep=""))
    return 0
