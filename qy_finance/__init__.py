"""qy_finance: final accounts (部门决算) of Chinese government departments as tidy data."""

from importlib import import_module
from typing import TYPE_CHECKING

from qy_finance.errors import ReportError

__all__ = ["CONTRACT", "Corpus", "Limits", "Report", "ReportError", "open_corpus", "read_report"]

if TYPE_CHECKING:
    from qy_finance.contract import CONTRACT
    from qy_finance.corpus.database import Corpus, open_corpus
    from qy_finance.readers import Limits
    from qy_finance.report import Report, read_report
else:

    def __getattr__(name: str) -> object:
        """What reads a report comes when it is asked for: pandas with it takes a second."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = {
            "CONTRACT": "contract",
            "Corpus": "corpus.database",
            "open_corpus": "corpus.database",
        }
        module = import_module(f"{__name__}.{home.get(name, 'report')}")
        return getattr(module, name)
