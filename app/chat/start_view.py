"""What an empty chat shows: which model answers, what to expect of it, and questions worth asking."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.model.ref import ModelRef
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from runner.library.starter import Starter
from runner.session import SessionState

QUESTION = "question"
"""The property of a button that holds its question, whose text is wrapped."""


class StartView(QScrollArea):
    """One sentence about the model, three questions, and where other models come from.

    It scrolls, and its questions wrap, where the text is large or the window small.

    Owned by: ChatPage. Thread: GUI.
    """

    question_chosen = Signal(str)
    find_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, theme: Theme, starter: Starter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._starter = starter
        px = theme.px
        self._title = self._label(Look.TITLE)
        self._expect = self._label(Look.FAINT)
        self._temporary = self._label(Look.FAINT)
        self._questions = [self._question(text) for text in starter.questions]
        self._others = self._label(Look.SMALL)
        find = self._link(self.tr("Find a model…"))
        find.clicked.connect(self.find_wanted)
        open_file = self._link(self.tr("Open a GGUF file…"))
        open_file.clicked.connect(self.open_wanted)
        # One of ours: asking Qt for its own makes PySide look through every class of widgets.
        self.setViewport(QWidget())
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(px("space_3"), px("space_3"), px("space_3"), px("space_3"))
        layout.setSpacing(px("space_1"))
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addWidget(self._expect)
        layout.addWidget(self._temporary)
        layout.addSpacing(px("space_3"))
        for button in self._questions:
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addSpacing(px("space_3"))
        layout.addWidget(self._others)
        for link in (find, open_file):
            layout.addWidget(link, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addStretch(3)
        self.setWidget(inside)
        # A scroll area fills its inside with the colour of fields otherwise.
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps the questions, which buttons do not do by themselves."""
        super().resizeEvent(event)
        room = self.viewport().width() - 2 * self._theme.px("space_3") - self._theme.px("space_6")
        for button, text in zip(self._questions, self._starter.questions, strict=True):
            button.setText(wrapped(text, button.fontMetrics(), room))

    @property
    def questions(self) -> tuple[QPushButton, ...]:
        """The buttons with questions."""
        return tuple(self._questions)

    def show_model(self, ref: ModelRef | None, state: SessionState, *, temporary: bool) -> None:
        """Shows which model answers here."""
        if ref is None:
            self._title.setText(self.tr("No model is open"))
            self._expect.setText(self.tr("Open a GGUF file, and this is where you talk to it."))
        else:
            self._title.setText(ref.name)
            known = self._starter.in_words if ref.is_starter else ""
            loading = self.tr("Loading…") if state is SessionState.LOADING else ""
            self._expect.setText(" · ".join(part for part in (known, loading) if part))
        self._others.setText(self._others_words(ref))
        self._expect.setVisible(bool(self._expect.text()))
        self._temporary.setText(
            self.tr("This chat is temporary: it is never stored, and gone when you leave it.")
            if temporary
            else ""
        )
        self._temporary.setVisible(temporary)
        for button in self._questions:
            button.setVisible(ref is not None)
            button.setEnabled(state is SessionState.READY)

    def _others_words(self, ref: ModelRef | None) -> str:
        """Returns where other models come from; only of ours is it known that many are better."""
        if ref is not None and ref.is_starter:
            return self.tr(
                "Better models: find one on the Hub, or drop a .gguf file of this computer here. "
                "The larger its file, the more it knows and the slower it answers."
            )
        return self.tr(
            "Other models: find one on the Hub, or drop a .gguf file of this computer here."
        )

    def _label(self, look: Look) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_look(label, look)
        return label

    def _link(self, text: str) -> QPushButton:
        button = QPushButton(text)
        set_look(button, Look.LINK)
        return button

    def _question(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty(QUESTION, text)
        set_look(button, Look.QUESTION)
        button.setAccessibleName(text)
        button.setAccessibleDescription(self.tr("Asks this question"))
        button.clicked.connect(self._on_question)
        return button

    @Slot()
    def _on_question(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.question_chosen.emit(sender.property(QUESTION))


def wrapped(text: str, metrics: QFontMetrics, width: int) -> str:
    """Returns `text` in lines that are no wider than `width`, broken between words."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
