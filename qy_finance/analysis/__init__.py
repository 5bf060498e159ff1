"""From reports to the small frames that the notebooks show: one module for each notebook.

:mod:`.facts` looks single figures up, :mod:`.derived` computes what a report implies but does not print.
"""
