"""Reconciliation (勾稽): identities as data, one engine that evaluates them, and the figure that is wrong.

Data flows one way: the figures of a reading (:mod:`ledger`), checks of cells, of amounts in the prose, of statements,
families of figures, words and causes. What breaks is doubted first (:mod:`shifts`, :mod:`doubts`, :mod:`allusions`),
then it is a finding (:mod:`diagnose`, :mod:`carried`). :class:`CheckSet` is all of it, made once.
"""

from qy_finance.checks.checkset import CheckSet

__all__ = ["CheckSet"]
