"""The command line: one file a command in `commands`, and what they share.

Nothing that a model, a file or a card says reaches a terminal but through `Screen`.
"""
