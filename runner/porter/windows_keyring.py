"""The system's keyring on Windows: one generic credential of the person's. Standard library only.

As `runner.porter.keyring` elsewhere, but that the system answers at once, and that a front end, which
runs as the person there, could ask for it as well.
"""

import ctypes
import selectors
from collections.abc import Callable, Mapping
from typing import Any

from runner.confine.windows import DWORD, POINTER

NAME = "Lightwell: token for the Hub"
GENERIC, ON_THIS_COMPUTER = 1, 2

Came = Callable[[bool, str], None]


class Credential(ctypes.Structure):
    """CREDENTIALW."""

    _fields_ = (
        ("flags", DWORD),
        ("type", DWORD),
        ("name", ctypes.c_wchar_p),
        ("comment", POINTER),
        ("written", DWORD * 2),
        ("size", DWORD),
        ("secret", POINTER),
        ("persist", DWORD),
        ("attribute_count", DWORD),
        ("attributes", POINTER),
        ("alias", POINTER),
        ("user", ctypes.c_wchar_p),
    )


class Keyring:
    """Keeps one secret.

    Thread: the porter's.

    Args:
        selector: not used; no answer is waited for.
        environment: not used.
        name: under which it is kept; tests have one of theirs.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        environment: Mapping[str, str],
        name: str = NAME,
    ) -> None:
        self._name = ctypes.c_wchar_p(name)

    def keep(self, secret: str, came: Came) -> None:
        """Keeps a secret, or none any more where it is empty; `came` hears whether that went."""
        system = _system()
        if secret:
            said = ctypes.create_string_buffer(secret.encode(), len(secret.encode()))
            asked = Credential(
                type=GENERIC,
                name=self._name.value,
                size=len(said),
                secret=ctypes.addressof(said),
                persist=ON_THIS_COMPUTER,
                user="lightwell",
            )
            went = system.CredWriteW(ctypes.byref(asked), DWORD(0))
        else:
            went = system.CredDeleteW(self._name, DWORD(GENERIC), DWORD(0))
        came(bool(went), "")

    def look_up(self, came: Came) -> None:
        """Hands the secret to `came`."""
        system, found = _system(), ctypes.POINTER(Credential)()
        if not system.CredReadW(self._name, DWORD(GENERIC), DWORD(0), ctypes.byref(found)):
            came(False, "")
            return
        try:
            secret = ctypes.string_at(found.contents.secret, found.contents.size)
        finally:
            system.CredFree(found)
        came(True, secret.decode("ascii", "replace"))

    def wait_for_ended(self) -> None:
        """Does nothing: no tool runs."""


def _system() -> Any:
    load = getattr(ctypes, "WinDLL", None)
    if load is None:
        raise OSError(0, "no such interface on this system")
    return load("advapi32", use_last_error=True)
