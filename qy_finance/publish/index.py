"""The index: the front page of an output folder, with every report, its headline figures and its contradictions.

Some dozens stand on one page. Of more it shows the first, and finds the others in parts beside it
(:mod:`qy_finance.publish.parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from qy_finance.catalogue import told_by_corpus
from qy_finance.entries import Catalogue
from qy_finance.files import write_text
from qy_finance.language import EN, ZH, is_english, join, speaking
from qy_finance.publish.accounts import COLUMNS, account, by_unit, pages
from qy_finance.publish.assets import data_block, render
from qy_finance.publish.manifest import NAME, Manifest, manifest_of
from qy_finance.publish.parts import IndexListing, IndexParts
from qy_finance.publish.plan import INDEX, INDEX_EN, Subject, address

#: Reports that stand on one page, with all that can be found in them.
ONE_PAGE: Final = 60


def write_index(
    subjects: Iterable[Subject], output_dir: Path, catalogue: Catalogue | None = None
) -> Path:
    """Write the index of all reports of a catalogue, and of the pages about all of them.

    Its parts are written before the page that names them, and what no page names any more is removed after it. It
    leads to the data package beside the catalogue, if it is there.

    Raises
    ------
    ReportError
        A manifest is damaged.
    """
    ordered = _ordered(subjects)
    parts = IndexParts(output_dir)
    data = _data(output_dir, catalogue)
    languages = _languages(ordered)
    for language in languages:
        with speaking(language):
            _write(list(ordered), output_dir, parts, len(languages) > 1, data, catalogue)
    parts.remove_others()
    return output_dir / INDEX


def _write(
    ordered: list[Subject],
    output_dir: Path,
    parts: IndexParts,
    sister: bool,
    data: dict[str, str],
    catalogue: Catalogue | None,
) -> None:
    """Write the index in the language that is spoken; ``sister`` says that there is one in the other language."""

    def told(subject: Subject) -> Manifest:
        """Its manifest; of a report without pages what the corpus has of it."""
        found, entry = manifest_of(subject), subject.entry
        if entry and catalogue and not found.summary:
            return replace(found, summary=told_by_corpus(catalogue, entry) or {})
        return found

    if sum(subject.entry is not None for subject in ordered) <= ONE_PAGE:
        page = index_page(list(map(told, ordered)), output_dir, sister, data)
    else:
        # the newest first, which are asked for most; of a year in the same order
        ordered.sort(key=lambda subject: -(subject.entry.year if subject.entry else 0))
        page = paged_index(map(told, ordered), output_dir, parts, sister, data)
    write_text(output_dir / (INDEX_EN if is_english() else INDEX), page)


def _data(output_dir: Path, catalogue: Catalogue | None) -> dict[str, str]:
    """Where the data package lies, as seen from the index: ``there``, empty if it was not made."""
    tidy = catalogue.data_dir / "tidy" if catalogue else None
    made = tidy is not None and (tidy / "datapackage.json").is_file()
    return {"there": address(tidy, output_dir) if tidy and made else ""}


def _languages(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Chinese, and English where there are English pages."""
    english = any(any(one.folder.glob(f"*.{EN}.html")) for one in subjects)
    return (ZH, EN) if english else (ZH,)


def index_page(
    manifests: Sequence[Manifest],
    output_dir: Path,
    sister: bool = False,
    data: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """HTML of the index that lies in a folder, all of it on one page.

    The manifests are ordered as they shall stand: reports of a unit and scope beside each other. An empty one is of a
    report that has no pages yet.
    """
    accounts = [account(one, output_dir) for one in manifests if one.year is not None]
    units = by_unit(accounts)
    return render(
        "contents",
        units=units,
        several=len(units),
        total=len(accounts),
        made=sum(bool(one.notebooks) for one in accounts),
        panel=_panel(manifests, output_dir),
        disputed=any(one.disputed for one in accounts),
        paged=None,
        lines=data_block([(one.folder, one.lines) for one in accounts]),
        data=data,
        **_common((one.year for one in accounts), sister),
    )


def paged_index(
    manifests: Iterable[Manifest],
    output_dir: Path,
    parts: IndexParts,
    sister: bool = False,
    data: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """HTML of the index of many reports, whose parts are written; each manifest is looked at once and let go.

    They come as they shall be found in the parts: those of a year beside each other, the newest first.
    """
    listing = IndexListing(parts)
    panel: list[dict[str, str]] = []
    for manifest in manifests:
        if manifest.year is None:
            panel += _panel([manifest], output_dir)
        else:
            listing.add(account(manifest, output_dir))
    listing.close()
    return render(
        "contents",
        loader="paged",
        lines="",
        units=by_unit(listing.first),
        several=len(listing.units),
        total=len(listing.rows),
        made=sum(row.made for row in listing.rows),
        panel=panel,
        disputed=listing.disputed,
        paged=listing,
        data=data,
        **_common((row.year for row in listing.rows), sister),
    )


def _common(years: Iterable[int], sister: bool) -> dict[str, Any]:
    found = sorted(set(years))
    ends = map(str, dict.fromkeys((found[0], found[-1]))) if found else ()
    other = (INDEX if is_english() else INDEX_EN) if sister else ""
    return {
        "years": join(ends, " 至 "),
        "columns": COLUMNS,
        "sister": other,
        "shared": "hits",
    }


def _panel(manifests: Iterable[Manifest], output_dir: Path) -> list[dict[str, str]]:
    return [
        page
        for one in manifests
        if one.year is None
        for page in pages(one, address(one.folder, output_dir))
    ]


def _ordered(subjects: Iterable[Subject]) -> list[Subject]:
    """Units that have pages first, then in order; the newest year first, the whole catalogue last."""
    known = list(subjects)
    made = {one.entry.key[::2] for one in known if one.entry and (one.folder / NAME).is_file()}

    def place(subject: Subject) -> tuple[bool, bool, str, str, int]:
        if subject.entry is None:
            return True, True, "", "", 0
        unit, year, scope = subject.entry.key
        return False, (unit, scope) not in made, unit, scope, -year

    return sorted(known, key=place)
