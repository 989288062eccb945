"""Lets a container of Windows at the files that a process needs: an entry on each, for its identity.

A container sees nothing of a person's files otherwise. An entry stays: the container is the app's own,
one for each kind, and what it may read it may read again. Whoever owns a file may make one; on what
belongs to the system, programs of containers have a right to read already.
"""

import ctypes
from collections.abc import Callable, Iterable
from typing import Any

from runner.confine.windows import DWORD, POINTER, Entry

A_FILE, RIGHTS_ALONE = 1, 0x4
ALL_CONTAINERS = "S-1-15-2-1"
GRANT, PASSED_ON, BY_IDENTITY = 1, 0x3, 0
"""An entry that adds rights; what is below a folder gets them too; for whom, by identity."""


class Trustee(ctypes.Structure):
    """TRUSTEE_W."""

    _fields_ = (
        ("more", POINTER),
        ("operation", DWORD),
        ("form", DWORD),
        ("kind", DWORD),
        ("identity", POINTER),
    )


class ExplicitAccess(ctypes.Structure):
    """EXPLICIT_ACCESS_W."""

    _fields_ = (
        ("rights", DWORD),
        ("mode", DWORD),
        ("inheritance", DWORD),
        ("trustee", Trustee),
    )


def grant(entries: Iterable[Entry], identity: int) -> list[str]:
    """Makes the entries; returns the paths where the system refused one.

    Raises:
        OSError: this is not Windows.
    """
    load = getattr(ctypes, "WinDLL", None)
    if load is None:
        raise OSError(0, "no such interface on this system")
    rights, kernel = load("advapi32"), load("kernel32")
    return [one.path for one in entries if not _grant(rights, kernel.LocalFree, one, identity)]


def access(entry: Entry, identity: int) -> ExplicitAccess:
    """Returns an entry as the system takes it."""
    trustee = Trustee(form=BY_IDENTITY, identity=identity)
    return ExplicitAccess(entry.rights, GRANT, PASSED_ON, trustee)


def _grant(rights: Any, free: Callable[[Any], Any], entry: Entry, identity: int) -> bool:
    path = ctypes.c_wchar_p(entry.path)
    kind = (ctypes.c_int(A_FILE), DWORD(RIGHTS_ALONE))
    present, described, changed = POINTER(), POINTER(), POINTER()
    asked = access(entry, identity)
    if rights.GetNamedSecurityInfoW(
        path, *kind, None, None, ctypes.byref(present), None, ctypes.byref(described)
    ):
        return False
    try:
        if _has(rights, present, asked) or _has_anyway(rights, free, present, entry):
            return True  # passing it on to all that lies below a folder takes its time
        if rights.SetEntriesInAclW(DWORD(1), ctypes.byref(asked), present, ctypes.byref(changed)):
            return False
        done: int = rights.SetNamedSecurityInfoW(path, *kind, None, None, changed, None)
        return done == 0
    finally:
        for memory in (changed, described):
            if memory.value:
                free(memory)


def _has_anyway(
    rights: Any, free: Callable[[Any], Any], present: ctypes.c_void_p, entry: Entry
) -> bool:
    """Says whether every container has the right, as to programs that were installed for all."""
    everyone = POINTER()
    if not rights.ConvertStringSidToSidW(ctypes.c_wchar_p(ALL_CONTAINERS), ctypes.byref(everyone)):
        return False
    try:
        return _has(rights, present, access(entry, everyone.value or 0))
    finally:
        free(everyone)


def _has(rights: Any, present: ctypes.c_void_p, asked: ExplicitAccess) -> bool:
    found, for_whom = DWORD(), ctypes.byref(asked.trustee)
    if rights.GetEffectiveRightsFromAclW(present, for_whom, ctypes.byref(found)):
        return False
    wanted: int = asked.rights
    return found.value & wanted == wanted
