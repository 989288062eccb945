"""What can be wrong with a server or a network, on command: each for some answers or for all."""

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One thing that goes wrong. `amount` is bytes, seconds or a status, as said."""

    CUT = "the connection ends after so many bytes of the body"
    RESET = "the connection is torn down after so many bytes of the body"
    STALL = "nothing more comes after so many bytes of the body"
    SLOW = "so many bytes a second"
    STATUS = "an answer with this status"
    RATE_LIMIT = "429, and to wait so many seconds"
    NO_RANGES = "the whole file comes, whatever part was asked for"
    OTHER_RANGE = "another part than was asked for"
    COMPRESSED = "a compressed body"
    LOOP = "sent on in a circle"
    SENT_ON = "sent on to another address"
    LONGER = "so many bytes more than the file has"
    WRONG_LENGTH = "the length that is told is so many bytes too long"
    FLIPPED = "the byte at this place is another one"
    PORTAL = "a page instead of anything"
    OTHER_COMMIT = "the answer names another commit"
    PROXY_LOGIN = "407"


@dataclass(slots=True)
class _Planned:
    fault: Fault
    amount: int
    times: int
    address: str
    path: str
    after: int


@dataclass(slots=True)
class Faults:
    """Which faults are due. Thread: any."""

    planned: list[_Planned] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(
        self,
        fault: Fault,
        amount: int = 0,
        *,
        times: int = 1_000_000,
        address: str = "",
        path: str = "",
        after: int = 0,
    ) -> None:
        """Lets something go wrong.

        Args:
            fault: what.
            amount: see the fault.
            times: how many answers it hits.
            address: of `SENT_ON`.
            path: it hits requests whose path holds this.
            after: it passes over so many requests first.
        """
        with self.lock:
            self.planned.append(_Planned(fault, amount, times, address, path, after))

    def clear(self) -> None:
        """Lets everything go well from now on."""
        with self.lock:
            self.planned.clear()

    def due(self, path: str, *kinds: Fault) -> _Planned | None:
        """Returns the fault of these kinds that hits an answer now, and counts it."""
        with self.lock:
            for planned in self.planned:
                if planned.fault in kinds and planned.times > 0 and planned.path in path:
                    if planned.after > 0:
                        planned.after -= 1
                        continue
                    planned.times -= 1
                    return planned
        return None
