"""Settings: typed, with defaults; the file holds only what differs from them. No Qt here.

`SettingsFile.change` is the one door through which a setting changes. Keys of the file that this
version doesn't know are kept, so that going back a version loses nothing.
"""

import logging
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec

from resources import table
from runner.errors import RunnerError
from runner.library.paths import make_private
from runner.protocol.engine import Sampling
from runner.store.files_written import write_whole

log = logging.getLogger(__name__)

SCHEMA = 1
"""Raised when a setting moves or changes its meaning, together with a step in `UPGRADES`."""

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: tuple[Upgrade, ...] = ()
"""Step n (from 0) turns a file of schema n + 1 into one of n + 2."""

Problem = Callable[[RunnerError], None]


class Theme(StrEnum):
    """Which theme is on."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Appearance(msgspec.Struct, frozen=True, kw_only=True):
    """How the window looks."""

    theme: Theme = Theme.SYSTEM
    text_scale: Annotated[float, msgspec.Meta(ge=0.8, le=2.0)] = 1.0


class Models(msgspec.Struct, frozen=True, kw_only=True):
    """Where models lie, and how fast they come: kilobytes a second at most, 0 for no limit."""

    folder: str = ""
    rate_kb: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    last_file: str = ""
    last_folder: str = ""
    run_unenforced: tuple[str, ...] = ()


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is loaded; 0 (and -1 for layers) lets the engine choose."""

    threads: Annotated[int, msgspec.Meta(ge=0, le=1024)] = 0
    context: Annotated[int, msgspec.Meta(ge=0, le=16 * 1024 * 1024)] = 0
    gpu_layers: Annotated[int, msgspec.Meta(ge=-1, le=10_000)] = -1


class ChatSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How chats begin."""

    preset: str = ""
    own_presets: dict[str, Sampling] = {}


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """The switch of the top bar; a file that cannot be read means offline too.

    Attributes:
        mirror: another address in the Hub's place; the porter asks before it is used.
        token_to_mirror: the person's token goes there too.
    """

    offline: bool = True
    mirror: str = ""
    token_to_mirror: bool = False


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What the window remembers; `geometry` is Qt's own, in base 64."""

    geometry: str = ""
    columns: tuple[int, ...] = ()
    page: str = ""
    inspector_open: bool = True
    inspector_tab: str = ""
    chat_list_open: bool = True
    last_folder: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings; each section is a struct of its own."""

    appearance: Appearance = Appearance()
    models: Models = Models()
    running: Running = Running()
    chat: ChatSettings = ChatSettings()
    network: Network = Network()
    window: Window = Window()

    @property
    def presets(self) -> dict[str, Sampling]:
        """The samplings that have a name: those that come along, then a person's own."""
        return {**shipped_presets(), **self.chat.own_presets}


def shipped_presets() -> dict[str, Sampling]:
    """Returns the presets that every installation has; their words are in `texts/en/presets`."""
    return dict(table("presets.toml", dict[str, Sampling]))


class SettingsFile:
    """The settings in force and the file that they come from.

    Owned by: the composition root. Thread: the one that made it.

    Attributes:
        current: the settings in force.
        problem: why the file could not be used, wholly or in part, when it was read.
    """

    def __init__(self, path: Path, *, tell: Problem | None = None) -> None:
        """Reads the file at `path`, if there is one; `tell` hears of failed writes."""
        self.path = path
        self.current = Settings()
        self.problem: RunnerError | None = None
        self._tell = tell
        self._kept: dict[str, Any] = {}
        self._listeners: list[Callable[[Settings], None]] = []
        self._content: bytes | None = None
        self._read()

    def listen(self, changed: Callable[[Settings], None]) -> None:
        """Calls `changed` with the new settings after each change."""
        self._listeners.append(changed)

    def look_again(self) -> None:
        """Takes what another process has written since, such as the offline switch; listeners hear it.

        A file that can't be used now, or that is gone, changes nothing.
        """
        try:
            content = self.path.read_bytes()
        except OSError:
            return
        if content == self._content:
            return
        try:
            raw = upgraded(tomllib.loads(content.decode()))
        except (ValueError, TypeError, KeyError):
            return  # half written by an editor, perhaps; the whole of it comes with the next notice
        self._content, self._kept = content, raw
        found, _ = read_settings(raw)
        if found != self.current:
            self.current = found
            self._tell_all()

    def change(self, section: str, **values: object) -> Settings:
        """Changes fields of one section, writes the file, and returns the settings in force.

        What another process has written meanwhile stays: its offline switch is not turned back.

        Raises:
            msgspec.ValidationError: a value does not fit; nothing has changed.
        """
        self.look_again()
        old = getattr(self.current, section)
        as_data = {**msgspec.to_builtins(old), **msgspec.to_builtins(values)}
        new = msgspec.convert(as_data, type(old))
        if new == old:
            return self.current
        self.current = msgspec.structs.replace(self.current, **{section: new})
        self._write()
        self._tell_all()
        return self.current

    def text(self) -> str:
        """Returns the settings in force as the file holds them, for a backup."""
        # Late: nothing is written by the usual start.
        import tomli_w

        return tomli_w.dumps(merged(self._kept, self.current))

    def restore(self, content: str) -> None:
        """Takes the settings of a backup; those that don't fit keep their usual values.

        The switch to the network stays as it is: a backup of another day puts nobody online.

        Raises:
            RunnerError: `settings.not_restored`; nothing has changed.
        """
        try:
            raw = upgraded(tomllib.loads(content))
        except (ValueError, TypeError, KeyError) as error:
            raise RunnerError("settings.not_restored", str(error)) from error
        self._kept = raw
        restored, _ = read_settings(raw)
        self.current = msgspec.structs.replace(restored, network=self.current.network)
        self._write()
        self._tell_all()

    def _tell_all(self) -> None:
        for changed in list(self._listeners):
            changed(self.current)

    def _read(self) -> None:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            self.problem = RunnerError("settings.broken", str(error), kept=str(self.path))
            return
        try:
            raw = upgraded(tomllib.loads(content.decode()))
        except (ValueError, TypeError, KeyError) as error:
            self._content = content
            kept = self._keep_aside(content)
            self.problem = RunnerError("settings.broken", str(error), kept=kept)
            return
        self._content, self._kept = content, raw
        self.current, refused = read_settings(raw)
        if refused:
            kept = self._keep_aside(content)
            self.problem = RunnerError(
                "settings.some_ignored", "; ".join(refused), keys=", ".join(refused), kept=kept
            )

    def _keep_aside(self, content: bytes) -> str:
        """Keeps a file that can't be used under another name; returns that name."""
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        aside = self.path.with_name(f"{self.path.stem}.broken-{stamp}{self.path.suffix}")
        try:
            write_whole(aside, content)
        except RunnerError:
            log.warning("the damaged settings could not be kept aside", exc_info=True)
            return str(self.path)
        return str(aside)

    def _write(self) -> None:
        content = self.text().encode()
        try:
            make_private(self.path.parent)
            write_whole(self.path, content)
            self._content = content
        except (RunnerError, OSError) as error:
            problem = RunnerError("settings.cannot_write", str(error), path=str(self.path))
            log.warning("%s", problem)
            if self._tell:
                self._tell(problem)


def read_settings(raw: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """Returns the settings in `raw`, and the keys whose values don't fit and were passed over."""
    sections: dict[str, Any] = {}
    refused: list[str] = []
    for section in msgspec.structs.fields(Settings):
        values = raw.get(section.name, {})
        if not isinstance(values, Mapping):
            refused.append(section.name)
            continue
        fitting: dict[str, Any] = {}
        for field in msgspec.structs.fields(section.type):
            if field.encode_name not in values:
                continue
            try:
                fitting[field.name] = msgspec.convert(values[field.encode_name], field.type)
            except msgspec.ValidationError:
                refused.append(f"{section.name}.{field.name}")
        sections[section.name] = section.type(**fitting)
    return Settings(**sections), refused


def merged(kept: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Returns what the file should hold: unknown keys of `kept`, and what differs from default."""
    content: dict[str, Any] = {
        "schema": max(SCHEMA, _schema(kept)),
        **{key: value for key, value in kept.items() if key != "schema"},
    }
    usual = Settings()
    for section in msgspec.structs.fields(Settings):
        before = content.pop(section.name, {})
        values = dict(before) if isinstance(before, Mapping) else {}
        mine, default = getattr(settings, section.name), getattr(usual, section.name)
        for field in msgspec.structs.fields(section.type):
            values.pop(field.name, None)
            value = getattr(mine, field.name)
            if value != getattr(default, field.name):
                values[field.name] = msgspec.to_builtins(value)
        if values:
            content[section.name] = values
    return content


def upgraded(raw: dict[str, Any], steps: Sequence[Upgrade] = UPGRADES) -> dict[str, Any]:
    """Returns the content of a file brought to this version's schema.

    A file of a newer schema stays as it is: what we know of it is read, the rest is kept.
    """
    for number, step in enumerate(steps, start=1):
        if _schema(raw) == number:
            raw = {**step(raw), "schema": number + 1}
    return raw


def _schema(raw: Mapping[str, Any]) -> int:
    number = raw.get("schema", 1)
    return number if isinstance(number, int) else 1
