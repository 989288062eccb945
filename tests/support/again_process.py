"""A front end that wants to be started again once: `python -m tests.support.again_process FILE`.

Without a porter it becomes one, which starts it as a front end.
"""

import sys
from pathlib import Path

from runner.porter import early
from runner.porter.kinds import Kind, Posture, Table

NAME = "again"


def table() -> Table:
    """Returns the one kind that is needed."""
    kind = Kind(
        name=NAME, module="tests.support.again_process", posture=Posture.LOCAL_ONLY, front_end=True
    )
    return {NAME: kind}


def front_end(file: Path) -> int:
    """Notes that it ran, and asks for another start the first time."""
    from runner.child.begin import begin_front_end

    begin_front_end()
    with file.open("a") as notes:
        notes.write("ran\n")
    return early.AGAIN if file.read_text() == "ran\n" else 7


def main() -> int:
    """Is what it was started as."""
    if sys.argv[1] == NAME:
        return front_end(Path(sys.argv[2]))
    return early.run(table, NAME, "tests.support.again_process", [sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
