"""Tells a person of an error of the chat."""

from pathlib import Path

from app.notices import Level, Notices
from runner.errors import RunnerError


def tell_error(notices: Notices, error: RunnerError) -> None:
    """Shows the words for an error, with the last part of a path as its name."""
    context: dict[str, object] = dict(error.context)
    if "path" in context:
        context.setdefault("name", Path(str(context["path"])).name)
    notices.error(error.code, key=error.code, details=error.detail, level=Level.WARNING, **context)
