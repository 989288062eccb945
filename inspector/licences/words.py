"""The words of a licence text, as they are compared, with the lines that they stand on."""

import re
import unicodedata

_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_LINK = re.compile(r"\]\([^)\s]{1,500}\)")
_MARKER = re.compile(r"^\s*[>#\-•\s]*[(\[]?(?:[a-z]|[ivx]{1,4}|\d{1,2})[)\].]+(?=\s)")
_RIGHTS = re.compile(r"^\W*(?:copyright\b|\(c\)|©|all rights reserved\W*$)")
_MARKS = str.maketrans({"’": "", "'": "", "*": " ", "\\": "", "`": " "})


def split_words(text: str) -> list[tuple[str, int]]:
    """Returns the words of `text` in lower case, each with its line, from 1.

    What differs between two copies of one licence is left out: lines of copyright, numbers and
    letters of lists, marks of Markdown, the shape of quotes.
    """
    words: list[tuple[str, int]] = []
    for number, line in enumerate(unicodedata.normalize("NFKC", text).split("\n"), 1):
        plain = _LINK.sub("] ", line).translate(_MARKS).casefold()
        if len(plain) < 200 and _RIGHTS.match(plain):
            continue
        words.extend((word, number) for word in _WORD.findall(_MARKER.sub("", plain, count=1)))
    return words
