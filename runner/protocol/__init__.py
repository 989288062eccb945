"""What processes say to each other: typed JSON lines, and the kinds of bulk frame beside them.

Every child has two channels. The control channel carries one message a line, in both directions:
`common` holds what every child says, `engine` and `reader` what theirs do. The bulk channel
carries length-prefixed binary frames (`runner/channel/bulk.py`). Both sides check what arrives.
"""

PROTOCOL = 1
"""Raised with any change that an older peer would misread; a mismatch refuses the child."""

MAX_LINE_BYTES = 8 * 1024 * 1024
"""Longest control line; a longer one is a protocol error and ends the child."""
