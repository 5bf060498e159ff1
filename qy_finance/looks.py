"""What files were seen to be before they go into the catalogue, and how that is told: a table, a line for each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qy_finance.catalogue import already
from qy_finance.entries import Catalogue, Key

_SHOWN: Final = 3  # contradictions, and files that are not here, that are told of a file
_SAME: Final = "in the catalogue already"


@dataclass(frozen=True)
class Look:
    """What a file was seen to be.

    Attributes
    ----------
    names : tuple of str
        What it is called, or its files are.
    paths : tuple of Path
        Where they are.
    kind : str
        What the file is (:func:`qy_finance.readers.kinds.kind_of`).
    sha256 : str
        Its digest.
    key : Key or None
        Of a final account: unit, year and scope.
    is_scoped : bool
        Whether it says its scope.
    what : str
        What it is: 部门决算, or what the error calls it.
    why : str
        Why it is not read, or what is missing.
    tables, missing : tuple of str
        Tables that were read, and those that it lacks.
    figures, prose, unknown : int
        Figures that were read, those of them in the prose, and numerals that were not understood.
    breaks : tuple of str
        What contradicts itself.
    notes : tuple of str
        What was said while it was read: files that differ, names that disagree, what is hidden.
    links : tuple of tuple of str
        Of a page without a report, the files of an account that it links to: what each may be called.
    are_here : bool
        Whether all of these were looked at too.
    there : str
        What the catalogue has of it already.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    kind: str = ""
    sha256: str = ""
    key: Key | None = None
    is_scoped: bool = False
    what: str = ""
    why: str = ""
    tables: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    figures: int = 0
    prose: int = 0
    unknown: int = 0
    breaks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, ...], ...] = ()
    are_here: bool = False
    there: str = ""

    @property
    def status(self) -> str:
        """读全, 读出部分 or 未读."""
        if self.key is None:
            return "未读"
        return "读出部分" if self.missing or self.unknown else "读全"

    @property
    def name(self) -> str:
        """What it is called."""
        return "; ".join(self.names)

    @property
    def line(self) -> tuple[str, ...]:
        """Its row of the table: what it is, whose, how it was read, its name and why."""
        unit, year, scope = self.key or ("", "", "")
        lacking = f"no {', '.join(self.missing)}" if self.missing else ""
        why = "; ".join(filter(None, (self.why or lacking, self.there)))
        return (self.what, unit, str(year), scope, self.kind, self.status, self.name, why)

    @property
    def block(self) -> list[str]:
        """What was read of it, what is missing and what contradicts itself, a line each."""
        lines = [
            f"  表 tables {len(self.tables)}，数字 figures {self.figures}（文字中 in the prose {self.prose}）"
        ]
        if self.missing:
            lines.append(f"  缺 missing: {', '.join(self.missing)}")
        if self.unknown:
            lines.append(f"  未识别的数字 numerals not understood: {self.unknown}")
        if self.why:
            lines.append(f"  {self.why}")
        if self.breaks:
            lines.append(f"  不符 contradictions: {len(self.breaks)}")
            lines += [f"    {told}" for told in self.breaks[:_SHOWN]]
        return lines


COLUMNS: Final = (
    "是什么 what",
    "单位 unit",
    "年度 year",
    "口径 scope",
    "格式 format",
    "读 read",
    "文件 file",
    "说明 why",
)


@dataclass(frozen=True)
class Seen:
    """What files, folders and archives hold.

    ``looks`` are all their files; ``reports`` the reports among them, of those in several files all together;
    ``others`` what is another version of one of these. ``is_of_many`` tells whether a folder or an archive was
    looked into.
    """

    looks: Sequence[Look]
    reports: Sequence[Look]
    others: Sequence[Look]
    is_of_many: bool

    @property
    def table(self) -> list[tuple[str, ...]]:
        """A row for each file, under the names of the columns; reports in several files are told behind them."""
        again = {look.names: look for look in self.others}
        rows = [again.get(look.names, look).line for look in self.looks]
        return [COLUMNS, *rows, *(look.line for look in self.reports if len(look.names) > 1)]

    @property
    def refused(self) -> list[str]:
        """What is not added, a line each: of a folder only what a person must decide or fetch, else every file.

        A page needs nobody where the files are here that it links to.
        """
        unread = [look for look in self.looks if look.key is None and not look.are_here]
        kept = [look for look in unread if look.links or not self.is_of_many]
        return [f"{look.name}: {look.why}" for look in (*kept, *self.others)]

    @property
    def summary(self) -> str:
        """How many reports the catalogue has already, and has another version of."""
        same = sum(look.there.startswith(_SAME) for look in self.reports)
        other = sum(bool(look.there) for look in self.reports) - same
        new = len(self.reports) - same - other
        return (
            f"新的 new: {new}，目录已有 in the catalogue: {same}，"
            f"已有另一版 another version is there: {other}（--replace 两份都留 keeps both）"
        )


def with_attachments(looks: Sequence[Look]) -> list[Look]:
    """The looks; of pages that only link to files, with whether these lie beside them or in folders there."""
    folders: dict[str, list[str]] = {}
    for look in looks if any(look.links for look in looks) else ():
        folder, _, name = look.name.rpartition("/")
        folders.setdefault(_plain(name), []).append(f"{folder}/")

    def is_here(names: Sequence[str], beside: str) -> bool:
        found = (folder for name in names for folder in folders.get(_plain(name), ()))
        return any(folder.startswith(beside) for folder in found)

    made = []
    for look in looks:
        folder = look.name.rpartition("/")[0]
        beside = f"{folder}/" if folder else ""
        absent = [names[0] for names in look.links if not is_here(names, beside)]
        if look.links:
            more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
            told = f"not here: {', '.join(absent[:_SHOWN])}{more}" if absent else "which are here"
            made.append(replace(look, why=f"{look.why}; {told}", are_here=not absent))
        else:
            made.append(look)
    return made


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def against(seen: Seen, catalogue: Catalogue) -> Seen:
    """What was seen, with what the catalogue has of it already."""

    def compared(look: Look, key: Key | None) -> Look:
        found = already(catalogue, key, look.sha256.split(";"))
        if found is None:
            return look
        entry, is_same = found
        other = f"another version of {entry.file} in the catalogue (--replace keeps both)"
        return replace(look, there=f"{_SAME}: {entry.file}" if is_same else other)

    reports = [compared(look, look.key) for look in seen.reports]
    known = {look.names: look for look in reports}
    looks = [known.get(look.names) or compared(look, None) for look in seen.looks]
    others = [compared(look, None) for look in seen.others]
    return replace(seen, looks=looks, reports=reports, others=others)
