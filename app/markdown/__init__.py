"""Markdown from a stranger, drawn without trusting it.

The text of a model or of a card is hostile input. It goes through four steps, each with limits:
`splitter` cuts it at line ends into pieces that can be understood alone, `parser` turns a piece
into our own blocks, `stream` keeps what is settled apart from what may still change, and `drawing`
writes blocks into a `QTextDocument` through cursors and formats. Qt never sees HTML or Markdown, so
it never looks for a picture, a style sheet or a file.
"""
