"""strace's record of a run, a call a line."""

import re
from pathlib import Path

BEGUN = re.compile(r"^(\d+) +\w+\(.*(?= <unfinished \.\.\.>$)")
ENDED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")


def read_trace(path: Path) -> list[str]:
    """Returns the calls in the order in which they began.

    strace breaks a call's line in two where another process was quicker: the halves are joined. A
    call that never came back has no result.
    """
    lines: list[str] = []
    open_at: dict[str, int] = {}
    for line in path.read_text().splitlines():
        if begun := BEGUN.match(line):
            open_at[begun[1]] = len(lines)
            lines.append(begun[0])
        elif (ended := ENDED.match(line)) and ended[1] in open_at:
            lines[open_at.pop(ended[1])] += ended[2]
        else:
            lines.append(line)
    return lines
