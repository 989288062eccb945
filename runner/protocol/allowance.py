"""What of a file may wait between the server and the disk, as all of that is sent again after a kill.

A kill may cost a twentieth of the file and 8 MB, and this holds whenever it comes: so what waits is
bounded in bytes, not in time. Of one connection there may wait, at the same moment: a window's
worth with the system, a piece with the gate, what the system keeps between gate and courier, one
piece in TLS and one on its way to the disk; and with the server what its system has taken already.
"""

from dataclasses import dataclass

MIB = 1024 * 1024
FREE_COST = 8_000_000
SHARE = 20

LEAST_WINDOW, MOST_WINDOW = 2 * MIB, 6 * MIB
"""What a server may have sent and nobody has taken: 2 MiB are 70 MB/s over 30 ms."""

PIECE = 256 * 1024
"""What gate and courier take from a connection at once."""

BETWEEN = 256 * 1024
"""What may wait between the two; Linux counts its own book-keeping too, and gives twice as much."""

WITH_THE_SERVER = 4 * MIB
"""What a Linux server's system takes from it, unless told otherwise, and has not sent yet."""

OVER = MIB // 4
"""By how much systems go beyond what they were told: packets are whole."""

AROUND_A_WINDOW = PIECE + 2 * BETWEEN + 2 * PIECE + WITH_THE_SERVER + OVER
ONE = LEAST_WINDOW + AROUND_A_WINDOW
"""What a kill costs at most over one connection: less than the 8 MB that any file may."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a file may be fetched.

    Attributes:
        connections: at once.
        window: of each of them, in bytes.
    """

    connections: int
    window: int

    @property
    def cost(self) -> int:
        """What is sent again at most when a process is killed."""
        return self.connections * (self.window + AROUND_A_WINDOW)


def allowance(size: int, most: int) -> Allowance:
    """Returns how a file of this size may be fetched, over so many connections at most.

    What is left once all of them have what they need makes their windows larger: over a long way
    a window is what limits the speed.
    """
    may_cost = size // SHARE + FREE_COST
    connections = max(1, min(most, may_cost // ONE))
    window = may_cost // connections - AROUND_A_WINDOW
    return Allowance(connections, max(LEAST_WINDOW, min(MOST_WINDOW, window)))
