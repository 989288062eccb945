"""The composition root of the window: makes the parts, joins them, and takes them apart again."""

import faulthandler
import logging
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.context import AppContext
from app.housekeeping import Housekeeping
from app.mailbox import Mailbox
from app.model.files import models_folder_in
from app.model.open_models import OpenModels
from app.model.ref import ModelRef
from app.model.unenforced import CODE as NOT_ENFORCED
from app.model.unenforced import Unenforced
from app.network import mirror
from app.network.door import Door as NetworkDoor
from app.network.traffic import Traffic
from app.notices import Action, Notices
from app.settings import SettingsFile
from app.settings_watch import SettingsWatch
from app.theme.desktop_look import draw_ourselves, type_by_fcitx
from app.theme.theme import HAS_STYLE, STYLE, SchemeChoice, Theme
from app.window.bugs import BugDesk
from app.window.desktop import DesktopDesk, keep_from_bus
from app.window.late import LateParts
from app.window.main_window import MainWindow
from app.window.pages import PageSpec
from app.window.single import Door, FirstInstance, hand_over_soon, open_door, wanted_of
from app.words.translation import translate
from runner.errors import RunnerError
from runner.library import paths
from runner.library.library import Library
from runner.porter.client import PorterClient
from runner.porter.early import AGAIN
from runner.reader_client import ReaderClient
from runner.session import ModelSession, SessionState
from runner.store import Store

if TYPE_CHECKING:
    from app.window.errands import Errands
    from app.window.store_trouble import StoreTrouble
    from runner.courier.client import CourierClient
    from runner.fetch.queue import Fetches

log = logging.getLogger(__name__)

ALREADY_RUNNING = 0
CRASH_FILE = "crash.log"
LAST_CRASH_FILE = "crash.log.last"


def run(arguments: Sequence[str], on_usable: Callable[[], None] | None = None) -> int:
    """Shows the window until it is closed; a second start raises the first and ends at once.

    Args:
        arguments: a file or a link to open, or nothing.
        on_usable: called once the window is painted and answers; a benchmark measures by it.
    """
    wanted = [wanted_of(word) for word in arguments[:1]]
    try:
        store, problem = Store.open_or_memory(paths.database_file())
    except RunnerError as error:
        # Another window has the store. It is told what was wanted here, and comes to the front.
        if hand_over_soon(paths.runtime_folder(), wanted):
            return ALREADY_RUNNING
        # A terminal has it: the window opens all the same, and says that it keeps nothing.
        store, problem = Store.in_memory(), error
    # Before Qt, whose start takes a while: a start at the same moment must find someone to tell.
    door = open_door(paths.runtime_folder()) if store.is_kept else None
    crash_file = _watch_for_crashes()
    porter = PorterClient.from_environment()
    keep_from_bus(porter)
    draw_ourselves()
    type_by_fcitx()
    application = QApplication(["lightwell", "-style", STYLE])
    application.setProperty(HAS_STYLE, True)
    application.setApplicationName("Lightwell")
    application.setDesktopFileName("lightwell")
    parts = Parts(application, store, porter)
    if problem is not None:
        parts.tell_of_store(problem)
    try:
        parts.show(wanted, door)
        if on_usable is not None:
            QTimer.singleShot(0, on_usable)
        status = application.exec()
        return AGAIN if parts.starts_again else status
    finally:
        parts.quit()
        faulthandler.disable()
        if crash_file is not None:
            crash_file.close()


class Parts:
    """Every part of the window process, made in order and quit in the opposite one.

    Args:
        application: what Qt needs to exist before the first widget.
        store: open; closed at the end.
        porter: the connection to the porter; None takes the one that started this process.
        engine: `engine`, or `echo` for the engine without a model.
        pages: the pages of the rail; None takes all that there are.
    """

    def __init__(
        self,
        application: QApplication,
        store: Store,
        porter: PorterClient | None = None,
        engine: str = "engine",
        pages: tuple[PageSpec, ...] | None = None,
    ) -> None:
        self.mailbox = Mailbox()
        self.notices = Notices()
        self.bugs = BugDesk(self.notices, self.mailbox)
        self.bugs.take_hooks()
        settings = SettingsFile(
            paths.settings_file(), tell=lambda error: self.mailbox.post(lambda: self.tell(error))
        )
        look = settings.current.appearance
        theme = Theme(application, SchemeChoice(look.theme), look.text_scale, waits=True)
        settings.listen(
            lambda new: theme.choose(SchemeChoice(new.appearance.theme), new.appearance.text_scale)
        )
        self._porter = porter or PorterClient.from_environment()
        self._porter.on_fact = self.mailbox.put
        session = ModelSession(self._porter, self.mailbox.put, engine)
        self._reader = ReaderClient(self._porter, self.mailbox.post)
        self._traffic = Traffic()
        # First of all listeners: whoever hears of a line next reads it here.
        self.mailbox.arrived.connect(self._traffic.take)
        store.ledger.when_added(self.mailbox.put)
        mirror.follow(settings)
        self._network = NetworkDoor(settings, self._make_courier)
        # `lightwell network off` in a terminal holds here at once.
        watch = SettingsWatch(settings.path, lambda: self.mailbox.post(settings.look_again))
        self._network.when_closed(watch.close)
        library = Library(store, lambda: models_folder_in(settings.current))
        library.settle_move(lambda folder: settings.change("models", folder=str(folder)))
        self.context = AppContext(
            settings=settings,
            store=store,
            library=library,
            porter=self._porter,
            session=session,
            reader=self._reader,
            mailbox=self.mailbox,
            notices=self.notices,
            theme=theme,
            models=OpenModels(session, library, settings, self.mailbox, self.notices, self._reader),
            network=self._network,
            traffic=self._traffic,
            clock=time.time,
        )
        self._unenforced = Unenforced(settings, library, store.sources, self._ask_unenforced)
        self.mailbox.arrived.connect(self._unenforced.hear)
        self.context.models.may_load = self._unenforced.may_load
        self._desktop = DesktopDesk(self._porter, theme, self.notices, self.start_again)
        self.mailbox.arrived.connect(self._desktop.hear)
        self._housekeeping = Housekeeping(application, self._is_busy)
        self.window = MainWindow(self.context, pages)
        theme.put_on()
        self._late = LateParts(self.window)
        self._instance: FirstInstance | None = None
        self._trouble: StoreTrouble | None = None
        self._memory: QObject | None = None
        self._errands: Errands | None = None
        self._has_quit = False
        self._starts_again = False
        self._is_read_only = False
        if settings.problem is not None:
            self.tell(settings.problem)

    def show(self, wanted: Sequence[Path | str], door: Door | None = None) -> None:
        """Shows the window; once it is painted, the model is loaded.

        Args:
            wanted: a file or a link to open, or nothing.
            door: where second starts knock; None where they can't.
        """
        self.window.show()
        if door is not None:
            self._instance = FirstInstance(door, self._on_second)
        QTimer.singleShot(0, lambda: self._after_first_paint(wanted))

    def tell(self, error: RunnerError) -> None:
        """Tells of a failure of the start.

        Where nothing may be written, what is said of the chats speaks of the settings too.
        """
        if error.code != "settings.cannot_write" or not self._is_read_only:
            self.notices.failure(error)

    def tell_of_store(self, problem: RunnerError) -> None:
        """Tells why the file with the chats is not used."""
        self._is_read_only = problem.code == "store.read_only"
        # Late: a start without trouble has no use for it.
        from app.window.store_trouble import StoreTrouble

        self._trouble = StoreTrouble(
            self.context, self.window, paths.database_file(), self.start_again
        )
        self._trouble.tell(problem)

    @property
    def starts_again(self) -> bool:
        """Whether a person wants the app to start again once the window has closed."""
        return self._starts_again

    def start_again(self) -> None:
        """Closes the window, and has the porter start the app anew."""
        self._starts_again = True
        self._starts_again = self.window.close()

    def quit(self) -> None:
        """Ends everything in order: first what writes, last what it is written to."""
        if self._has_quit:
            return
        self._has_quit = True
        self._late.stop()
        if self._instance is not None:
            self._instance.close()
        if self._errands is not None:
            self._errands.close()
        if self._trouble is not None:
            self._trouble.close()
        self.window.close_pages()
        self._network.close()
        self.context.session.unload()
        self._reader.close()
        self.mailbox.close()
        self.context.store.close()
        self._porter.close()
        self.bugs.give_back_hooks()

    def _after_first_paint(self, wanted: Sequence[Path | str]) -> None:
        # Late: no dialog can have been opened before.
        from app.widgets.file_dialog import keep_history_own

        keep_history_own(paths.state_folder())
        self._housekeeping.settle()
        self.bugs.look_at_last_crash(paths.state_folder() / LAST_CRASH_FILE)
        self._open([one for one in wanted if not isinstance(one, Path)])
        self.context.models.begin(next((one for one in wanted if isinstance(one, Path)), None))
        # Late: only a fetch that was left half done has a use for it.
        from runner.store.fetches import UNFINISHED

        late: list[Callable[[], object]] = [self.context.theme.complete, *self.window.late_parts()]
        if any(fetch.state in UNFINISHED for fetch in self.context.store.fetches.list()):
            # The page has the queue, which goes on from where the last run was ended.
            late.append(lambda: self.window.make_page("models"))
        late.append(self._watch_memory)
        if self.context.store.is_kept:
            late.append(self._take_errands)
        late.append(self._keep_token)
        self._late.make(late)
        # Again, for what the model's arrival imports: the tabs, and what they show.
        QTimer.singleShot(2000, self._housekeeping.settle)

    def _ask_unenforced(self, ref: ModelRef, agree: Callable[[], None]) -> None:
        action = Action(translate("Unenforced", "Run it all the same"), agree)
        self.notices.error(NOT_ENFORCED, action, key=NOT_ENFORCED, name=ref.name)

    def _watch_memory(self) -> None:
        """Keeps what models are seen to take of this machine's memory."""
        # Late: nothing on the screen waits for it.
        from app.models_page.memory_desk import MemoryDesk

        self._memory = MemoryDesk(self.context, self.window)

    def _keep_token(self) -> None:
        """Brings a token that is pasted into the system's keyring, now and whenever one is."""
        from app.network.token_keeper import TokenKeeper
        from runner.fetch.token import FILE, HubToken

        folder = paths.config_folder()
        keeper = TokenKeeper(self._porter, HubToken(folder), self.mailbox.post)
        watch = SettingsWatch(folder / FILE, lambda: self.mailbox.post(keeper.tidy))
        self._network.when_closed(watch.close)
        keeper.tidy()

    def _take_errands(self) -> None:
        """Does for terminals what needs the database, which this window has."""
        from app.window.errands import Errands

        self._errands = Errands(self.context, self._queue, paths.runtime_folder(), self.window)

    def _queue(self) -> "Fetches":
        from app.models_page.page import ModelsPage

        page = self.window.make_page("models")
        assert isinstance(page, ModelsPage)  # noqa: S101 - what the table of pages has there
        if page.here.mover.is_moving:
            raise RunnerError("models.folder_moving")
        return page.downloads.queue

    def _make_courier(self, allowed: Callable[[], bool]) -> "CourierClient":
        # Late: a start that stays offline has no use for it.
        from runner.courier.client import CourierClient

        return CourierClient(
            self._porter,
            self.context.store.ledger,
            self.mailbox.post,
            allowed,
            token=mirror.token,
            asked=mirror.to_ask_the_porter,
        )

    def _on_second(self, wanted: Sequence[Path | str]) -> None:
        self.window.raise_to_front()
        self._open(wanted)

    def _open(self, wanted: Sequence[Path | str]) -> None:
        """Opens files, and links to repositories of the Hub."""
        for one in wanted:
            if isinstance(one, str):
                self.window.open_link(one)
            else:
                self.window.open_file(one)

    def _is_busy(self) -> bool:
        return self.context.models.state in {SessionState.ANSWERING, SessionState.STOPPING}


def _watch_for_crashes() -> TextIO | None:
    """Notes the stacks of a crash in a file, which the next start shows; Ctrl+C ends the app.

    None where no file can be written, as in a read-only home: the app works without.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        folder = paths.make_private(paths.state_folder())
        before = folder / CRASH_FILE
        if before.exists() and before.stat().st_size:
            before.replace(folder / LAST_CRASH_FILE)
        file = before.open("w", encoding="utf-8")
    except OSError as error:
        log.warning("a crash would leave no trace: %s", error)
        faulthandler.enable()
        return None
    faulthandler.enable(file)
    return file
