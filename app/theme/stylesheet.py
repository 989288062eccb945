"""The style sheet: templates in resources/qss, filled with tokens."""

from string import Template

import resources
from app.theme.tokens import Tokens


def make_stylesheet(tokens: Tokens) -> str:
    """Returns all templates in the order of their names, filled.

    Raises:
        KeyError: a template asks for a token that there is none of.
    """
    fields = tokens.as_fields()
    return "\n".join(
        Template(resources.text(name)).substitute(fields) for name in resources.names("qss", ".qss")
    )
