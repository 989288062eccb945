"""The Models page: what is on this computer, what can be found, what is on its way."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.chat.links.browsing import open_in_browser
from app.context import AppContext
from app.dossier.learned import Learned
from app.model.open_models import GGUF
from app.models_page.downloads.downloads import Downloads
from app.models_page.downloads.queue_view import QueueView
from app.models_page.find.addresses import Kind, Wish
from app.models_page.find.find_list import FindList
from app.models_page.here.on_computer import OnComputer
from app.models_page.hub.hub_desk import HubDesk
from app.models_page.hub.hub_memory import HubMemory, Listed
from app.models_page.hub.token_dialog import TokenDialog
from app.models_page.known_here import KnownHere
from app.models_page.news import News
from app.models_page.repository.grouping import Choice
from app.models_page.repository.repository_page import RepositoryPage
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from app.widgets.scrolled import place_for
from app.widgets.segments import Segments
from runner.errors import RunnerError
from runner.fetch.queue import FetchProgress
from runner.fetch.token import HubToken
from runner.gate.hosts import hosts
from runner.library.paths import config_folder, data_folder
from runner.store.fetches import Fetch

HERE, FIND, QUEUE, REPOSITORY = "here", "find", "queue", "repository"
MOST_DROPPED = 16


class ModelsPage(QWidget):
    """Shows one of the parts; takes files that are dropped on it where they lie.

    Owned by: MainWindow. Thread: GUI.
    """

    key = "models"
    icon = "models"
    chat_wanted = Signal()
    """A model is being loaded to talk with it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.title = self.tr("Models")
        set_look(self, Look.READING)
        self.setAcceptDrops(True)
        self.news = News(context, self)
        self.downloads = Downloads(context, self)
        self.desk = HubDesk(context, HubMemory(data_folder()), self)
        self.here = OnComputer(context)
        room = self.here.room
        known = KnownHere(self.here, self.downloads, self.desk)
        self.finder = FindList(
            context, self.desk, room, self.here.repositories, known.letters, _mirrors()
        )
        self.repository = RepositoryPage(context, self.desk, room, known.standing)
        self.queue = QueueView(context.theme, self.downloads)
        self._build()
        self._connect()
        self._show_counts()
        self.choose(HERE)
        self.news.left_over(self.downloads.every(), self._show_queue)

    # ---- what the window asks --------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Shows a part."""
        self.parts.choose(FIND if key == REPOSITORY else key)
        self._stack.setCurrentWidget(self._places[key])
        for button in (self._add, self._elsewhere):
            button.setVisible(key == HERE)
        if key == FIND:
            self.finder.bar.focus_field()

    def choose_folder(self) -> None:
        """Asks for another models folder; the settings lead here for it."""
        self.choose(HERE)
        self.here.choose_folder()

    def find_models(self) -> None:
        """Shows the good first models and the field to search with."""
        self.choose(FIND)

    def open_address(self, text: str) -> None:
        """Looks up a link that another program handed over."""
        self.choose(FIND)
        self.finder.bar.field.setText(text)
        self.finder.ask(text)

    def take_learned(self, learned: Learned | None) -> None:
        """Says of the loaded model what the window says of it, before its own reader has."""
        self.here.take_learned(learned)

    def stop(self) -> None:
        """Gives up what is being asked of the Hub; where nothing is, goes back to where one came from."""
        if self.desk.is_asking:
            self.finder.stop()
            self.repository.stop()
        elif self._stack.currentWidget() is self._places[REPOSITORY]:
            self._on_back()
        elif self._stack.currentWidget() is self._places[HERE]:
            self.here.leave_elsewhere()

    def finish(self) -> None:
        """Ends what works for the page."""
        self.desk.stop()
        self.downloads.close()
        self.here.close_down()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes GGUF files from this machine."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes note of what was dropped, and loads nothing."""
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            self.choose(HERE)
            self.here.adopt(paths)

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        title = QLabel(self.title)
        set_look(title, Look.TITLE)
        title.setMinimumHeight(theme.px("space_3") + theme.px("space_half"))  # as a button
        self._add = QPushButton(self.tr("Add a GGUF file…"))
        # Its height stays when it goes, or everything below would jump from part to part.
        stays = self._add.sizePolicy()
        stays.setRetainSizeWhenHidden(True)
        self._add.setSizePolicy(stays)
        self._elsewhere = QPushButton(self.tr("Find files of other apps"))
        self._elsewhere.setToolTip(
            self.tr("Looks into the folders of other apps on this computer. Changes nothing there.")
        )
        self.parts = Segments(
            [
                (HERE, self.tr("On this computer")),
                (FIND, self.tr("Find")),
                (QUEUE, self.tr("Downloads")),
            ],
            wraps=True,
        )
        self.setFocusProxy(self.parts)
        self._widgets: dict[str, QWidget] = {
            HERE: self.here,
            FIND: self.finder,
            QUEUE: self.queue,
            REPOSITORY: self.repository,
        }
        self._stack = QStackedWidget()
        self._places: dict[str, QScrollArea] = {}
        for key, part in self._widgets.items():
            self._places[key] = place_for(part)
            self._stack.addWidget(self._places[key])
        top = QWidget()
        head = FlowLayout(top, gap=theme.px("space_1"), leading=1)
        for part in (title, self._elsewhere, self._add):
            head.addWidget(part)
        column = QVBoxLayout(self)
        edge = theme.px("space_3")
        column.setContentsMargins(edge, theme.px("space_2"), edge, theme.px("space_2"))
        column.setSpacing(theme.px("space_1"))
        column.addWidget(top)
        column.addWidget(self.parts)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._add.clicked.connect(self.here.choose_file)
        self._elsewhere.clicked.connect(self.here.look_elsewhere)
        self.parts.chosen.connect(self.choose)
        self.here.prints.arrived.connect(self.finder.redraw)
        self.here.facts.arrived.connect(self._on_downloads)
        self.here.counted.connect(lambda _: self._on_downloads())
        # Those that are done name the place where the model lay before.
        self.here.mover.ended.connect(self.downloads.clear)
        for part in (self.here, self.repository):
            part.looked_inside.connect(self._on_looked_inside)
        self.here.newer_wanted.connect(self.desk.compare)
        self.here.chat_wanted.connect(self.chat_wanted)
        self.desk.compared.connect(lambda seen: self.news.compared(seen, self._on_wanted))
        self.desk.failed.connect(self._on_failed)
        self.finder.wanted.connect(self._on_wanted)
        self.repository.back_wanted.connect(self._on_back)
        self.repository.download_wanted.connect(self._on_download)
        self.repository.page_wanted.connect(self._on_page)
        self.repository.files.load_wanted.connect(self._load)
        self.repository.files.show_wanted.connect(self._on_show)
        self.repository.files.queue_wanted.connect(lambda: self.choose(QUEUE))
        self.queue.load_wanted.connect(self._on_load)
        self.queue.page_wanted.connect(self._on_page)
        self.queue.files_wanted.connect(self._on_files)
        for asking in (self.finder, self.repository, self.queue):
            asking.token_wanted.connect(self._on_token)
        self.queue.find_wanted.connect(lambda: self.choose(FIND))
        self.downloads.changed.connect(lambda _: self._on_downloads())
        self.downloads.dropped.connect(self._on_downloads)
        self.downloads.arrived.connect(self._on_arrived)
        self.downloads.given_up.connect(self._on_given_up)
        self.downloads.refused.connect(self._on_refused)

    # ---- finding ---------------------------------------------------------------------------------

    def _on_wanted(self, wish: Wish) -> None:
        self.finder.stop()
        self.choose(REPOSITORY)
        self.repository.open(wish)
        self.repository.files.table.setFocus()

    def _on_files(self, repository: str) -> None:
        self._on_wanted(Wish(kind=Kind.REPOSITORY, repository=repository))

    def _on_back(self) -> None:
        self.repository.stop()
        self.choose(FIND)
        # Back to the row that was opened, not to the field.
        self.finder.table.setFocus()

    def _on_looked_inside(self) -> None:
        """Has the window show its inspector, which may be closed, or lie over the page."""
        show_inspector = getattr(self.window(), "show_inspector", None)
        if callable(show_inspector):
            show_inspector()

    def _on_failed(self, error: RunnerError) -> None:
        """Tells of what went wrong with a question that was asked from the list."""
        if self.here.isVisible():
            self._context.notices.failure(error)

    def _on_token(self, then: Callable[[], None]) -> None:
        """Asks for a token, and then does again what failed without."""
        dialog = TokenDialog(self._context.theme, HubToken(config_folder()), self)
        dialog.given.connect(then)
        dialog.open()

    def _on_page(self, address: str) -> None:
        open_in_browser(self._context, address, self.tr("its page on the Hub"))

    # ---- fetching --------------------------------------------------------------------------------

    def _on_download(self, listed: Listed, choice: Choice) -> None:
        if self.here.mover.is_moving:
            self._on_refused(RunnerError("models.folder_moving"))
        else:
            self.downloads.add(listed, choice)

    def _on_refused(self, error: RunnerError) -> None:
        if self.repository.isVisible():
            self.repository.tell(error)
        else:
            self._context.notices.failure(error)

    def _on_downloads(self) -> None:
        self._show_counts()
        if self.repository.isVisible():
            self.repository.refresh()

    def _show_queue(self) -> None:
        show_page = getattr(self.window(), "show_page", None)
        if callable(show_page):
            show_page(self.key)
        self.choose(QUEUE)

    def _on_arrived(self, fetch: Fetch) -> None:
        self.here.refresh()
        self._on_downloads()
        self.news.arrived(fetch, lambda: self._on_load(fetch))

    def _on_given_up(self, progress: FetchProgress) -> None:
        self.news.given_up(progress, lambda: self.downloads.take_back(progress))

    def _on_load(self, fetch: Fetch) -> None:
        self._load(fetch.paths[0])

    def _load(self, path: Path) -> None:
        self._context.models.open(path)
        self.chat_wanted.emit()

    def _on_show(self, path: Path) -> None:
        self.choose(HERE)
        self.here.table.choose(str(path))
        self.here.table.setFocus()

    def _show_counts(self) -> None:
        here = self.tr("On this computer · {count}").format(count=len(self.here.items))
        self.parts.set_title(HERE, here)
        left = len(self.downloads.unfinished())
        words = self.tr("Downloads · {count}").format(count=left) if left else self.tr("Downloads")
        self.parts.set_title(QUEUE, words)


def _mirrors() -> frozenset[str]:
    """Returns the host of another Hub, where the person has set one."""
    endpoint = hosts(os.environ).endpoint
    return frozenset({endpoint[0]}) if endpoint else frozenset()


def _dropped(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == GGUF][:MOST_DROPPED]
