"""Rebuild the bundled Chinese font from a full Noto Sans SC.

    python tools/subset_font.py NotoSansSC-Regular.ttf qy_finance/fonts/NotoSansSC-Regular.ttf

The result holds every character of the GBK code page, which has the rare characters of
personal and place names that GB 2312 lacks, and the punctuation and signs that figures use.
It is renamed to "Noto Sans SC GBK", so that a full Noto Sans SC that is installed on the
reader's machine is never taken in its place, and a figure is the same everywhere.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Noto Sans SC GBK"

#: Blocks that figures draw from beside GBK: Basic Latin, Latin-1, general punctuation,
#: super- and subscripts, currency, number forms, arrows, mathematical operators,
#: enclosed numbers, shapes, CJK punctuation, full-width forms.
BLOCKS = (
    range(0x0020, 0x0100),
    range(0x2000, 0x20D0),
    range(0x2100, 0x2200),
    range(0x2200, 0x2300),
    range(0x2460, 0x2500),
    range(0x25A0, 0x2600),
    range(0x3000, 0x3040),
    range(0xFF00, 0xFFF0),
)

#: Layout features are for typesetters; matplotlib applies none of them but kerning.
FEATURES = ["kern"]

#: Figures set no vertical text, and the subset is no member of a variable family.
UNUSED_TABLES = ["BASE", "STAT", "vhea", "vmtx"]

FAMILY_NAME_IDS = (1, 16)
FULL_NAME_ID = 4
POSTSCRIPT_NAME_ID = 6
VERSION_NAME_IDS = (3, 5)
DROPPED_NAME_IDS = (25,)


def gbk_characters() -> set[int]:
    """Code points of all characters that two bytes of GBK can encode."""
    characters: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            with suppress(UnicodeDecodeError):  # a hole in the code page
                characters.add(ord(bytes((lead, trail)).decode("gbk")))
    return characters


def rename(font: TTFont, style: str) -> None:
    """Give the font its own family name in all names that programs look it up by."""
    postscript = FAMILY.replace(" ", "")
    table = font["name"]
    for record in list(table.names):
        if record.nameID in DROPPED_NAME_IDS:
            table.removeNames(nameID=record.nameID)
        elif record.nameID in FAMILY_NAME_IDS:
            record.string = FAMILY
        elif record.nameID == FULL_NAME_ID:
            record.string = f"{FAMILY} {style}"
        elif record.nameID == POSTSCRIPT_NAME_ID:
            record.string = f"{postscript}-{style}"
        elif record.nameID in VERSION_NAME_IDS:
            record.string = f"{record.toUnicode()};subset=GBK"


def main() -> None:
    """Write the subset of the font named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, help="a full Noto Sans SC, one weight (.ttf, .otf)")
    parser.add_argument("target", type=Path, help="where the subset goes")
    arguments = parser.parse_args()

    options = subset.Options()
    options.layout_features = FEATURES
    options.drop_tables += UNUSED_TABLES
    options.name_IDs = ["*"]
    options.notdef_outline = True
    # The same source gives the same bytes.
    options.recalc_timestamp = False
    font = subset.load_font(arguments.source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=gbk_characters().union(*BLOCKS))
    subsetter.subset(font)
    rename(font, font["name"].getBestSubFamilyName())
    subset.save_font(font, arguments.target, options)


if __name__ == "__main__":
    main()
