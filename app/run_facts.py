"""What is known of the app's processes, judged once for the top bar, the status line and Monitor.

Knows no Qt. Everything comes from one snapshot of the porter's record, so that no two places on
screen can say different things.
"""

import msgspec

from runner.confine.labels import NOT_ENFORCED
from runner.porter.record import Snapshot

GATE = "gate"
"""The kind of the one process that may reach the internet."""


class Connections(msgspec.Struct, frozen=True, kw_only=True):
    """Sockets that lead out of this computer or could, over every process of the app.

    Attributes:
        open: how many were held at the last count, those of the gate left out, which the ledger
            tells of; None where a process has not been counted.
        at: when they were counted, in seconds since the epoch; 0 for never.
        processes: how many processes were counted, the porter included.
        refused: calls that the kernel has refused since the app's start.
        is_enforced: the kernel refuses network calls to every process but the porter.
    """

    open: int | None
    at: float
    processes: int
    refused: int
    is_enforced: bool


def connections(snapshot: Snapshot) -> Connections:
    """Judges a snapshot; a process that was not counted makes the sum unknown."""
    looked = snapshot.looked
    return Connections(
        open=_open(snapshot),
        at=looked.at if looked else 0.0,
        processes=len(snapshot.processes) + 1,
        refused=snapshot.refused,
        is_enforced=is_enforced(snapshot),
    )


def is_enforced(snapshot: Snapshot) -> bool:
    """Says whether the kernel refuses network calls to every process that the porter started."""
    labels = [seen.facts.label for seen in snapshot.processes]
    return bool(labels) and NOT_ENFORCED.isdisjoint(labels) and not is_online(snapshot)


def is_gated(snapshot: Snapshot) -> bool:
    """Says whether a gate runs, and is proved to be the only way out but the porter."""
    labels = [seen.facts.label for seen in snapshot.processes]
    return is_online(snapshot) and NOT_ENFORCED.isdisjoint(labels)


def is_online(snapshot: Snapshot) -> bool:
    """Says whether a process runs that may reach the internet."""
    return snapshot.find(GATE) is not None


def _open(snapshot: Snapshot) -> int | None:
    looked = snapshot.looked
    if looked is None:
        return None
    _, porters = looked.sockets.get(str(looked.porter), (-1, -1))
    others = [seen for seen in snapshot.processes if seen.facts.kind != GATE]
    counts = [porters, *(seen.outside for seen in others)]
    return None if min(counts) < 0 else sum(counts)
