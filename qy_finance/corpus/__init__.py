"""Thousands of reports as one database: built once from a folder or a catalogue, asked in SQL."""
