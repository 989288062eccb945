"""The rows of the chat list, or of a search."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.chat.chats.chat_groups import Group, grouped, title_of
from app.markdown.neutral import visible
from runner.store.values import MARK_END, MARK_START, Chat, ChatId, TurnId

if TYPE_CHECKING:
    from runner.store.search import Found

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What a row tells its delegate."""

    HEADING = Qt.ItemDataRole.UserRole + 1
    CHAT = Qt.ItemDataRole.UserRole + 2
    TURN = Qt.ItemDataRole.UserRole + 3
    SNIPPET = Qt.ItemDataRole.UserRole + 4
    PINNED = Qt.ItemDataRole.UserRole + 5


class Row(msgspec.Struct, frozen=True):
    """A heading, a chat, or something found in a chat; a snippet's matches stand between marks."""

    title: str
    chat_id: ChatId | None = None
    turn_id: TurnId | None = None
    snippet: str = ""
    pinned: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether nothing happens when it is pressed."""
        return self.chat_id is None


class ChatListModel(QAbstractListModel):
    """Rows that are told what changed, so that the list keeps its place."""

    def __init__(self, untitled: str) -> None:
        super().__init__()
        self._untitled = untitled
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(self._rows)

    def show_chats(self, chats: Sequence[Chat], now: float) -> None:
        """Shows all chats under their headings."""
        rows = []
        for entry in grouped(chats, now):
            if isinstance(entry, Group):
                rows.append(Row(title_of(entry)))
            else:
                title = visible(entry.title) or self._untitled
                rows.append(Row(title, entry.id, pinned=entry.pinned))
        self._show(rows)

    def show_found(self, found: "Found", titles: str, texts: str) -> None:
        """Shows what a search found, under two headings."""
        rows: list[Row] = []
        if found.titles:
            rows.append(Row(titles))
            rows += [Row(visible(hit.title) or self._untitled, hit.chat_id) for hit in found.titles]
        if found.hits:
            rows.append(Row(texts))
            rows += [
                Row(
                    visible(hit.title) or self._untitled,
                    hit.chat_id,
                    hit.turn_id,
                    _shown(hit.snippet),
                )
                for hit in found.hits
            ]
        self._show(rows)

    def row_of(self, chat_id: ChatId) -> int:
        """Returns the first row of a chat; -1 where there is none."""
        for at, row in enumerate(self._rows):
            if row.chat_id == chat_id:
                return at
        return -1

    def _show(self, rows: list[Row]) -> None:
        """Changes only what differs: between what stays at the start and at the end."""
        old = self._rows
        if rows == old:
            return
        start = 0
        while start < min(len(old), len(rows)) and old[start] == rows[start]:
            start += 1
        end = 0
        while end < min(len(old), len(rows)) - start and old[-1 - end] == rows[-1 - end]:
            end += 1
        nowhere = QModelIndex()
        if (gone := len(old) - end - start) > 0:
            self.beginRemoveRows(nowhere, start, start + gone - 1)
            self._rows = old[:start] + old[len(old) - end :]
            self.endRemoveRows()
        if (new := len(rows) - end - start) > 0:
            self.beginInsertRows(nowhere, start, start + new - 1)
            self._rows = rows
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings can be read and not chosen."""
        if not index.isValid() or self._rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row tells."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return row.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.snippet.replace(MARK_START, "").replace(MARK_END, "")
            case Qt.ItemDataRole.ToolTipRole:
                from html import escape  # late: its table is large

                return "" if row.is_heading else f"<p>{escape(row.title)}</p>"
            case Role.HEADING:
                return row.is_heading
            case Role.CHAT:
                return row.chat_id
            case Role.TURN:
                return row.turn_id
            case Role.SNIPPET:
                return row.snippet
            case Role.PINNED:
                return row.pinned
        return None


def _shown(snippet: str) -> str:
    """Returns a snippet with its marks kept and everything else that deceives made visible."""
    parts = snippet.replace(MARK_END, MARK_START).split(MARK_START)
    shown = [" ".join(visible(part).split("\n")) for part in parts]
    return "".join(
        part + ("" if at == len(shown) - 1 else (MARK_START if at % 2 == 0 else MARK_END))
        for at, part in enumerate(shown)
    )
