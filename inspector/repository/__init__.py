"""Readers of what the Hub says: its answer about a repository, and the listing of its files.

Both are hostile JSON: sizes and numbers are bounded, odd values are left out and counted, and
nothing named in them is opened.
"""
