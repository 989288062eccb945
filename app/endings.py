"""How a process ended, as an error that has words. Knows no Qt."""

from runner.errors import RunnerError
from runner.protocol.common import Ended, EndKind

CODES = {
    EndKind.ASKED: "ended.asked",
    EndKind.EXIT: "ended.exit",
    EndKind.SIGNAL: "ended.signal",
    EndKind.OUT_OF_MEMORY: "ended.out_of_memory",
    EndKind.PROTOCOL: "ended.protocol",
    EndKind.NOT_STARTED: "ended.not_started",
}


def ending_error(ended: Ended) -> RunnerError:
    """Returns what to tell a person; the process's last lines go into the details."""
    return RunnerError(CODES[ended.kind], ended.tail.strip(), number=ended.number)
