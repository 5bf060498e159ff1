"""What a reader sees of Markdown that notebooks show."""

from __future__ import annotations

import html
import re


def plain(markdown: str) -> str:
    """The text without tags, entities and marks of bold."""
    return html.unescape(re.sub(r"<[^>]*>|\*\*", "", markdown))
