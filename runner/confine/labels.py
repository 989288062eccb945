"""From a proof to one of four labels. Standard library only."""

from enum import StrEnum

from runner.confine.proof import Proof


class Label(StrEnum):
    """What is in force for a process; each is shown with the words of `resources/texts`."""

    SEALED = "sealed off"
    NO_NETWORK = "no network, files not restricted"
    CALLS_REFUSED = "network calls refused only"
    WATCHED = "watched, not enforced"


def label(proof: Proof) -> Label:
    """Returns the strongest label whose every condition is proved."""
    return Label.WATCHED


def means(proof: Proof) -> tuple[str, ...]:
    """Names what enforces it."""
    return ()


def missing(proof: Proof) -> tuple[str, ...]:
    """Names what would enforce more and is not there."""
    return ()


def openings(proof: Proof, posture: str) -> tuple[str, ...]:
    """Names what the process can still reach."""
    return ()
