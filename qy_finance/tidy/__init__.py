"""Data that people can take away, ``data/tidy``: CSV, Parquet, a workbook, a codebook and a data package.

Data flows one way: the reports of the catalogue, read one after another (:mod:`stream`), become rows of the resources
(:mod:`records`) that ``qy_finance/contract.toml`` describes; :mod:`formats` writes those of each report as CSV and
Parquet, :mod:`workbook` makes of Parquet what a workbook can hold (:mod:`holding`), :mod:`package` describes the
files, and :mod:`build` puts them in place.
"""

from qy_finance.tidy.build import build

__all__ = ["build"]
