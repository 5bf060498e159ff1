"""Command line: ``qy-finance run | check | parse | add | remove | verify | diff | corpus | data | lab``."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from qy_finance import keeping
from qy_finance.corpus import commands as corpus
from qy_finance.errors import IdentityWarning, MissingTableWarning, ReportError
from qy_finance.keeping import FAILED, INTERRUPTED, WRONG, complain
from qy_finance.language import LANGUAGES, ZH

_DATA_DIR = "默认向上查找 data/ default: nearest data/"
_NOTEBOOK_DIR = "默认向上查找 notebooks/ default: nearest notebooks/"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status.

    Errors of reports, catalogue and request are one line on standard error and status 2.
    """
    if sys.stdout is None:  # closed by the caller, who wants the exit status alone
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # Chinese, whatever the console's code page
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (ReportError, OSError) as error:
        return complain(error)
    except KeyboardInterrupt:
        print("中断 interrupted", file=sys.stderr)
        return INTERRUPTED


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="qy-finance", description="部门决算数据与分析 Data and notebooks of final accounts"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('qy_finance')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, told: str, function: Callable[[Namespace], int]) -> ArgumentParser:
        sub = commands.add_parser(name, help=told, description=told)
        sub.set_defaults(command=function)
        return sub

    def text(command: ArgumentParser, name: str, told: str) -> None:
        command.add_argument(name, default="", help=told)

    def several(command: ArgumentParser, name: str, told: str) -> None:
        command.add_argument(name, action="append", default=[], help=told)

    run = command("run", "运行笔记本并导出网页 Run notebooks and export pages", _run)
    reports = run.add_mutually_exclusive_group(required=True)
    year = "年度，可多次 fiscal year, repeatable"
    reports.add_argument("--year", type=int, action="append", help=year)
    every = "目录中全部报告 all reports of the catalogue"
    reports.add_argument("--all", action="store_true", help=every)
    several(run, "--unit", "单位，默认全部 unit; default: all of these")
    several(run, "--notebook", "笔记本，默认全部 notebook; default: all")
    run.add_argument(
        "-p", "--parameter", metavar="NAME=VALUE", type=_assignment, action="append", default=[],
        help="笔记本的其他参数 another parameter of the notebooks",
    )  # fmt: skip
    run.add_argument(
        "--lang", choices=LANGUAGES, action="append",
        help="网页的语言，可多次，默认 zh language of the pages, repeatable; default: zh",
    )  # fmt: skip
    text(run, "--data-dir", _DATA_DIR)
    text(run, "--notebook-dir", _NOTEBOOK_DIR)
    text(run, "--output-dir", "默认 outputs/ default: outputs/ beside notebooks/")
    told = "同时运行几个笔记本，默认 2 notebooks at a time; default: 2"
    run.add_argument("--jobs", type=_positive, default=2, metavar="N", help=told)
    told = "一个笔记本最多运行几秒，默认不限 seconds that a notebook may take; default: no limit"
    run.add_argument("--timeout", type=_positive, metavar="SECONDS", help=told)
    told = "每个内核都从头启动，不从一个已载入程序库的进程分出 start each kernel anew, fork none"
    run.add_argument("--no-fork", action="store_true", help=told)

    told = "勾稽：报告与自身是否矛盾 Find what contradicts itself in reports"
    check = command("check", told, _check)
    check.add_argument(
        "file", type=Path, metavar="REPORT", nargs="*",
        help="报告文件，默认目录中全部报告 report files; default: all reports of the catalogue",
    )  # fmt: skip
    check.add_argument(
        "--format", choices=["text", "csv", "json", "docx"], default="text",
        help="text 只列不符；csv、json 列全部核对；docx 写成致编制单位的信"
        " text: contradictions; csv, json: every check; docx: a letter to the department",
    )  # fmt: skip
    told = "信写到哪个文件或文件夹，默认当前文件夹 docx: file or folder; default: this folder"
    check.add_argument("--output", type=Path, help=told)
    text(check, "--data-dir", _DATA_DIR)

    parse = command("parse", "读取一份报告的全部数字 Print every figure of a report", _parse)
    parse.add_argument("file", type=Path, metavar="FILE")
    parse.add_argument("--format", choices=["csv", "json"], default="csv")
    parse.add_argument("--output", type=Path, help="默认标准输出 default: standard output")

    keeping.commands(command, _DATA_DIR)
    corpus.commands(command)

    data = command("data", "写出可带走的数据 Write the data that people take away", _data)
    text(data, "--data-dir", _DATA_DIR)
    text(data, "--output-dir", "默认 data/tidy default: tidy in the data folder")
    held = (
        "工作簿只载该{}，可多次；默认全部，装不下时先载最近的年度"
        " {} that the workbook holds, repeatable; default: all, the newest as far as they fit"
    )
    data.add_argument(
        "--workbook-year", type=int, action="append", default=[], help=held.format("年度", "year")
    )
    several(data, "--workbook-unit", held.format("单位", "unit"))

    lab = command("lab", "在 JupyterLab 中打开笔记本 Open the notebooks in JupyterLab", _lab)
    text(lab, "--notebook-dir", _NOTEBOOK_DIR)
    return parser


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ArgumentTypeError(f"expected NAME=VALUE, found {text}")
    return name, value


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"expected a number from 1, found {text}")
    return int(text)


def _run(options: Namespace) -> int:
    from qy_finance.publish import run

    years = None if options.all else list(dict.fromkeys(options.year))
    units, parameters = list(dict.fromkeys(options.unit)), dict(options.parameter)
    folders = (options.data_dir, options.notebook_dir, options.output_dir)
    result = run(
        years, units, options.notebook, parameters, *folders,
        jobs=options.jobs, fork=not options.no_fork, timeout=options.timeout,
        languages=list(dict.fromkeys(options.lang or (ZH,))),
    )  # fmt: skip
    print(result)
    print(result.index)
    if result.faults:
        return WRONG
    return 0 if result.ok else FAILED


def _parse(options: Namespace) -> int:
    from qy_finance import read_report
    from qy_finance.files import write_text

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)  # the summary lists them
        warnings.simplefilter("ignore", IdentityWarning)
        report = read_report(options.file)
    observations = report.observations
    if options.format == "csv":
        text = observations.to_csv(index=False, lineterminator="\n")
    else:
        text = observations.to_json(orient="records", force_ascii=False, indent=1) + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_text(options.output, text)
    meta, missing = report.meta, report.reading.missing
    unknown = int((report.unclaimed()["reason"] == "unknown").sum())
    print(
        f"单位 unit: {meta['unit']}\n年度 year: {meta['year']}\n范围 scope: {meta['scope']}\n"
        f"表 tables: {', '.join(report.tables)}\n缺表 missing: {', '.join(missing) or '—'}\n"
        f"数字 figures: {len(observations)}\n未识别 unknown: {unknown}",
        file=sys.stderr,
    )
    for told in report.reading.identity.disagreements:
        print(f"不一致 differs: {told}", file=sys.stderr)
    return 0


def _check(options: Namespace) -> int:
    from qy_finance import catalogue, console, entries

    status, read = 0, []
    reports: list[tuple[Path, Callable[[], catalogue.Noted]]]
    if options.file:
        reports = [(file, partial(catalogue.noted, file)) for file in dict.fromkeys(options.file)]
    else:
        known = entries.read(options.data_dir).verified()
        for fault in known.faults:
            status = complain(fault.error)
        reports = [
            (known.data_dir / entry.files[0], partial(catalogue.opened, known, entry))
            for entry in known.entries
        ]
    for file, opened in reports:
        try:
            report, notes = opened()
            read.append((file, report))
            _ = report.decisions  # one whose figure is gone is an error
        except (ReportError, OSError) as error:
            status = complain(error)
            continue
        # checks that are not run for want of a table say so themselves
        for note in notes:
            if not issubclass(note.category, MissingTableWarning | IdentityWarning):
                print(note.message, file=sys.stderr)
        for told in report.reading.identity.disagreements:
            print(f"{file.name}: {told}", file=sys.stderr)
    found = console.checked(read)
    if options.format == "docx":
        print(*console.write_letters(found, options.output, date.today()), sep="\n")
        return status or (FAILED if any(not one.breaks.empty for one in found) else 0)
    write = {"text": console.as_text, "csv": console.as_csv, "json": console.as_json}
    if found or not status:
        sys.stdout.write(write[options.format](found))
    broken = any(not one.breaks.empty for one in found)
    return status or (FAILED if broken else 0)


def _data(options: Namespace) -> int:
    from qy_finance.tidy import build

    selection = options.workbook_year, options.workbook_unit
    built = build(options.data_dir, options.output_dir, *selection)
    print(built.package)
    for failure in built.failures:
        print(failure.told, file=sys.stderr)
    for (resource, field), count in built.formulas.items():
        print(
            f"{resource}.csv: {field}: {count} 处文字会被电子表格当作公式，用 Excel 请打开工作簿"
            " texts that a spreadsheet takes for formulas: open the workbook there",
            file=sys.stderr,
        )
    return FAILED if built.failures else 0


def _lab(options: Namespace) -> int:
    from qy_finance.publish.plan import find_notebooks

    first = find_notebooks(options.notebook_dir)[0].resolve()
    # the notebooks' root is the project, so that data/ and outputs/ are in the file browser too
    arguments = ["lab", f"--ServerApp.root_dir={first.parent.parent}", str(first)]
    return subprocess.run([sys.executable, "-m", "jupyter", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
