"""Expected failures, told in words."""

from app.cli.screen import Screen
from app.wording import words
from inspector.errors import InspectorError
from runner.errors import RunnerError


def tell(screen: Screen, error: RunnerError | InspectorError) -> None:
    """Says what happened, what it means and what can be done; then the details."""
    said = words(error.code, **error.context)
    screen.note(" ".join(part for part in (said.title, said.meaning, said.remedy) if part))
    if error.detail:
        screen.note(f"({error.code}: {error.detail})")
