"""Starts a front end first and the porter's own parts second, so that both start at once.

Standard library only. A front end's interpreter takes as long as the porter's imports; it then waits
for its plan, which the porter sends once it has closed itself off.
"""

from collections.abc import Sequence

from runner.porter import spawn
from runner.porter.kinds import Table


def run(table: Table, front_end: str, arguments: Sequence[str] = ()) -> int:
    """Starts a front end, serves it until it ends, and returns its exit status."""
    spawn.keep_descriptors_private()
    started = spawn.start_front_end(table[front_end], arguments)
    # Late: while this is imported, the front end's interpreter starts on another core.
    from runner.porter.server import Porter

    return Porter(table).run_started(front_end, started)
