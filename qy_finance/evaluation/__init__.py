"""Self-evaluation tables (绩效自评表): from the further tables of a document to the indicators in their rows."""

from qy_finance.evaluation.reading import TableIndicator, read_evaluations
from qy_finance.evaluation.spaced import divided

__all__ = ["TableIndicator", "divided", "read_evaluations"]
