"""Data that people can take away, ``data/tidy``: CSV, Parquet, a workbook, a codebook and a data package.

Data flows one way: the reports of the catalogue become rows of the resources (:mod:`records`) that
``qy_finance/contract.toml`` describes; each of the others writes the same rows in one form, and :mod:`build` puts them
in place.
"""

from qy_finance.tidy.build import build

__all__ = ["build"]
