"""The index: one page that lists everything in an output folder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from qy_finance.html import assets

if TYPE_CHECKING:
    from qy_finance.batch.manifest import Manifest


def index(manifests: Sequence[Manifest], output_dir: Path) -> str:
    """HTML of the index.

    Parameters
    ----------
    manifests : sequence of Manifest
        Ordered as they shall stand, by year.
    output_dir : Path
        Folder that the index lies in; links are relative to it.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    def address(manifest: Manifest, name: str) -> str:
        return quote((manifest.folder / f"{name}.html").relative_to(output_dir).as_posix())

    environment = Environment(
        loader=FileSystemLoader(assets.TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    years = [(year, list(group)) for year, group in groupby(manifests, key=lambda m: m.year)]
    render = environment.get_template("contents.html.j2").render
    context = {
        "years": years,
        "address": address,
        "policy": assets.policy(""),
        "style": assets.read("style.css"),
    }
    return render(**context, font=assets.font_face(render(**context, font="")))
