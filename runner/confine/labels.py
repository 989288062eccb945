"""From a proof to one of five labels, and to what enforces it. Standard library only.

The label comes from the proof alone, never from what was configured. Every condition must be
proved; what is not known counts against it.
"""

from collections.abc import Sequence
from enum import StrEnum

from runner.confine.proof import Proof
from runner.confine.selftest import BEGINS, DESKTOP_BUS, NOTHING_THERE, OPEN, OTHER_LOCAL, PARENT


class Label(StrEnum):
    """What is in force for a process; each is shown with the words of `resources/texts`."""

    SEALED = "sealed off"
    NO_NETWORK = "no network, files not restricted"
    CALLS_REFUSED = "network calls refused only"
    TRIED = "tried here, not proved by the system"
    WATCHED = "watched, not enforced"


NOT_ENFORCED = frozenset({Label.TRIED, Label.WATCHED})
"""Labels under which nothing that keeps a process in was read from the system."""

NETWORK_TESTS = ("tcp4", "tcp6", "udp4", "netlink", "vsock", "io_uring")
LOCAL_TESTS = ("unix",)
ESCAPE_TESTS = ("program", "namespace", "parent read", "parent signal")
TRIES_ELSEWHERE = ("tcp4", "tcp6", "udp4", "program", PARENT, "read")
"""What a process tries on a system whose walls nobody reads; see `runner.confine.elsewhere`."""

SEEN_TO_BY = {
    "calls": frozenset({"system", "seccomp"}),
    "porter's memory": frozenset({"system", "landlock"}),
    "others' memory": frozenset({"system", "landlock", "namespaces"}),
    "no capabilities": frozenset({"system", "capabilities"}),
    "files": frozenset({"system", "landlock"}),
    "sockets": frozenset({"system"}),
    "escapes": frozenset({"system", "seccomp", "landlock"}),
}
"""By a condition, the walls that meet it; `system` stands for one where none is written."""

REFUSED = ("EPERM", "EACCES")


def label(proof: Proof) -> Label:
    """Returns the strongest label whose every condition is proved."""
    if not network_refused(proof):
        return Label.TRIED if all_tries_refused(proof) else Label.WATCHED
    if not (parent_closed(proof) and others_memory_closed(proof)):
        return Label.CALLS_REFUSED
    if files_closed(proof) and nothing_open(proof) and proof.sockets == 0:
        return Label.SEALED
    if proof.sockets == 0 or (proof.local_sockets and proof.outside == 0):
        return Label.NO_NETWORK
    # A socket that was inherited is a way out that no wall covers.
    return Label.WATCHED


def network_refused(proof: Proof) -> bool:
    """Says whether the kernel refuses every call that leads to a network."""
    wanted = NETWORK_TESTS if proof.local_sockets else NETWORK_TESTS + LOCAL_TESTS
    return is_filtered(proof) and all(_is_refused(proof, test) for test in wanted)


def is_filtered(proof: Proof) -> bool:
    """Says whether a filter of calls is in force, for good, and nobody can let a call past it."""
    return proof.filters > 0 and proof.no_new_privileges and holds_no_listener(proof)


def all_tries_refused(proof: Proof) -> bool:
    """Says whether a process with walls of another system was refused everything that it tried.

    Only its own tries tell that, made before it read anything foreign: no one else looked.
    """
    return (
        bool(proof.others)
        and not proof.local_sockets
        and all(_is_refused(proof, test) for test in TRIES_ELSEWHERE)
        and _writes_nowhere(proof)
    )


def holds_no_listener(proof: Proof) -> bool:
    """Says whether no refused call, of it or of another process, is its own to let through."""
    return proof.listeners == 0


def parent_closed(proof: Proof) -> bool:
    """Says whether the porter's memory is closed to the process."""
    return _is_refused(proof, "parent memory") and not proof.capabilities


def others_memory_closed(proof: Proof) -> bool:
    """Says whether the memory of this app's other processes is closed to it, the gate's above all.

    The porter's is closed by itself, theirs is not: the porter has to read their proofs. Whoever has rules
    of Landlock on it may not enter a process that has not the same; whoever is in a user namespace
    of its own has no right to one in another. A test of the process's own would need another to try at.
    """
    return bool(proof.landlock) or "user" in proof.own_spaces


def files_closed(proof: Proof) -> bool:
    """Says whether it can write nowhere and read only what it needs."""
    return "files" in proof.landlock and _is_refused(proof, "read") and _writes_nowhere(proof)


def _writes_nowhere(proof: Proof) -> bool:
    writes = [outcome for name, outcome in proof.tests.items() if name.startswith("write ")]
    return any(outcome in REFUSED for outcome in writes) and all(
        outcome in (*REFUSED, NOTHING_THERE) for outcome in writes
    )


def nothing_open(proof: Proof) -> bool:
    """Says whether every other attempt to break out was refused."""
    return all(_is_refused(proof, test) for test in ESCAPE_TESTS)


def begins_nothing(proof: Proof) -> bool:
    """Says whether a service was refused to turn the socket that it listens on around."""
    return all(_is_refused(proof, test) for test in BEGINS)


def others_closed(proof: Proof) -> bool:
    """Says whether a front end was refused local services that it does not need."""
    return _is_refused(proof, OTHER_LOCAL)


def means(proof: Proof) -> tuple[str, ...]:
    """Names what is proved to be in force, for Monitor."""
    found = {
        "seccomp": proof.filters > 0,
        "landlock files": "files" in proof.landlock and files_closed(proof),
        "landlock programs": "programs" in proof.landlock,
        "landlock tcp": "tcp" in proof.landlock,
        "landlock scopes": "scopes" in proof.landlock,
        "own user namespace": "user" in proof.own_spaces,
        "own network namespace": "net" in proof.own_spaces,
        "own ipc namespace": "ipc" in proof.own_spaces,
        "no new privileges": proof.no_new_privileges,
        "no capabilities": not proof.capabilities,
        "porter's memory closed": parent_closed(proof),
        "no sockets": proof.sockets == 0,
        "local services listed": proof.local_sockets and others_closed(proof),
        "desktop bus closed": proof.local_sockets and _is_refused(proof, DESKTOP_BUS),
        "attempts counted": proof.listened,
    }
    return tuple(name for name, there in found.items() if there)


def missing(proof: Proof) -> tuple[str, ...]:
    """Names what keeps a process from more: walls that are not there, and what was found open.

    A wall comes with the system's reason. A condition comes with what was read, unless a wall that
    would meet it is named already. A process that may use local sockets writes files by its work,
    so open files are nothing that it lacks.
    """
    walls = tuple(f"{wall}: {why}" for wall, why in proof.missing.items())
    tests = proof.tests
    unmet = {
        "calls": _calls_let_through(proof),
        "porter's memory": "" if _is_refused(proof, "parent memory") else "not proved closed",
        "others' memory": "" if others_memory_closed(proof) else "not proved closed",
        "no capabilities": ", ".join(proof.capabilities),
        "files": "" if proof.local_sockets or files_closed(proof) else "not proved closed",
        "sockets": _sockets_held(proof),
        "escapes": ", ".join(n for n in ESCAPE_TESTS if tests.get(n) not in REFUSED),
    }
    named = {name for name in unmet if SEEN_TO_BY.get(name, frozenset()) & set(proof.missing)}
    return (*walls, *(f"{name}: {why}" for name, why in unmet.items() if why and name not in named))


def openings(proof: Proof, reachable: Sequence[str] = ()) -> tuple[str, ...]:
    """Names what an attempt found open, and for a front end what listens on local sockets.

    Args:
        proof: what was read of the process.
        reachable: see `runner.confine.desktop`.
    """
    found = [name for name, outcome in proof.tests.items() if outcome == OPEN]
    if proof.local_sockets:
        found = [name for name in found if name != OTHER_LOCAL]
        found += [*([] if others_closed(proof) else ["local sockets"]), *reachable]
    return tuple(found)


def _calls_let_through(proof: Proof) -> str:
    if network_refused(proof):
        return ""
    return "it holds a listener" if proof.listeners > 0 else "not all refused"


def _sockets_held(proof: Proof) -> str:
    count = proof.outside if proof.local_sockets else proof.sockets
    if count < 0:
        return "not counted"
    return f"{count} held" if count else ""


def _is_refused(proof: Proof, test: str) -> bool:
    return proof.tests.get(test) in REFUSED
