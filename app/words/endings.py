"""How a process ended, as an error that has words. Knows no Qt."""

import signal

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
    """Returns what to tell a person.

    The details have the number and the process's last lines. The words have no number: an answer
    keeps the code alone, and shows the same words years later.
    """
    code = CODES[ended.kind]
    details = [ended.tail.strip()]
    if ended.kind is EndKind.SIGNAL:
        # A mapped file raises this where its bytes have gone: cut off, or the drive removed.
        if ended.number == getattr(signal, "SIGBUS", None):
            code = "ended.file_changed"
        details.insert(0, f"signal {ended.number}")
    elif ended.kind is EndKind.EXIT:
        details.insert(0, f"exit status {ended.number}")
    return RunnerError(code, "\n".join(filter(None, details)), number=ended.number)
