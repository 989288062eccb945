"""The person's token for the Hub: pasted, or the one that the Hub's own tools keep. Used only when told.

A pasted one lies in the system's keyring where there is one, which only the porter asks; the file
here then says no more than that. Elsewhere it lies in this file, which only this user may read, as
the Hub's own tools do it.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.store.files_written import write_whole

FILE = "hub-token.json"
_TOKEN = re.compile(r"[\x21-\x7e]{8,400}")


class _Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the file holds: a pasted token, that it is in the keyring, or that the Hub's own is used."""

    token: str = ""
    use_the_hubs: bool = False
    in_keyring: bool = False


def checked(text: str) -> str:
    """Returns a token as it is sent.

    Raises:
        RunnerError: `fetch.no_token`, where it can't be one.
    """
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise RunnerError("fetch.no_token")
    return token


class HubToken:
    """Which token is sent, if any.

    Thread: any.

    Args:
        folder: where a pasted token is kept.
        environment: tells where the Hub's tools keep theirs.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._file = folder / FILE
        self._environment = environment

    def current(self) -> str:
        """Returns the token to send; empty for none, and for one that lies in the keyring."""
        kept = self._read()
        return kept.token or (self._of_the_hub() if kept.use_the_hubs else "")

    @property
    def is_pasted(self) -> bool:
        """Whether a pasted token is kept here."""
        kept = self._read()
        return bool(kept.token) or kept.in_keyring

    @property
    def in_keyring(self) -> bool:
        """Whether it lies in the system's keyring."""
        return self._read().in_keyring

    @property
    def in_file(self) -> str:
        """The pasted token, where it lies in the file here; else empty."""
        return self._read().token

    @property
    def uses_the_hubs(self) -> bool:
        """Whether the token of the Hub's own tools is sent."""
        kept = self._read()
        return kept.use_the_hubs and not kept.token and not kept.in_keyring

    @property
    def hub_has_one(self) -> bool:
        """Whether the Hub's own tools keep a token here."""
        return bool(self._of_the_hub())

    def paste(self, text: str) -> None:
        """Keeps a token and sends it from now on.

        Raises:
            RunnerError: `fetch.no_token`, where it can't be one; codes of `files`.
        """
        self._write(_Kept(token=checked(text)))

    def went_to_keyring(self) -> None:
        """Hears that the keyring has the token now; the file keeps no copy.

        Raises:
            RunnerError: codes of `files`.
        """
        self._write(_Kept(in_keyring=True))

    def use_the_hubs(self) -> None:
        """Sends the token of the Hub's own tools from now on, read anew each time.

        Raises:
            RunnerError: `fetch.no_hub_token`; codes of `files`.
        """
        if not self.hub_has_one:
            raise RunnerError("fetch.no_hub_token", path=str(self._hubs_file()))
        self._write(_Kept(use_the_hubs=True))

    def forget(self) -> None:
        """Sends none from now on; what the Hub's own tools keep stays."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> _Kept:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        make_private(self._file.parent)
        write_whole(self._file, msgspec.json.encode(kept), mode=stat.S_IRUSR | stat.S_IWUSR)

    def _hubs_file(self) -> Path:
        if named := self._environment.get("HF_TOKEN_PATH", "").strip():
            return Path(named)
        if home := self._environment.get("HF_HOME", "").strip():
            return Path(home, "token")
        cache = self._environment.get("XDG_CACHE_HOME", "").strip()
        return (Path(cache) if cache else Path.home() / ".cache") / "huggingface" / "token"

    def _of_the_hub(self) -> str:
        try:
            token = self._hubs_file().read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""
        return token if _TOKEN.fullmatch(token) else ""
