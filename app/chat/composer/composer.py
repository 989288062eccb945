"""Where a person types: a box that grows, what goes with it, and the buttons to send and to stop."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.composer.question_edit import TYPED_CHARS, QuestionEdit
from app.markdown.long_lines import broken
from app.markdown.neutral import visible
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.flow_layout import FlowLayout
from runner.store.values import Attachment

PAUSE_MS = 400
"""How long typing has to rest before the draft is counted and kept."""


class Composer(QFrame):
    """The box with its buttons.

    Owned by: ChatPage. Thread: GUI.
    """

    sent = Signal(str)
    stopped = Signal()
    attach_wanted = Signal()
    files_dropped = Signal(list)
    draft_changed = Signal(str)
    attachments_changed = Signal()
    options_wanted = Signal()
    restart_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._attachments: list[Attachment] = []
        self._waiting_files = 0
        self._can_send = False
        self._said_options = ""
        self._said_meter = ("", "")
        set_look(self, Look.FLOATING)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self._edit)
        self._tell()

    # ---- making ------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._edit = QuestionEdit(self._theme)
        self._edit.setAccessibleName(self.tr("Your question"))
        self._files = QWidget()
        self._files_row = FlowLayout(self._files, gap=self._theme.px("space_half"))
        self._files.hide()
        self._attach = self._icon_button("attach", self.tr("Attach a text or PDF file"))
        self._options = QToolButton()
        self._options.setToolTip(self.tr("System prompt, sampling and seed of this chat"))
        self._options.setAccessibleName(self.tr("Chat options"))
        set_look(self._options, Look.CHIP)
        self._meter = QLabel()
        set_look(self._meter, Look.FAINT)
        self._send = QPushButton(self.tr("Send"))
        set_look(self._send, Look.PRIMARY)
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop the answer (Esc)"))
        self._stop.hide()
        self._restart = QPushButton(self.tr("Start the model again"))
        set_look(self._restart, Look.PRIMARY)
        self._restart.hide()

    def _lay_out(self) -> None:
        px = self._theme.px
        self._foot = foot = QHBoxLayout()
        foot.setSpacing(px("space_1"))
        begin = (self._attach, self._options)
        end = (self._meter, self._stop, self._restart, self._send)
        self._foot_parts: tuple[QWidget, ...] = (*begin, *end)
        for widget in begin:
            foot.addWidget(widget)
        foot.addStretch(1)
        for shown in end:
            foot.addWidget(shown)
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(
            px("space_2"), px("space_1") + px("space_half"), px("space_1"), px("space_1")
        )
        rows.setSpacing(px("space_1"))
        rows.addWidget(self._files)
        rows.addWidget(self._edit)
        rows.addLayout(foot)

    def _connect(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self._edit.sent.connect(self._on_send)
        self._edit.escaped.connect(self.stopped)
        self._edit.textChanged.connect(self._on_text)
        self._edit.pasted_long.connect(self._on_pasted_long)
        self._edit.files_dropped.connect(self.files_dropped)
        self._send.clicked.connect(self._on_send)
        self._stop.clicked.connect(self.stopped)
        self._restart.clicked.connect(self.restart_wanted)
        for pressed in (self._send, self._stop, self._restart):
            # Each goes out or away once it is pressed, and would hand the keyboard to its neighbour.
            pressed.clicked.connect(self._edit.setFocus)
        self._attach.clicked.connect(self.attach_wanted)
        self._options.clicked.connect(self.options_wanted)

    # ---- what is in it -----------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is typed."""
        return self._edit.toPlainText()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that go with it."""
        return tuple(self._attachments)

    @property
    def edit(self) -> QuestionEdit:
        """The box itself."""
        return self._edit

    def set_text(self, text: str) -> None:
        """Puts `text` into the box, the cursor at its end."""
        self._edit.setPlainText(
            "\n".join(part for line in text[:TYPED_CHARS].split("\n") for part in broken(line))
        )
        self._edit.moveCursor(QTextCursor.MoveOperation.End)

    def clear(self) -> None:
        """Empties it: what was in it is on disk."""
        self._edit.clear()
        self._attachments = []
        self._show_files()

    def attach(self, file: Attachment) -> None:
        """Puts a file's text beside the question, once however often it is chosen."""
        self._waiting_files = max(0, self._waiting_files - 1)
        if all(other.sha256 != file.sha256 for other in self._attachments):
            self._attachments.append(file)
        self._show_files()
        self._tell()

    def reading_files(self, change: int) -> None:
        """Notes that a file is being read (1), or that it could not be (-1)."""
        self._waiting_files = max(0, self._waiting_files + change)
        self._tell()

    def set_tokens(self, sha256: str, tokens: int) -> None:
        """Notes what an attached file costs."""
        self._attachments = [
            Attachment(name=file.name, text=file.text, sha256=file.sha256, tokens=tokens)
            if file.sha256 == sha256
            else file
            for file in self._attachments
        ]
        self._show_files()

    # ---- what is possible --------------------------------------------------------------------

    def show_state(
        self, *, can_send: bool, answering: bool, stopping: bool, failed: bool, hint: str
    ) -> None:
        """Shows which buttons work, and in the empty box what it is for."""
        self._can_send = can_send
        self._edit.show_hint(hint)
        self._stop.setVisible(answering)
        self._stop.setEnabled(not stopping)
        self._stop.setText(self.tr("Stopping…") if stopping else self.tr("Stop"))
        self._restart.setVisible(failed)
        self._send.setVisible(not answering and not failed)
        self._tell()
        self._fit_foot()

    def show_meter(self, text: str, tip: str, *, full: bool, brief: str = "") -> None:
        """Shows how much of the context is used; `brief` where there is no room for `text`."""
        self._said_meter = (text, brief or text)
        self._meter.setToolTip(tip)
        set_look(self._meter, Look.ALERT_TEXT if full else Look.FAINT)
        self._fit_foot()

    def show_options(self, text: str) -> None:
        """Shows in one chip what this chat runs with."""
        self._said_options = text
        self._options.setToolTip(
            self.tr("System prompt, sampling and seed of this chat: {}").format(text)
        )
        self._fit_foot()

    def _fit_foot(self) -> None:
        """Shortens what has no room: first the options, then the meter, which goes at the last."""
        short = self.tr("Options")
        whole = self.tr("Options: {}").format(self._said_options) if self._said_options else short
        meter, brief = self._said_meter
        for options, metered in ((whole, meter), (short, meter), (short, brief), (short, "")):
            self._options.setText(options)
            self._meter.setText(metered)
            if self._foot_width() <= self.contentsRect().width():
                return

    def _foot_width(self) -> int:
        shown = [widget for widget in self._foot_parts if not widget.isHidden()]
        for widget in shown:
            widget.ensurePolished()
        margins = self._rows.contentsMargins()
        gaps = self._foot.spacing() * len(shown)
        wide = sum(widget.sizeHint().width() for widget in shown)
        return wide + gaps + margins.left() + margins.right()

    # ---- events ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Puts the cursor into the box: for a person all of the frame is the box."""
        self._edit.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Looks again which words there is room for."""
        super().resizeEvent(event)
        self._fit_foot()

    # ---- slots -------------------------------------------------------------------------------

    def _tell(self) -> None:
        has_text = bool(self._edit.document().characterCount() > 1 or self._attachments)
        self._send.setEnabled(self._can_send and has_text and not self._waiting_files)

    @Slot()
    def _on_send(self) -> None:
        text = self.text
        if (
            self._send.isEnabled()
            and self._send.isVisibleTo(self)
            and (text.strip() or self._attachments)
        ):
            self.sent.emit(text)

    @Slot()
    def _on_text(self) -> None:
        self._tell()
        self._pause.start()

    def keep_draft(self) -> None:
        """Tells of what is typed at once, where typing has not rested yet."""
        if self._pause.isActive():
            self._pause.stop()
            self._on_pause()

    @Slot()
    def _on_pause(self) -> None:
        self.draft_changed.emit(self.text)

    @Slot(str)
    def _on_pasted_long(self, text: str) -> None:
        """Attaches a long paste: it is kept whole, and is sent as any other text file."""
        from hashlib import sha256

        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        name = self.tr("Pasted text {}").format(len(self._attachments) + 1)
        self._attachments.append(Attachment(name=name, text=text, sha256=digest))
        self._show_files()
        self._tell()

    def _show_files(self) -> None:
        while (item := self._files_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, file in enumerate(self._attachments):
            chip = QToolButton()
            cost = (
                self.tr("{:,} tokens").format(file.tokens)
                if file.tokens
                else self.tr("{:,} characters").format(len(file.text))
            )
            name = visible(file.name)[:60]
            chip.setText(f"{name} · {cost}  ✕")
            chip.setAccessibleName(self.tr("Remove {}").format(name))
            chip.setToolTip(self.tr("Goes with the question as text. Press to remove it."))
            chip.setProperty("number", number)
            chip.clicked.connect(self._on_remove)
            set_look(chip, Look.CHIP)
            self._files_row.addWidget(chip)
        self._files.setVisible(bool(self._attachments))
        self._files.updateGeometry()
        self.attachments_changed.emit()

    @Slot()
    def _on_remove(self) -> None:
        del self._attachments[int(self.sender().property("number"))]
        self._show_files()
        self._tell()
        self._edit.setFocus()

    def _icon_button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._theme.icon(icon))
        button.setToolTip(name)
        button.setAccessibleName(name)
        set_look(button, Look.ICON)
        return button
