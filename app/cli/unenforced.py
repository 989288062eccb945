"""Where the system can't keep a model's process in, a command asks before it runs an unknown file."""

import sys
import time
from pathlib import Path

from app.cli.desk import Desk
from app.model.unenforced import CODE
from app.words.wording import words
from runner.confine.labels import NOT_ENFORCED
from runner.errors import RunnerError
from runner.library.starter import starter

OWN_KIND = "terminal"
WAIT_S, POLL_S = 3.0, 0.02
QUESTION = "Run it all the same? [y/N]: "


def may_run(desk: Desk, path: Path, *, agreed: bool) -> None:
    """Returns where a file may be run; the starter model may always.

    Args:
        desk: whose porter has read what is in force for this very process.
        path: the file.
        agreed: the person has said `--unenforced`.

    Raises:
        RunnerError: `engine.not_enforced`; nobody agreed.
    """
    if agreed or path.absolute() == starter().path() or _is_enforced(desk):
        return
    said = words(CODE, name=path.name)
    for line in (said.title, said.meaning):
        desk.screen.note(line)
    if not sys.stdin.isatty() or input(QUESTION).strip().lower() not in {"y", "yes"}:
        raise RunnerError(CODE, name=path.name)


def _is_enforced(desk: Desk) -> bool:
    """Goes by what was proved of this process, which is sealed by the same walls."""
    until = time.monotonic() + WAIT_S
    while (seen := desk.porter.snapshot().find(OWN_KIND)) is None and time.monotonic() < until:
        time.sleep(POLL_S)
    return seen is not None and seen.facts.label not in NOT_ENFORCED
