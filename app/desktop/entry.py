"""The files by which a desktop of the freedesktop family learns of this app. Knows no Qt.

Three: the entry in the menu, its icon, and one line of the person's list of programs by kind. Each
is shown before it is written, and taken back as it was written; no program is started for it.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

import resources
from runner.errors import RunnerError
from runner.store.files_written import write_whole

SCHEME = "x-scheme-handler/lightwell"
NAME = "lightwell.desktop"
SECTION = "[Default Applications]"
LINE = f"{SCHEME}={NAME}"
RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Signs for which the specification wants a word of a command to stand in quotes."""

ICON_COLOUR = "#17695a"
"""The accent of the light theme; an icon in a menu stands on light and dark ground."""


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    comment: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as it is to be.

    Attributes:
        content: the whole of it.
        adds: what is new in it, where the file is one that others write to as well.
    """

    path: Path
    content: str
    adds: str = ""


class DesktopEntry:
    """This person's registration of the app with their desktop.

    Thread: one.

    Args:
        command: starts the app, its program first.
        environment: says where the person's folders are.
    """

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._command = command
        home = Path(environment.get("HOME", "") or Path.home())
        data = Path(environment.get("XDG_DATA_HOME", "").strip() or home / ".local/share")
        config = Path(environment.get("XDG_CONFIG_HOME", "").strip() or home / ".config")
        self._entry = data / "applications" / NAME
        self._icon = data / "icons/hicolor/scalable/apps/lightwell.svg"
        self._list = config / "mimeapps.list"

    @property
    def is_there(self) -> bool:
        """Whether the menu entry and the links lead to this very installation."""
        return _read(self._entry) == self._entry_text() and LINE in _read(self._list).splitlines()

    @property
    def is_anywhere(self) -> bool:
        """Whether something of it is there, of this installation or of one that lay elsewhere."""
        return self._entry.exists() or LINE in _read(self._list).splitlines()

    def wanted(self) -> tuple[Wanted, ...]:
        """Returns the files that `install` writes, as they will be."""
        return (
            Wanted(self._entry, self._entry_text()),
            Wanted(self._icon, _icon()),
            Wanted(self._list, with_line(_read(self._list)), f"{SECTION}\n{LINE}\n"),
        )

    def install(self) -> None:
        """Writes the files.

        Raises:
            RunnerError: `desktop.not_written`; what was written before it is taken back.
        """
        try:
            for wanted in self.wanted():
                wanted.path.parent.mkdir(parents=True, exist_ok=True)
                _write(wanted.path, wanted.content)
        except (OSError, RunnerError) as error:
            self.remove()
            raise RunnerError("desktop.not_written", str(error), path=str(self._entry)) from error

    def remove(self) -> None:
        """Takes back what `install` wrote; every other line of the list stays as it is.

        Raises:
            RunnerError: `desktop.not_removed`.
        """
        try:
            listed = _read(self._list)
            without = without_line(listed)
            if listed and not without:
                self._list.unlink(missing_ok=True)
            elif without != listed:
                _write(self._list, without)
            self._entry.unlink(missing_ok=True)
            self._icon.unlink(missing_ok=True)
        except (OSError, RunnerError) as error:
            raise RunnerError("desktop.not_removed", str(error), path=str(self._entry)) from error

    def _entry_text(self) -> str:
        texts: _Texts = resources.table("texts/en/desktop.toml", _Texts)
        fields = {
            "Type": "Application",
            "Name": texts.name,
            "Comment": texts.comment,
            "Exec": " ".join([*map(quoted, self._command), "%u"]),
            "Icon": "lightwell",
            "Terminal": "false",
            "Categories": "Utility;Education;ArtificialIntelligence;",
            "Keywords": "".join(f"{word};" for word in texts.keywords),
            "MimeType": f"{SCHEME};",
            "StartupWMClass": "lightwell",
        }
        lines = [f"{key}={value}" for key, value in fields.items()]
        return "\n".join(["[Desktop Entry]", *lines, ""])


def is_for_this_system() -> bool:
    """Whether this system's desktops read such files."""
    return sys.platform.startswith("linux")


def own_command() -> tuple[str, ...]:
    """Returns what starts this installation: its `run`, or the program beside its Python."""
    run = Path(__file__).resolve().parents[2] / "run"
    if run.is_file():
        return (str(run),)
    beside = Path(sys.executable).parent / "lightwell"
    return (str(beside) if beside.is_file() else shutil.which("lightwell") or "lightwell",)


def quoted(word: str) -> str:
    """Returns a word of a command as an entry holds it.

    Quotes only where they are needed: some programs that read entries know of none.
    """
    word = word.replace("%", "%%")
    if not RESERVED & set(word):
        return word
    for sign in ("\\", '"', "`", "$"):
        word = word.replace(sign, f"\\{sign}")
    # Every value of an entry has escapes of its own, which are read first.
    return '"' + word.replace("\\", "\\\\") + '"'


def with_line(content: str) -> str:
    """Returns a list of programs by kind in which the links are opened by this app."""
    lines = without_line(content).splitlines()
    others = [line for line in lines if not line.startswith(f"{SCHEME}=")]
    if SECTION not in others:
        others += [*([""] if others and others[-1] else []), SECTION]
    others.insert(others.index(SECTION) + 1, LINE)
    return "\n".join([*others, ""])


def without_line(content: str) -> str:
    """Returns the list without this app's line, and without a section that only that line held."""
    lines = content.splitlines()
    if LINE not in lines:
        return content
    at = lines.index(LINE)
    del lines[at]
    is_last = at == len(lines) or not lines[at].strip() or lines[at].startswith("[")
    if lines[at - 1] == SECTION and is_last:
        del lines[at - 1]
        while lines and not lines[-1].strip():
            del lines[-1]
    return "\n".join([*lines, ""]) if lines else ""


def _icon() -> str:
    drawn: str = resources.text("icons/mark.svg")
    return drawn.replace("#000000", ICON_COLOUR)


def _write(path: Path, content: str) -> None:
    """Writes a file; a list that is a link, or closed to others, stays so."""
    place = path.resolve()
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    write_whole(place, content.encode(), mode=mode)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
