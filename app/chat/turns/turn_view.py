"""One turn on screen: the question on the right, the answer below it, and what can be done with both."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QGraphicsOpacityEffect, QLabel, QSizePolicy, QToolButton, QWidget

from app.chat.turns.answer import AnswerText, PlainText
from app.chat.turns.turn_actions import TurnActions
from app.chat.turns.turn_items import TurnItem, TurnRequest
from app.chat.turns.turn_words import counts_line, note, thinking_title
from app.markdown.neutral import visible
from app.markdown.view import MarkdownView
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.announce import MOST_CHARS, announce
from app.widgets.eliding_label import ElidingLabel

DRAWN_AT_ONCE = 6_000
"""Characters drawn between two paints, about."""


class TurnView(QWidget):
    """A question and its answer, laid out by hand because its height decides where all others stand.

    Owned by: TranscriptView, which makes it when it comes near and drops it when it is far.
    """

    asked = Signal(TurnRequest)
    link_pressed = Signal(str)
    height_changed = Signal()
    code_settled = Signal(object, int, str, str)
    """The view, the block's number, its language and its text."""
    code_copied = Signal()

    def __init__(self, theme: Theme, item: TurnItem, answer: AnswerText, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._item = item
        self._answer = answer
        self._version = answer.version
        self._bubble = QRect()
        self._is_placing = False
        self._placed = (0, 0)  # the width it was laid out at last, and the height that this took
        self._question_placed = (0, 0, 0)  # width of the turn; width and height of the question
        self._actions_at = QRect()
        self._actions: TurnActions | None = None
        self._is_last = False
        self._can_delete = True
        self._thinking: MarkdownView | None = None
        self._fold: QToolButton | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self._on_theme)
        # It paints its ground itself, so that Qt need not paint the whole window below it first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._question = self._markdown()
        self._question.show_stream(PlainText(item.turn.question))
        # With their words: a reader that comes to them says the name alone.
        self._question.setAccessibleName(self._named(self.tr("Question"), item.turn.question))
        self._files = self._label(Look.SMALL)
        self._name = self._line(Look.HEADING)
        self._counts = self._line(Look.FAINT)
        self._body = self._markdown()
        self._body.setAccessibleName(self.tr("Answer"))
        self._body.focused.connect(self._name_answer)
        self._body.code_settled.connect(self._on_code_settled)
        self._note = self._label(Look.SMALL)
        self._note.setWordWrap(True)
        self._body.show_stream(answer.body)
        self._was_live = False
        self.show_item(item)
        self.setMouseTracking(True)

    @property
    def item(self) -> TurnItem:
        """What it shows."""
        return self._item

    @property
    def answer(self) -> AnswerText:
        """The text that it draws."""
        return self._answer

    @property
    def body(self) -> MarkdownView:
        """The answer's view."""
        return self._body

    def show_item(self, item: TurnItem) -> None:
        """Brings what is told about the turn up to date; the answer's text is `refresh`'s."""
        self._item = item
        turn = item.turn
        self._name.setText(visible(turn.recipe.model) or self.tr("Answer"))
        line = self.tr("answering…") if item.is_live else counts_line(turn)
        self._counts.setText(f"·  {line}" if line else "")
        said = note(turn)
        if omitted := self._answer.body.omitted:
            said = self.tr(
                "{:,} more characters are not drawn; copies and exports have them."
            ).format(omitted)
        self._note.setText(said)
        files = ", ".join(
            self.tr("{} ({:,} tokens)").format(visible(file.name), file.tokens)
            if file.tokens
            else visible(file.name)
            for file in turn.attachments
        )
        self._files.setText(self.tr("With {}").format(files) if files else "")
        self.setAccessibleName(self.tr("Turn: {}").format(visible(turn.question[:80])))
        self._tell_fold()
        self._grey(item.is_left_out)
        self._placed = (0, 0)
        if self._actions is not None:
            self._actions.show_item(item)
        self._keep_actions()
        self._tell_reader()

    def allow_deleting(self, allowed: bool) -> None:
        """Says whether a turn of this chat may be deleted now."""
        self._can_delete = allowed
        if self._actions is not None:
            self._actions.allow_deleting(allowed)

    def set_last(self, is_last: bool) -> None:
        """Keeps what can be done with the last turn on show: it is what a person does next."""
        if is_last != self._is_last:
            self._is_last = is_last
            self._keep_actions()
            self._hide_actions()

    def refresh(self) -> bool:
        """Draws what has arrived; says whether that was all there is."""
        if self._version != self._answer.version:
            self._version = self._answer.version
            self._body.show_stream(self._answer.body)
        complete = self._body.refresh(DRAWN_AT_ONCE)
        if self._answer.thinking is not None:
            if self._fold is None:
                self._make_fold()
            if self._thinking is not None:
                complete = self._thinking.refresh(DRAWN_AT_ONCE) and complete
            self._tell_fold()
        return complete

    def height_at(self, width: int) -> int:
        """Lays everything out at `width`, and returns the height that this takes."""
        if self._placed[0] == width:
            return self._placed[1]
        self._is_placing = True
        try:
            self._placed = (width, self._place(width))
        finally:
            self._is_placing = False
        return self._placed[1]

    def show_actions(self) -> TurnActions:
        """Shows what can be done with this turn."""
        if self._actions is None:
            self._actions = TurnActions(self._theme, self)
            self._actions.asked.connect(self.asked)
            self._actions.left.connect(self._hide_actions)
            self._actions.show_item(self._item)
            self._actions.allow_deleting(self._can_delete)
            self._place_actions()
        self._actions.show()
        return self._actions

    # ---- layout ------------------------------------------------------------------------------

    def _place(self, width: int) -> int:
        px = self._theme.px
        y = px("space_2")
        y = self._place_question(width, y)
        if self._files.text():
            size = self._files.sizeHint()
            self._files.setGeometry(
                max(0, width - size.width()), y, min(size.width(), width), size.height()
            )
            y += size.height() + px("space_half")
        self._files.setVisible(bool(self._files.text()))
        y += px("space_2")
        name, counts = self._name.sizeHint(), self._counts.sizeHint()
        line = max(name.height(), counts.height())
        name_width = min(name.width(), width)
        self._name.setGeometry(0, y, name_width, line)
        self._counts.setGeometry(
            name_width + px("space_1"), y, max(0, width - name_width - px("space_1")), line
        )
        y += line + px("space_half")
        if self._fold is not None:
            size = self._fold.sizeHint()
            self._fold.setGeometry(0, y, min(width, size.width()), size.height())
            y += size.height()
            if self._thinking is not None and self._fold.isChecked():
                indent = px("space_2")
                height = self._thinking.height_at(width - indent)
                self._thinking.setGeometry(indent, y, width - indent, height)
                y += height
        height = self._body.height_at(width)
        self._body.setGeometry(0, y, width, height)
        y += height
        has_note = bool(self._note.text())
        self._note.setVisible(has_note)
        if has_note:
            height = self._note.heightForWidth(width)
            self._note.setGeometry(0, y, width, height)
            y += height
        self._actions_at = QRect(0, y, width, px("control") + px("space_half"))
        self._place_actions()
        return y + self._actions_at.height()

    def _place_question(self, width: int, y: int) -> int:
        px = self._theme.px
        padding = px("space_2")
        if self._question_placed[0] != width:
            most = int(width * 0.86) - 2 * padding
            document = self._question.document()
            document.setTextWidth(most)
            ideal = max(px("space_4"), min(most, int(document.idealWidth()) + 2))
            self._question_placed = (width, ideal, self._question.height_at(ideal))
        _, ideal, height = self._question_placed
        inner = QRect(width - padding - ideal, y + px("space_half"), ideal, height)
        self._question.setGeometry(inner)
        self._bubble = inner.adjusted(-padding, -px("space_half"), padding, px("space_half"))
        return self._bubble.bottom() + 1

    def _place_actions(self) -> None:
        if self._actions is not None:
            # The first word stands below the answer's first letter.
            self._actions.setGeometry(self._actions_at.adjusted(-self._actions.lead, 0, 0, 0))

    # ---- events ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the bubble behind the question."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.colour("window"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._theme.px("radius_large")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self._bubble), radius, radius)

    def showEvent(self, event: QShowEvent) -> None:
        """Lays itself out again where Qt has laid out the hidden texts at a width of before."""
        super().showEvent(event)
        texts = (self._question, self._body)
        if any(text.height() != text.height_at(text.width()) for text in texts):
            self._question_placed = (0, 0, 0)
            self._on_height()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the actions."""
        super().enterEvent(event)
        self.show_actions()

    def leaveEvent(self, event: QEvent) -> None:
        """Hides the actions, unless the keyboard is there."""
        super().leaveEvent(event)
        self._hide_actions()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the actions for the keyboard."""
        super().focusInEvent(event)
        self.show_actions()

    def _keep_actions(self) -> None:
        if self._is_last and not self._item.is_live:
            self.show_actions()

    def _hide_actions(self) -> None:
        if self._is_last or self._actions is None:
            return
        if not self._actions.is_kept(self):
            self._actions.hide()

    # ---- read out ----------------------------------------------------------------------------

    def _tell_reader(self) -> None:
        """Has read out that an answer has begun, and the whole of it once it is there.

        Not piece by piece: each would cut off the one before.
        """
        if self._item.is_live and not self._was_live:
            announce(self, self.tr("Answering…"))
        elif self._was_live and not self._item.is_live and QAccessible.isActive():
            self.refresh()
            self._name_answer()
            announce(self, " ".join((self._body.accessibleName(), self._note.text())))
        self._was_live = self._item.is_live

    def _name_answer(self) -> None:
        """Gives the answer its words for a name; late, for what nobody goes to is not worth it."""
        self._body.setAccessibleName(self._named(self.tr("Answer"), self._body.toPlainText()))

    def _named(self, what: str, words: str) -> str:
        return f"{what}: {visible(words[:MOST_CHARS])}" if words.strip() else what

    # ---- parts -------------------------------------------------------------------------------

    def _markdown(self, *, small: bool = False) -> MarkdownView:
        view = MarkdownView(self._theme, self, small=small)
        view.link_pressed.connect(self.link_pressed)
        view.code_copied.connect(self.code_copied)
        view.height_changed.connect(self._on_height)
        return view

    def _line(self, look: Look) -> ElidingLabel:
        line = ElidingLabel(parent=self)
        set_look(line, look)
        return line

    def _label(self, look: Look) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_look(label, look)
        return label

    def _make_fold(self) -> None:
        self._fold = QToolButton(self)
        self._fold.setCheckable(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_look(self._fold, Look.QUIET)
        self._fold.toggled.connect(self._on_fold)
        self._tell_fold()
        self._fold.show()
        self._on_height()

    def _tell_fold(self) -> None:
        if self._fold is None:
            return
        counts = self._item.turn.counts
        title = thinking_title(seconds=counts.thinking_s, running=self._answer.is_thinking)
        if title != self._fold.text():
            self._fold.setText(title)
            self._fold.setAccessibleName(title)
        name = "chevron-down" if self._fold.isChecked() else "chevron-right"
        self._fold.setIcon(self._theme.icon(name))

    def _on_fold(self, is_open: bool) -> None:
        if self._thinking is None and is_open and self._answer.thinking is not None:
            self._thinking = self._markdown(small=True)
            self._thinking.setAccessibleName(self.tr("Thinking"))
            self._thinking.show_stream(self._answer.thinking)
        if self._thinking is not None:
            self._thinking.setVisible(is_open)
        self._tell_fold()
        self._on_height()

    def _grey(self, is_left_out: bool) -> None:
        """Greys a turn that the model no longer sees; the tooltip says why."""
        if is_left_out == (self.graphicsEffect() is not None):
            return
        effect = QGraphicsOpacityEffect(self) if is_left_out else None
        if effect is not None:
            effect.setOpacity(0.5)
        self.setGraphicsEffect(effect)  # type: ignore[arg-type]
        self.setToolTip(
            self.tr("Left out of the context: the model no longer sees this turn.")
            if is_left_out
            else ""
        )

    def _on_code_settled(self, number: int, language: str, text: str) -> None:
        self.code_settled.emit(self, number, language, text)

    def _on_theme(self) -> None:
        self._question_placed = (0, 0, 0)
        self._on_height()

    def _on_height(self) -> None:
        if not self._is_placing:
            self._placed = (0, 0)
            self.height_changed.emit()
