"""The commands about what the catalogue holds: ``qy-finance init | add | remove | verify | diff``."""

from __future__ import annotations

import sys
import warnings
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

from qy_finance.errors import ReportError

#: Exit statuses: a notebook failed or a report contradicts itself; the request or a file is at fault; interrupted.
FAILED, WRONG, INTERRUPTED = 1, 2, 130


def commands(command: Callable[..., ArgumentParser], data_dir: str) -> None:
    """Tell the command line of them: ``command`` makes one, ``data_dir`` says which folder is the default."""
    told = "建一个工作文件夹：笔记本和空目录 Make a folder to work in: notebooks, empty catalogue"
    begin = command("init", told, _begin)
    begin.add_argument("folder", type=Path, metavar="FOLDER", help="文件夹 folder")

    told = "看清文件是什么，把报告加入目录 See what files are, and add reports to the catalogue"
    add = command("add", told, _add)
    add.add_argument(
        "file", type=Path, metavar="FILE", nargs="+",
        help="文件、文件夹或压缩包 files, folders or archives",
    )  # fmt: skip
    add.add_argument("--source", default="", help="出处 where the reports were published")
    for name, told in (
        ("--published", "公开日期 date of publication"),
        ("--retrieved", "取得日期 date of retrieval"),
    ):
        add.add_argument(name, type=_date, default="", metavar="YYYY-MM-DD", help=told)
    told = "只列出各文件是什么，不加入 only tell what the files are"
    add.add_argument("--dry-run", action="store_true", help=told)
    told = "目录已有同一报告时，作为更正后的版本加入，两份都留 add as the corrected version; both are kept"
    add.add_argument("--replace", action="store_true", help=told)
    add.add_argument("--data-dir", default="", help=data_dir)

    remove = command("remove", "从目录中去掉一份报告 Take a report out of the catalogue", _remove)
    remove.add_argument("--year", type=int, required=True, help="年度 fiscal year")
    told = "单位，该年只有一份时可省 unit; may be left out where the year has one report"
    remove.add_argument("--unit", default="", help=told)
    remove.add_argument("--data-dir", default="", help=data_dir)

    told = "核对目录与文件 See whether every file of the catalogue is there and what it was"
    verify = command("verify", told, _verify)
    verify.add_argument("--data-dir", default="", help=data_dir)

    told = "同一报告的两版有何不同 What differs between two versions of a report"
    diff = command("diff", told, _diff)
    diff.add_argument(
        "file", type=Path, metavar="FILE", nargs="*",
        help="前后两版；不写则为目录中各报告与它取代的一版"
        " the earlier and the later file; default: reports of the catalogue and what they replace",
    )  # fmt: skip
    diff.add_argument("--data-dir", default="", help=data_dir)


def _date(text: str) -> str:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise ArgumentTypeError(f"expected a date such as 2024-09-30, found {text}") from None


def _begin(options: Namespace) -> int:
    from qy_finance.starting import begin

    print(*begin(options.folder), sep="\n")
    print(
        f"下一步 next: cd {options.folder}; qy-finance add FILE; qy-finance run --all; qy-finance lab"
    )
    return 0


def _add(options: Namespace) -> int:
    from tempfile import TemporaryDirectory

    from qy_finance import intake
    from qy_finance.entries import NAME, find_data_dir, load
    from qy_finance.files import find_upward
    from qy_finance.looks import against

    catalogue, folder = None, Path()
    if not options.dry_run:
        folder = find_data_dir(options.data_dir)
    elif options.data_dir or find_upward("data", NAME):  # what files are can be asked without one
        catalogue = load(options.data_dir)
    said = {
        name: getattr(options, name) for name in ("source", "published", "retrieved", "replace")
    }
    with TemporaryDirectory(prefix="qy-finance-", ignore_cleanup_errors=True) as scratch:
        seen = intake.look_at(options.file, Path(scratch))
        if catalogue is not None:
            seen = against(seen, catalogue)
        if options.dry_run or seen.is_of_many:
            print(*("  ".join(cell or "—" for cell in row) for row in seen.table), sep="\n")
        if options.dry_run:
            if catalogue is not None:
                print(seen.summary, file=sys.stderr)
            return 0
        status = 0
        for told in seen.refused:
            print(told, file=sys.stderr)
            status = WRONG
        for look in seen.reports:
            for note in look.notes:
                print(note, file=sys.stderr)
            try:
                entry = intake.add(look, folder, **said)
            except (ReportError, OSError) as error:
                status = complain(error)
            else:
                print(
                    f"{entry.unit}  {entry.year}  {entry.scope}  {entry.file}",
                    *look.block,
                    sep="\n",
                )
                if entry.replaces:
                    print("  与被取代的一版的不同 what it changes: qy-finance diff")
    return status


def _remove(options: Namespace) -> int:
    from qy_finance.catalogue import remove

    entry = remove(options.year, options.unit, options.data_dir)
    print(f"{entry.unit}  {entry.year}  {entry.scope}  {entry.file}")
    return 0


def _verify(options: Namespace) -> int:
    from qy_finance.entries import read

    catalogue = read(options.data_dir).verified()
    status = 0
    for fault in catalogue.faults:
        status = complain(fault.error)
    print(
        f"相符 as the catalogue says: {len(catalogue.entries)}  有误 at fault: {len(catalogue.faults)}"
    )
    return status


def _diff(options: Namespace) -> int:
    from qy_finance import read_report
    from qy_finance.entries import load
    from qy_finance.errors import ParameterError
    from qy_finance.versions import as_lines, differences

    pairs: list[tuple[str, Path | tuple[Path, ...], Path | tuple[Path, ...]]] = []
    if options.file:
        if len(options.file) != 2:
            raise ParameterError("diff", "", "two files, or none", f"{len(options.file)}")
        pairs.append(("", *options.file))
    else:
        catalogue = load(options.data_dir)
        for entry in catalogue.entries:
            versions = catalogue.versions(entry)
            pairs += (
                (str(entry.key), catalogue.path(old), catalogue.path(new))
                for new, old in pairwise(versions)
            )
    differ = False
    for name, old, new in pairs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = differences(read_report(old), read_report(new))
        differ |= not found.empty
        for line in (*filter(None, [name]), *as_lines(found)):
            print(line)
        print(f"不同 figures that differ: {len(found)}")
    return FAILED if differ else 0


def complain(error: ReportError | OSError) -> int:
    """Say what is at fault; returns the exit status for it."""
    said = str(error)
    if isinstance(error, OSError):  # without its number
        said = f"{error.filename or 'qy-finance'}: {error.strerror or error}"
    print(said, file=sys.stderr)
    return WRONG
