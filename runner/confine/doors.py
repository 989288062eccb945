"""Labels of the processes that have to do with a network. Standard library only.

As with the others, a label comes from the proof alone; whatever is not proved counts against it.
"""

from enum import StrEnum

from runner.confine import labels
from runner.confine.openings import GATE_ONLY, INTERNET, LISTEN_ONLY
from runner.confine.proof import Proof


class DoorLabel(StrEnum):
    """What is in force for the courier, for the gate, and for a service."""

    THROUGH_THE_GATE = "only through the gate"
    THE_GATE = "the gate: the internet, no files, no programs"
    LISTENS = "answers this computer only"


def label(posture: str, proof: Proof) -> str:
    """Returns the label of a process of any posture."""
    if posture == GATE_ONLY:
        closed = (
            labels.network_refused(proof)
            and labels.parent_closed(proof)
            and labels.files_closed(proof)
            and labels.nothing_open(proof)
            # The one socket that it has is the local one to the gate.
            and proof.sockets == 1
            and proof.outside == 0
        )
        return DoorLabel.THROUGH_THE_GATE if closed else labels.Label.WATCHED
    if posture == INTERNET:
        closed = (
            labels.is_filtered(proof)
            and labels.parent_closed(proof)
            and labels.files_closed(proof)
            and labels.nothing_open(proof)
        )
        return DoorLabel.THE_GATE if closed else labels.Label.WATCHED
    if posture == LISTEN_ONLY:
        closed = (
            labels.network_refused(proof)
            and labels.parent_closed(proof)
            and labels.files_closed(proof)
            and labels.nothing_open(proof)
            and labels.begins_nothing(proof)
            # The one that the porter opened; nobody is connected before the proof.
            and proof.sockets == 1
        )
        return DoorLabel.LISTENS if closed else labels.Label.WATCHED
    return labels.label(proof)


def missing(posture: str, proof: Proof) -> tuple[str, ...]:
    """Names what a process lacks; what its work consists of is nothing that it lacks.

    The gate makes connections, and holds their sockets. The courier holds one socket, a local one, and a
    service the one that it listens on.
    """
    by_its_work: tuple[str, ...] = ()
    if posture == INTERNET:
        by_its_work = ("calls: ", "sockets: ") if labels.is_filtered(proof) else ("sockets: ",)
    elif proof.sockets == 1 and (
        posture == LISTEN_ONLY or (posture == GATE_ONLY and proof.outside == 0)
    ):
        by_its_work = ("sockets: ",)
    lacks = (one for one in labels.missing(proof) if not one.startswith(by_its_work))
    if posture == LISTEN_ONLY and not labels.begins_nothing(proof):
        return (*lacks, "escapes: it can begin a connection")
    return tuple(lacks)
