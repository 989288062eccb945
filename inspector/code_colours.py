"""Which stretches of a piece of code get which colour. Runs in the reader process.

The grammars of pygments are regular expressions that a hostile text can send into the square or
worse; in the window that would freeze it, here it costs the job.
"""

import msgspec

CODE_CHARS = 64 * 1024
"""Longer code stays in one colour."""


class ColouredCode(msgspec.Struct, frozen=True):
    """Stretches of code as (start, length, role), in order; the rest is plain."""

    ranges: list[tuple[int, int, str]] = []


def code_colours(code: str, language: str) -> ColouredCode:
    """Returns the colours of `code`; none where the language is not known."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if len(code) > CODE_CHARS or not language:
        return ColouredCode()
    try:
        lexer = get_lexer_by_name(
            language.split(maxsplit=1)[0].lower()[:40], stripnl=False, ensurenl=False
        )
    except (ClassNotFound, IndexError):
        return ColouredCode()
    ranges: list[tuple[int, int, str]] = []
    for start, token, text in lexer.get_tokens_unprocessed(code):
        role = _role(str(token))
        if role and text.strip():
            ranges.append((start, len(text), role))
    return ColouredCode(ranges)


_ROLES = (
    ("Token.Comment", "code_comment"),
    ("Token.Literal.String", "code_string"),
    ("Token.Literal.Number", "code_number"),
    ("Token.Keyword", "code_keyword"),
    ("Token.Operator.Word", "code_keyword"),
    ("Token.Name.Function", "code_name"),
    ("Token.Name.Class", "code_name"),
    ("Token.Name.Tag", "code_name"),
    ("Token.Name.Decorator", "code_name"),
    ("Token.Name.Attribute", "code_name"),
    ("Token.Name.Builtin", "code_keyword"),
)


def _role(token: str) -> str:
    return next((role for start, role in _ROLES if token.startswith(start)), "")
