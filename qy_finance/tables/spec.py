"""To be removed: it is :mod:`qy_finance.form.spec` now."""

from qy_finance.form import TableSpec

__all__ = ["TableSpec"]
