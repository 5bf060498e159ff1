"""Figures of the notebooks: one module for each notebook, and their common look in :mod:`.theme`."""
