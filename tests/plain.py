"""What a reader sees of Markdown that notebooks show."""

from __future__ import annotations

import html
import re


def plain(markdown: str) -> str:
    """The text without tags, entities, marks of bold and addresses."""
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return html.unescape(re.sub(r"<[^>]*>|\*\*", "", shown))
