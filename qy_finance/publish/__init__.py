"""Publishing: every notebook for every chosen report, executed by papermill, as pages with their sources and an index.

Data flows one way: what is to be run (:mod:`plan`) is executed (:mod:`execute`) and becomes a page (:mod:`pages`,
:mod:`finish`); the manifest of its folder says what was made from what (:mod:`manifest`); of all manifests the source
pages (:mod:`sources`) and the index (:mod:`index`) are made: what it shows of a report (:mod:`accounts`), and what lies
beside it where there are many (:mod:`parts`). :mod:`runner` does this in order.
"""

from qy_finance.publish.runner import RunResult, run

__all__ = ["RunResult", "run"]
