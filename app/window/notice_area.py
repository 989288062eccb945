"""Where notices are seen: banners above the page, toasts over its foot."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.notices import Action, Level, Notice, Notices
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.announce import announce
from app.widgets.collapsible import CollapsibleSection

TOAST_MS = 5000
MOST_BANNERS = 3

_LOOKS = {Level.NOTE: Look.NOTE, Level.WARNING: Look.WARNING, Level.ALERT: Look.ALERT}


class NoticeArea(QWidget):
    """A column of banners, newest first; as high as they need, nothing where there are none."""

    def __init__(
        self, theme: Theme, notices: Notices, toast_over: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px("hair"))
        self._banners: list[tuple[str, Banner]] = []
        self._toast = Toast(theme, toast_over)
        notices.told.connect(self._on_told)
        notices.withdrawn.connect(self._on_withdrawn)
        self.hide()

    def banners(self) -> list["Banner"]:
        """Returns the banners that are seen, newest first."""
        return [banner for _, banner in self._banners]

    @property
    def toast(self) -> "Toast":
        """The toast, shown or not."""
        return self._toast

    def _on_told(self, notice: Notice) -> None:
        said = notice.said
        announce(self.window(), " ".join(filter(None, (said.title, said.meaning, said.remedy))))
        if notice.level is Level.TOAST:
            self._toast.show_notice(notice)
            return
        if notice.key:
            self._on_withdrawn(notice.key)
        banner = Banner(self._theme, notice, self)
        banner.dismissed.clicked.connect(lambda: self._drop(banner))
        self._banners.insert(0, (notice.key, banner))
        self._column.insertWidget(0, banner)
        for _, old in self._banners[MOST_BANNERS:]:
            self._drop(old)
        self.show()

    def _on_withdrawn(self, key: str) -> None:
        for own, banner in list(self._banners):
            if own == key:
                self._drop(banner)

    def _drop(self, banner: "Banner") -> None:
        self._banners = [(key, each) for key, each in self._banners if each is not banner]
        banner.hide()
        banner.deleteLater()
        self.setVisible(bool(self._banners))


class Banner(QFrame):
    """What happened, what it means, what can be done; details behind a fold."""

    def __init__(self, theme: Theme, notice: Notice, area: QWidget) -> None:
        super().__init__(area)
        set_look(self, _LOOKS[notice.level])
        said = notice.said
        self.setAccessibleName(said.title)
        self.setAccessibleDescription(f"{said.meaning} {said.remedy}".strip())
        title = _line(said.title, Look.HEADING)
        words = _line(" ".join(part for part in (said.meaning, said.remedy) if part))
        icon = QLabel()
        side = theme.px("icon")
        name, role = _sign(notice.level)
        icon.setPixmap(theme.icon(name, role).pixmap(side, side))
        self.dismissed = QToolButton()
        self.dismissed.setIcon(theme.icon("close"))
        self.dismissed.setAccessibleName(self.tr("Close this notice"))
        self.dismissed.setToolTip(self.tr("Close this notice"))
        set_look(self.dismissed, Look.ICON)
        self.buttons = [self._button(action) for action in notice.actions]
        body = QVBoxLayout()
        body.setSpacing(theme.px("space_half"))
        body.addWidget(title)
        if words.text():
            body.addWidget(words)
        if notice.details:
            details = _line(notice.details, Look.MONO)
            body.addWidget(CollapsibleSection(theme, self.tr("Details"), details))
        row = QHBoxLayout(self)
        edge, gap = theme.px("space_2"), theme.px("space_1")
        row.setContentsMargins(edge, gap, gap, gap)
        row.setSpacing(gap)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(body, 1)
        for button in self.buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.dismissed, 0, Qt.AlignmentFlag.AlignTop)

    def _button(self, action: Action) -> QPushButton:
        button = QPushButton(action.text)

        def press() -> None:
            self.dismissed.click()
            action.run()

        button.clicked.connect(press)
        return button


class Toast(QFrame):
    """A line over the foot of a widget, or more where it is narrow; goes by itself, unless pointed at."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme = theme
        self._over = over
        set_look(self, Look.TOAST)
        self._label = _line("")
        self._label.setWordWrap(False)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._label)
        self._buttons: list[QPushButton] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOAST_MS)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def text(self) -> str:
        """Returns what it says."""
        return self._label.text()

    def buttons(self) -> list[QPushButton]:
        """Returns its buttons."""
        return list(self._buttons)

    def show_notice(self, notice: Notice) -> None:
        """Says something in place of what was said before."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for action in notice.actions:
            button = QPushButton(action.text)
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _=False, run=action.run: run())
            self._row.addWidget(button)
            button.show()  # a layout shows it later only, and measures without it until then
            self._buttons.append(button)
        edge, gap = self._theme.px("space_2"), self._theme.px("space_1")
        self._row.setContentsMargins(edge, gap, edge, gap)
        self._row.setSpacing(edge)
        self._label.setText(notice.said.title)
        self.setAccessibleName(notice.said.title)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def enterEvent(self, event: QEvent) -> None:
        """Stays while it is pointed at."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Goes a while after it is no longer pointed at."""
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Moves along when what it lies over changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        room = self._over.width() - 2 * self._theme.px("space_2")
        self._label.setWordWrap(False)
        self._row.activate()
        size = self._row.sizeHint()
        if size.width() > room:
            self._label.setWordWrap(True)
            size = QSize(room, self._row.heightForWidth(room))
        left = (self._over.width() - size.width()) // 2
        top = self._over.height() - size.height() - self._theme.px("space_6") * 3
        self.setGeometry(left, max(0, top), size.width(), size.height())


def _line(text: str, look: Look | None = None) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if look is not None:
        set_look(label, look)
    return label


def _sign(level: Level) -> tuple[str, str]:
    if level is Level.ALERT:
        return "alert", "alert"
    return ("warning", "warning") if level is Level.WARNING else ("info", "note")
