"""The colours of figures and cards."""

from typing import Final

# Told apart by colour-blind readers and, since each is lighter than the one before, in grey print.
PRIMARY: Final = "#0b4f6c"
ALERT: Final = "#b8452c"
SECONDARY: Final = "#2f9e91"
ACCENT: Final = "#e8ad4a"
MUTED: Final = "#d3dae1"
PALETTE: Final = (PRIMARY, SECONDARY, ACCENT, MUTED)
"""Colours of series, in the order in which they are used. ``ALERT`` is for what needs attention alone."""
INK: Final = "#1c2430"
SOFT: Final = "#5b6675"
