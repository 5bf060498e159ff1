"""Pages to share: one HTML file for each executed notebook, and an index of them.

A page holds everything that it shows: styles, figures and the characters of a Chinese font that it
uses. It names no external address, and its security policy keeps a browser from asking for one.
"""

from qy_finance.html.export import Page, export, title_of
from qy_finance.html.finish import Cited
from qy_finance.html.index import index

__all__ = ["Cited", "Page", "export", "index", "title_of"]
