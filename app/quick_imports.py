"""Detours that other people's packages take while they are imported, taken out of the start.

Called by the window's process once it is sealed, before anything else imports these packages.
Nothing of what they do later changes.
"""

import functools
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_METHODS = frozenset(
    {"match", "search", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
)


def import_msgspec() -> None:
    """Imports msgspec without `typing_extensions`.

    msgspec takes it where some other package has brought it, for what `typing` has had since
    Python 3.11.
    """
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # how an import is refused
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]


def import_qt() -> None:
    """Imports PySide6 without compiling the patterns that it needs for messages about wrong calls.

    They are compiled when they are first used; together they take a tenth of its import.
    """
    with _patterns_compiled_when_used():
        import PySide6.QtCore  # noqa: F401


@contextmanager
def _patterns_compiled_when_used() -> Iterator[None]:
    compile_now = re.compile

    def compile_later(pattern: Any, flags: int = 0) -> Any:
        if flags & re.VERBOSE:
            return _LaterPattern(lambda: compile_now(pattern, flags))
        return compile_now(pattern, flags)

    re.compile = compile_later
    try:
        yield
    finally:
        re.compile = compile_now


class _LaterPattern:
    """Stands for a pattern until one of its methods is called."""

    def __init__(self, make: Callable[[], re.Pattern[str]]) -> None:
        self._pattern = functools.cache(make)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            return getattr(self._pattern(), name)

        def call(*given: Any, **named: Any) -> Any:
            return getattr(self._pattern(), name)(*given, **named)

        return call
