"""Where a choice of a repository stands: neither here nor on its way, on its way, or here."""

import msgspec


class Standing(msgspec.Struct, frozen=True):
    """What is said of a choice.

    Attributes:
        words: in one line; empty where there is nothing to say.
        is_listed: it is among the downloads, where more can be done about it.
    """

    words: str = ""
    is_listed: bool = False
