"""Asking the Hub: one wish at a time, what it said, what went wrong, and the token for it."""
