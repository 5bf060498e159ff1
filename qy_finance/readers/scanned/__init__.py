"""Scanned pages: characters and ruling lines found on pictures, with the extra ``qy_finance[ocr]``."""
