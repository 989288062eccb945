"""Claims: what a card, a file and its documents state, compared with what can be read or counted.

Rules are data (`resources/claims`); a checker compares and says what it compared, never more.
"""
