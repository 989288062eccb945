"""Expected failures, told in words."""

from app.cli.screen import Screen
from app.words.wording import words
from inspector.errors import InspectorError
from runner.errors import RunnerError

LONGEST_DETAIL = 200


def tell(screen: Screen, error: RunnerError | InspectorError) -> None:
    """Says what happened; below it what that means and what can be done; then the code.

    Of the details only the beginning is shown: a library's own words help whoever reports a fault,
    and nobody else.
    """
    said = words(error.code, **error.context)
    screen.note(said.title)
    screen.note(" ".join(part for part in (said.meaning, said.remedy) if part))
    first_line = error.detail.strip().partition("\n")[0][:LONGEST_DETAIL]
    screen.note(f"({error.code}{': ' if first_line else ''}{first_line})")
