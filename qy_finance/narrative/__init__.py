"""Narrative: from the prose of a report to its figures, statement by statement."""

from qy_finance.narrative.reading import Indicator, NarrativeReading, read_narrative

__all__ = ["Indicator", "NarrativeReading", "read_narrative"]
