"""How a person is told something: a toast for what is done, a banner for what stays, a report for a bug.

The only place that decides. Nothing here opens a modal loop. Every notice is kept, so that the
tests and the bug report can read what was said.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePath

import msgspec
from PySide6.QtCore import QObject, Signal

from app.words.wording import Words, words
from runner.errors import RunnerError

KEPT = 200
"""How many notices are remembered."""


class Level(StrEnum):
    """How much a notice asks for."""

    TOAST = "toast"
    NOTE = "note"
    WARNING = "warning"
    ALERT = "alert"


class Action(msgspec.Struct, frozen=True):
    """A button of a notice; pressing it also takes the notice away."""

    text: str
    run: Callable[[], object]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell.

    Attributes:
        key: a later notice with the same key takes this one's place; empty for none.
        details: what the system or a library said, behind a fold.
    """

    level: Level
    said: Words
    code: str = ""
    key: str = ""
    details: str = ""
    actions: tuple[Action, ...] = ()


class Notices(QObject):
    """Takes what there is to tell and hands it to the window.

    Owned by: the window process. Thread: GUI.
    """

    told = Signal(Notice)
    withdrawn = Signal(str)
    """The notice with this key is no longer true."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: list[Notice] = []

    @property
    def kept(self) -> tuple[Notice, ...]:
        """The latest notices, oldest first."""
        return tuple(self._kept)

    def tell(self, notice: Notice) -> None:
        """Shows `notice`."""
        self._kept = [*self._kept[1 - KEPT :], notice]
        self.told.emit(notice)

    def toast(self, text: str, *actions: Action) -> None:
        """Says that something is done; goes by itself."""
        self.tell(Notice(level=Level.TOAST, said=Words(text, ""), actions=actions))

    def error(
        self,
        code: str,
        *actions: Action,
        key: str = "",
        details: str = "",
        level: Level = Level.WARNING,
        **context: object,
    ) -> None:
        """Says what went wrong, in the words for `code`."""
        said = words(code, **context)
        self.tell(
            Notice(
                level=level, said=said, code=code, key=key or code, details=details, actions=actions
            )
        )

    def failure(self, error: RunnerError, *actions: Action, key: str = "") -> None:
        """Says what went wrong, in the words for the error's code."""
        fields: dict[str, object] = dict(error.context)
        if "path" in fields:
            fields.setdefault("name", PurePath(str(fields["path"])).name)
        self.tell(
            Notice(
                level=Level.ALERT,
                said=words(error.code, **fields),
                code=error.code,
                key=key or error.code,
                details=error.detail,
                actions=actions,
            )
        )

    def withdraw(self, key: str) -> None:
        """Takes back the notice with `key`, if it is shown."""
        self.withdrawn.emit(key)
