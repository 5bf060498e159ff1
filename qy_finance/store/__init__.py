"""What a corpus keeps on disk: documents as they were read, rows of resources, and which of them belong together.

:mod:`~qy_finance.store.documents` makes rows of documents and documents of rows, :mod:`~qy_finance.store.parts` keeps
one report until it is merged, :mod:`~qy_finance.store.files` are the Parquet files of a corpus and the list that says
which of them count, :mod:`~qy_finance.store.merging` makes them.
"""
