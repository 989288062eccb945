"""The metadata keys of a file as rows of a table."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QObject

from app.tabs.weights.arriving_rows import ArrivingRows
from app.words.quantities import count_in_words
from app.words.translation import translate
from inspector.inspection import MetadataRow
from inspector.untrusted import visible


class Column(IntEnum):
    """Columns, first to last."""

    KEY = 0
    TYPE = 1
    VALUE = 2


class MetadataModel(ArrivingRows[MetadataRow]):
    """Keys with type and value."""

    def __init__(self, fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        titles = (
            translate("MetadataModel", "Key"),
            translate("MetadataModel", "Type"),
            translate("MetadataModel", "Value"),
        )
        super().__init__(titles, fetch, parent)

    def text(self, row: MetadataRow, column: int) -> str:
        """The key, its type, or the beginning of its value."""
        match Column(column):
            case Column.KEY:
                return visible(row.key)
            case Column.TYPE:
                return row.type
            case Column.VALUE:
                if row.type.startswith("arr"):
                    return f"{count_in_words(row.count)}: {row.preview}"
                return row.preview

    def source(self, row: MetadataRow) -> str:
        """The header and the place in it."""
        place = translate("MetadataModel", "Header of {document}, byte {offset}")
        return place.format(document=self.file(), offset=count_in_words(row.offset))
