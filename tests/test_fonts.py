"""The bundled Chinese font: it has every character of GBK, and matplotlib draws with it."""

from __future__ import annotations

import base64
import io
import warnings
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from qy_finance.publish import assets

FONTS = files("qy_finance") / "fonts"
STYLES = ["Regular", "Bold"]
#: Characters of reports and figures that stand outside of GBK's two bytes.
EXTRA = "0123456789.,%()-+−–—…“”‘’·×÷≤≥≠≈±～￥¥%①②③→↑↓■●△▲"


#: The one character of GBK (approximately equal, in Japanese use) that Noto Sans SC has not drawn.
NOT_IN_NOTO_SANS_SC = {"≒"}


def gbk() -> set[str]:
    """Every character that some pair of bytes means in GBK."""
    characters = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            with suppress(UnicodeDecodeError):  # a hole in the code page
                characters.add(bytes((lead, trail)).decode("gbk"))
    return characters


@pytest.fixture(params=STYLES)
def font_path(request: pytest.FixtureRequest) -> Path:
    with as_file(FONTS / f"NotoSansSC-{request.param}.ttf") as path:
        return path


def test_font_has_every_character_of_gbk(font_path: Path) -> None:
    wanted = gbk() | set(EXTRA)
    assert len(wanted) > 21_000
    cmap = TTFont(font_path, lazy=True).getBestCmap()
    assert {c for c in wanted if ord(c) not in cmap} == NOT_IN_NOTO_SANS_SC


def test_font_may_be_carried_and_embedded(font_path: Path) -> None:
    font = TTFont(font_path, lazy=True)
    assert font["OS/2"].fsType == 0, "embedding is restricted"
    assert "Open Font License" in str(font["name"].getDebugName(13))
    # The licence reserves this name for the original.
    assert "Source" not in str(font["name"].getBestFullName())
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_matplotlib_draws_chinese(font_path: Path, kind: str) -> None:
    figure = Figure()
    font = FontProperties(fname=font_path)
    figure.text(0.1, 0.5, "运经费（境）" + EXTRA, fontproperties=font)
    with warnings.catch_warnings(), matplotlib.rc_context({"svg.fonttype": "path"}):
        warnings.simplefilter("error", UserWarning)  # a missing glyph
        target = io.BytesIO()
        figure.savefig(target, format=kind)
    assert target.tell() > 1000


def test_a_missing_character_would_be_noticed(font_path: Path) -> None:
    figure = Figure()
    figure.text(0.1, 0.5, "\U00020bb7", fontproperties=FontProperties(fname=font_path))
    with pytest.warns(UserWarning, match="missing from font"):
        figure.savefig(io.BytesIO(), format="png")


def test_the_font_of_a_page_is_the_same_whatever_it_is_cut_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Common characters are taken from a smaller font, those of a page with a rare one from the whole."""
    page = "<style></style>部门决算—①，座"
    found, rare = assets.with_font(page), assets.with_font(page + "纾")
    monkeypatch.setattr("qy_finance.publish.assets._common", frozenset)
    assets._subset.cache_clear()
    assert assets.with_font(page) == found
    assert assets.with_font(page + "纾") == rare
    fonts = [base64.b64decode(one.split("base64,")[1].split(")")[0]) for one in (found, rare)]
    shown = [set(TTFont(io.BytesIO(font)).getBestCmap()) for font in fonts]
    assert [set(map(chr, one)) for one in shown] == [set("部门决算—①，座"), set("部门决算—①，座纾")]
