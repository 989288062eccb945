"""What a person puts into a report: single turns of the chats with a model, and what was said of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.report.gather import Chosen, runs_of
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.plain_tip import plain_tip
from app.words.facts import when_words
from app.words.report import report_words
from inspector.untrusted import shown
from runner.store import Store
from runner.store.values import Chat, ChatId, Turn

JUDGED, REVIEWS, WORKSHEET, BENCHES, RECORDED = (
    "judged",
    "reviews",
    "worksheet",
    "benches",
    "recorded",
)


class ChatRow(QWidget):
    """One chat with a box for all its turns, and below it a box for each, made when it is opened.

    Owned by: ReportChoice. Thread: GUI.
    """

    changed = Signal()

    def __init__(self, theme: Theme, store: Store, chat: Chat, file_name: str) -> None:
        super().__init__()
        self._theme, self._store, self._chat, self._name = theme, store, chat, file_name
        self.turns: dict[int, QCheckBox] = {}
        self._read: tuple[Turn, ...] | None = None
        when = when_words(datetime.fromtimestamp(chat.changed, UTC))
        title = shown(chat.title, 40) or self.tr("Untitled")
        self.whole = _box(title)
        self.whole.setToolTip(when)
        self.whole.setAccessibleDescription(when)
        self.whole.clicked.connect(self._on_whole)
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setAccessibleName(f"{report_words().window['turns']}: {title}")
        self.fold.setToolTip(self.fold.accessibleName())
        set_look(self.fold, Look.ICON)
        self.fold.toggled.connect(self._on_fold)
        self._body = QWidget()
        self._inside = QVBoxLayout(self._body)
        self._inside.setContentsMargins(2 * theme.px("space_3"), 0, 0, 0)
        self._inside.setSpacing(theme.px("space_half"))
        line = QHBoxLayout()
        line.addWidget(self.fold)
        line.addWidget(self.whole, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self._body)
        self._on_fold(False)

    @property
    def chat_id(self) -> ChatId:
        """Which chat it is."""
        return self._chat.id

    def chosen(self) -> tuple[Turn, ...]:
        """Returns the turns that are ticked, in their order."""
        if self._read is None:
            return ()
        return tuple(turn for turn in self._read if self.turns[turn.id].isChecked())

    def _on_fold(self, is_open: bool) -> None:
        self.fold.setIcon(self._theme.icon("chevron-down" if is_open else "chevron-right"))
        if is_open:
            self._fill()
        self._body.setVisible(is_open)

    def _fill(self) -> None:
        """Reads the branch on show, and makes a box for each turn that this file answered."""
        if self._read is not None:
            return
        path = self._store.chats.tree(self._chat.id).path()
        self._read = tuple(turn for turn in path if _is_of(turn, self._name))
        for turn in self._read:
            box = _box(shown(" ".join(turn.question.split()), 48))
            box.setToolTip(plain_tip(shown(turn.question, 400)))
            box.clicked.connect(self._on_turn)
            self.turns[turn.id] = box
            self._inside.addWidget(box)

    def _on_whole(self) -> None:
        # A press on a box that is half ticked takes all.
        wanted = self.whole.checkState() is not Qt.CheckState.Unchecked
        self._fill()
        for box in self.turns.values():
            box.setChecked(wanted)
        self._on_turn()

    def _on_turn(self) -> None:
        ticked = sum(box.isChecked() for box in self.turns.values())
        state = Qt.CheckState.PartiallyChecked if ticked else Qt.CheckState.Unchecked
        if ticked and ticked == len(self.turns):
            state = Qt.CheckState.Checked
        self.whole.setCheckState(state)
        self.whole.setTristate(state is Qt.CheckState.PartiallyChecked)
        self.changed.emit()


class ReportChoice(QWidget):
    """Boxes for all that a person can put into a report or leave out.

    Owned by: ReportDialog. Thread: GUI.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, store: Store, chats: Iterable[Chat], file_name: str, kept: Chosen, *, recorded: int
    ) -> None:  # fmt: skip
        super().__init__()
        self._store, self._kept, self._recorded = store, Chosen(), 0
        self.extras: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(theme.px("space_half"))
        column.addLayout(self._boxes)
        self.show_kept(kept, recorded)
        self.rows = [ChatRow(theme, store, chat, file_name) for chat in chats]
        for row in self.rows:
            row.changed.connect(self.changed)
            column.addWidget(row)
        column.addStretch(1)

    def show_kept(self, kept: Chosen, recorded: int) -> bool:
        """Shows a box for each kind of what was kept, ticked but where a person cleared it.

        Returns:
            whether more or other was kept than was shown before.
        """
        # The conclusion has a place of its own, where it is written meanwhile.
        kept = replace(kept, conclusion=None)
        if (kept, recorded) == (self._kept, self._recorded):
            return False
        self._kept, self._recorded = kept, recorded
        words, before = report_words().window, self.extras
        counts = {
            JUDGED: len(kept.judged),
            REVIEWS: len(kept.reviews),
            WORKSHEET: len(kept.worksheet),
            BENCHES: len(kept.benches),
            RECORDED: recorded,
        }
        self.extras = {}
        for key, count in counts.items():
            if count:
                box = _box(words[f"put_{key}"].format(count=count))
                box.setChecked(key not in before or before[key].isChecked())
                box.clicked.connect(self.changed)
                self.extras[key] = box
                self._boxes.addWidget(box)
        for old in before.values():
            self._boxes.removeWidget(old)
            old.deleteLater()
        return True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose."""
        return not self.rows and not self.extras

    def has(self, key: str) -> bool:
        """Whether something other than turns goes in."""
        return key in self.extras and self.extras[key].isChecked()

    def chosen(self) -> Chosen:
        """Returns what goes in, as it was read when this was opened."""
        return Chosen(
            runs=tuple(
                run for row in self.rows for run in runs_of(self._store, row.chat_id, row.chosen())
            ),
            judged=self._kept.judged if self.has(JUDGED) else (),
            reviews=self._kept.reviews if self.has(REVIEWS) else (),
            worksheet=self._kept.worksheet if self.has(WORKSHEET) else {},
            benches=self._kept.benches if self.has(BENCHES) else (),
        )


def _is_of(turn: Turn, file_name: str) -> bool:
    return any(run.recipe.file_name == file_name for run in turn.runs)


def _box(title: str) -> QCheckBox:
    # An ampersand would be taken for a key's mark.
    return QCheckBox(title.replace("&", "&&"))
