"""Long work that tells how far it is and can be given up."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with what is done and the total, often; raises `Cancelled` to give the work up."""


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Whoever asked for the work no longer wants it."""


def unwatched(done: int, total: int) -> None:
    """A progress that nobody looks at."""
