"""Words from files, made fit to stand on screen and in messages."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def shown(untrusted_text: str, longest: int = 80) -> str:
    """Returns a file's own word fit for a message: short, and without control characters."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in untrusted_text)
    return shortened(clean, longest)


def visible(untrusted_text: str) -> str:
    """Returns a text in which every sign can be seen: line breaks, tabs and controls as escapes.

    Signs that turn the direction of writing are not printable for Python, so they are among them.
    """
    if untrusted_text.isprintable() and "\\" not in untrusted_text:
        return untrusted_text
    return "".join(
        _NAMED.get(c) or (c if c.isprintable() else f"\\u{ord(c):04x}") for c in untrusted_text
    )


def legible(untrusted_text: str) -> str:
    """Returns a long text with its lines and tabs, but with every other unseen sign as an escape.

    A template can hide words behind signs that turn the direction of writing, or have no width.
    """
    if all(line.isprintable() for line in untrusted_text.replace("\t", " ").split("\n")):
        return untrusted_text
    return "".join(
        c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in untrusted_text
    )


def shortened(text: str, longest: int) -> str:
    """Returns the start of a long text, with a sign that something is missing."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
