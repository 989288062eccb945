"""What llama.cpp says of itself: passed on as log lines, and searched for reasons."""

import re
from collections import deque
from collections.abc import Callable

LogLine = Callable[[str, str], None]
"""Takes a level and a line."""

_LEVELS = {2: "info", 3: "warning", 4: "error"}
_DEBUG, _GOES_ON = 1, 5
_KEPT_LINES = 400
_LONGEST_LINE = 2000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class LibraryLog:
    """Puts the library's bits of text together into lines.

    Debug lines are dropped: there are thousands of them in one load.

    Args:
        pass_on: takes each line.
    """

    def __init__(self, pass_on: LogLine) -> None:
        self._pass_on = pass_on
        self._level = _DEBUG
        self._begun = ""
        self._lines: deque[tuple[str, str]] = deque(maxlen=_KEPT_LINES)

    def heard(self, level: int, text: str) -> None:
        """Takes what the library printed; a line may come in several bits."""
        if level != _GOES_ON:
            self._level = level
        if self._level == _DEBUG:
            return
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._line(_LEVELS.get(self._level, "info"), line)

    def note(self, level: str, line: str) -> None:
        """Adds a line of our own."""
        self._line(level, line)

    def begin(self) -> None:
        """Forgets the lines so far, so that `reasons` speaks of what comes now."""
        self._lines.clear()

    def reasons(self) -> str:
        """The errors and warnings since `begin`, or else the last lines."""
        serious = [line for level, line in self._lines if level in {"error", "warning"}]
        return "\n".join(serious[-6:])

    def all_text(self) -> str:
        """Every line since `begin`."""
        return "\n".join(line for _, line in self._lines)

    def _line(self, level: str, raw: str) -> None:
        line = _CONTROL.sub(" ", raw).strip()[:_LONGEST_LINE]
        if line.strip(". "):
            self._lines.append((level, line))
            self._pass_on(level, line)
