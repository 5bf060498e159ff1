"""Reports described once (``tests/templates``) and printed on several papers.

``python -m papers`` prints what is read of each; see :mod:`papers.__main__`.
"""
