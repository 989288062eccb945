"""Codes, facts, findings and verdicts → the words that people read."""
