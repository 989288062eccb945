"""Texts of strangers as tips. Qt takes a tip for a page of its own where its first line has a tag in it."""

WORD_JOINER = "\N{WORD JOINER}"


def plain_tip(untrusted: str) -> str:
    """Returns a text that Qt shows as it is: no tag in it is obeyed, and no picture that it names is read.

    A sign that nobody sees, behind what begins a tag, makes it none; what is read stays the same.
    """
    return untrusted.replace("<", f"<{WORD_JOINER}").replace("&lt;", f"&{WORD_JOINER}lt;")
