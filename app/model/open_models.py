"""Which model is loaded, being loaded, or looked at: what the picker, the pages and the tabs share."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.mailbox import Mailbox
from app.model.files import files_of_model, is_text
from app.model.first_look import CANNOT_ANSWER, FirstLook
from app.model.known import KnownModels
from app.model.ref import ModelRef
from app.model.written_over import AsLoaded
from app.notices import Action, Notices
from app.settings import SettingsFile
from app.words.endings import ending_error
from app.words.translation import translate
from inspector.gguf.ranges import is_beginning
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.library.library import Library
from runner.library.splits import first_of_split
from runner.protocol.common import Ended, EndKind, Failed, Heartbeat, Silent
from runner.protocol.engine import Loaded, Loading
from runner.reader_client import ReaderClient
from runner.session import ModelSession, SessionState, StateChanged
from runner.store.files import KnownFile, look_at

ENDED = "engine-ended"
"""Key of the notice that offers to start the engine again."""
LOAD_FAILED = "load-failed"
SILENT = "engine-silent"
WRITTEN_OVER = "written-over"
GGUF = ".gguf"


class OpenModels(QObject):
    """Opens files, loads and unloads models, and says where that stands.

    Owned by: the window process. Thread: GUI.
    """

    current_changed = Signal(object)
    """Another model is loaded or being loaded: a `ModelRef`, or None."""

    inspected_changed = Signal(object)
    """The inspector looks at another model: a `ModelRef`, or None."""

    state_changed = Signal(SessionState)

    progressed = Signal(float)
    """How far the load has come, 0 to 1."""

    def __init__(
        self,
        session: ModelSession,
        library: Library,
        settings: SettingsFile,
        mailbox: Mailbox,
        notices: Notices,
        reader: ReaderClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._library = library
        self._known = KnownModels(library)
        self._settings = settings
        self._mailbox = mailbox
        self._notices = notices
        self._first_look = FirstLook(reader, library)
        self._current: ModelRef | None = None
        self._inspected: ModelRef | None = None
        self._state = SessionState.IDLE
        self._load_run = 0
        self._fraction = 0.0
        self._grown = 0
        self._in_use: ModelRef | None = None
        self._falls_back = False
        self._stand_ins: list[Path] = []
        self._stands_in = False
        self._is_silent = False
        self._as_loaded = AsLoaded()
        self.may_load: Callable[[ModelRef, Callable[[], None]], bool] = lambda ref, load: True
        """Asked before a file is loaded; whoever says no sees to the rest."""
        mailbox.arrived.connect(self._on_arrived)

    # ---- what there is --------------------------------------------------------------------------

    @property
    def current(self) -> ModelRef | None:
        """The model that is loaded, being loaded, or was loaded when its engine ended."""
        return self._current

    def current_with_digest(self) -> ModelRef | None:
        """Returns `current` with its file's SHA-256, where that was worked out since it was loaded."""
        ref = self._current
        if ref is None or ref.sha256:
            return ref
        return msgspec.structs.replace(ref, sha256=self.digest_of(ref.path) or None)

    def digest_of(self, path: Path) -> str:
        """Returns the SHA-256 of a file that is still as it was measured; empty where unknown."""
        return self._known.digest_of(path)

    @property
    def inspected(self) -> ModelRef | None:
        """The model that the inspector looks at."""
        return self._inspected

    @property
    def state(self) -> SessionState:
        """Where the session stands, as far as the window has heard."""
        return self._state

    @property
    def loaded(self) -> Loaded | None:
        """What the engine said of the loaded model; None while none is ready."""
        return self._session.loaded

    @property
    def fraction(self) -> float:
        """How far the present load has come, 0 to 1."""
        return self._fraction

    def known(self) -> list[ModelRef]:
        """Returns the models that are on this machine, the latest used first; always the starter."""
        return self._known.all()

    # ---- what can be done -----------------------------------------------------------------------

    def begin(self, wanted: Path | None = None) -> None:
        """Loads what a start is to have: the file that it names, the model of the last time, the starter.

        Where one of them can't be loaded, that is told, and the next one stands in for it.
        """
        known = self._library.to_begin_with(self._settings.current.models.last_file)
        paths = known if wanted is None else (wanted, *known)
        self._stand_ins = list(dict.fromkeys(paths))
        if self._stand_ins:
            self._open(self._stand_ins.pop(0))

    def open(self, path: Path) -> None:
        """Opens a file that a person chose: takes note of it and loads it.

        One that can't answer is told of; the model in use stays.
        """
        self._stand_ins, self._stands_in = [], False
        self._open(path)

    def inspect_file(self, path: Path) -> None:
        """Opens a file for the inspector only."""
        if self._is_readable(path):
            self._adopt(path, self.inspect)

    def load(self, ref: ModelRef, *, context: int = 0) -> None:
        """Loads a model in place of the present one, with the settings in force.

        Args:
            ref: what to load.
            context: tokens of context to wish for instead of the settings' number; 0 keeps it.
        """
        self._stand_ins, self._stands_in = [], False
        self._load_if_allowed(ref, context)

    def restart(self) -> None:
        """Starts a fresh engine with the model that was loaded when the last one ended.

        A context that a chat grew out of, and that was loaded, is asked for again.
        """
        if self._current is not None:
            self.load(self._current, context=self._grown)

    def unload(self) -> None:
        """Gives the model's memory back; the inspector goes on looking at its file."""
        self._session.unload()
        self._notices.withdraw(WRITTEN_OVER)
        self._stand_ins = []
        self._current = self._in_use = None
        self.current_changed.emit(None)

    def stop_loading(self) -> None:
        """Gives up the present load."""
        if self._state is SessionState.LOADING:
            self._session.stop()

    def inspect(self, ref: ModelRef | None) -> None:
        """Has the inspector look at a model, loaded or not."""
        if ref != self._inspected:
            self._inspected = ref
            self.inspected_changed.emit(ref)

    # ---- opening --------------------------------------------------------------------------------

    def _open(self, path: Path) -> None:
        path = first_of_split(path)
        if not self._is_readable(path):
            self._stand_in()
            return
        self._first_look.ask(
            path,
            lambda: self._adopt(path, self._load_if_allowed),
            lambda error: self._on_refused(path, error),
        )

    def _stand_in(self) -> bool:
        """Opens what a start has instead of a file that it could not load, if there is something."""
        if not self._stand_ins:
            return False
        self._stands_in = True
        self._open(self._stand_ins.pop(0))
        return True

    def _is_readable(self, path: Path) -> bool:
        """Whether there is a file to look into; says why not."""
        if path.suffix.lower() != GGUF:
            self._notices.error("window.not_a_model", key=LOAD_FAILED, name=path.name)
            return False
        if not is_text(str(path)):
            self._notices.error("window.odd_name", key=LOAD_FAILED, name=shown(path.name, 80))
            return False
        if is_beginning(path):
            self._notices.error("models.only_beginning", key=LOAD_FAILED, name=path.name)
            return False
        try:
            look_at(path)
        except RunnerError as error:
            self._notices.failure(error, key=LOAD_FAILED)
            return False
        return True

    def _on_refused(self, path: Path, error: RunnerError) -> None:
        actions = []
        if error.code == CANNOT_ANSWER:
            text = translate("OpenModels", "Look into it")
            actions.append(Action(text, lambda: self.inspect_file(path)))
        self._notices.failure(error, *actions, key=LOAD_FAILED)
        self._stand_in()

    def _adopt(self, path: Path, then: Callable[[ModelRef], None]) -> None:
        try:
            future = self._library.open(path)
        except RunnerError as error:
            self._notices.failure(error, key=LOAD_FAILED)
            self._stand_in()
            return
        self._mailbox.when(future, lambda done: self._on_adopted(path, done, then))

    def _on_adopted(
        self, path: Path, done: "Future[KnownFile]", then: Callable[[ModelRef], None]
    ) -> None:
        error = done.exception()
        if error is None:
            then(self._known.ref(done.result()))
            return
        # The record could not be written (a full disk); the file itself can still be used.
        if isinstance(error, RunnerError):
            self._notices.failure(error, key=LOAD_FAILED)
        then(ModelRef(path=path, name=path.stem))

    def _load_if_allowed(self, ref: ModelRef, context: int = 0) -> None:
        self._first_look.drop()
        if not self.may_load(ref, partial(self.load, ref, context=context)):
            self.inspect(ref)
            return
        if not self._stands_in:  # then it is still to be read why
            self._notices.withdraw(LOAD_FAILED)
        self._falls_back = False
        self._load(ref, context)

    def _load(self, ref: ModelRef, context: int) -> None:
        running = self._settings.current.running
        for key in (ENDED, SILENT, WRITTEN_OVER):
            self._notices.withdraw(key)
        self._as_loaded = AsLoaded(files_of_model(ref.path))
        self._fraction = 0.0
        self._current = ref
        self.current_changed.emit(ref)
        self.inspect(ref)
        self._load_run = self._session.load(
            ref.path,
            context=context or running.context,
            gpu_layers=running.gpu_layers,
            threads=running.threads,
            readable=files_of_model(ref.path)[1:],
        )

    # ---- hearing --------------------------------------------------------------------------------

    def _on_arrived(self, events: list[object]) -> None:
        for event in events:
            match event:
                case StateChanged():
                    self._state = event.state
                    self.state_changed.emit(event.state)
                    self._look_again()
                case Loading() if event.run == self._load_run:
                    self._fraction = event.fraction
                    self.progressed.emit(event.fraction)
                case Loaded():
                    wished, usual = (
                        self._session.context_wished,
                        self._settings.current.running.context,
                    )
                    self._grown = wished if wished != usual else 0
                    if event.run == self._load_run:
                        self._on_loaded()
                case Silent():
                    self._on_silent(event)
                case Heartbeat() if self._is_silent:
                    self._is_silent = False
                    self._notices.withdraw(SILENT)
                case Failed() if event.run == self._load_run:
                    self._on_load_failed(event)
                case Ended() if event.kind is not EndKind.ASKED:
                    self._on_ended(event)
                case _:
                    pass

    def _on_loaded(self) -> None:
        self._fraction = 1.0
        self._notices.withdraw(ENDED)
        self._in_use = self._current
        if self._current is not None and (self._falls_back or self._stands_in):
            again = translate("OpenModels", "{name} is loaded again.")
            instead = translate("OpenModels", "{name} is loaded instead.")
            said = again if self._falls_back else instead
            self._notices.toast(said.format(name=self._current.name))
        self._falls_back = self._stands_in = False
        self._stand_ins = []
        if self._current is None:
            return
        known = self._library.at(self._current.path)
        if known is not None:
            self._library.used(known)
        self._settings.change("models", last_file=str(self._current.path))

    def _on_load_failed(self, failed: Failed) -> None:
        if failed.code == "engine.stopped":
            self._stand_ins = []
            self._current = self._in_use = None
            self.current_changed.emit(None)
            return
        fields = {name: value for name, value in failed.context.items() if name != "code"}
        fields.setdefault("name", self._current.name if self._current else "")
        error = RunnerError(failed.code, failed.detail)
        error.context.update(fields)
        self._notices.failure(error, key=LOAD_FAILED)
        if not self._stand_in():
            self._fall_back()

    def _fall_back(self) -> None:
        """Loads the model again that was in use before one that could not be loaded."""
        before, self._in_use = self._in_use, None
        if before is not None and before != self._current:
            self._falls_back = True
            self._load(before, self._grown)

    def _look_again(self) -> None:
        """Tells before and after each answer where the file has other content than it was loaded with."""
        if self._current is None or not self._as_loaded.written_over():
            return
        self._as_loaded = AsLoaded()  # said once
        again = Action(translate("OpenModels", "Load it again"), self.restart)
        error = RunnerError("window.model_written_over", name=self._current.name)
        self._notices.failure(error, again, key=WRITTEN_OVER)

    def _on_silent(self, silent: Silent) -> None:
        """It may come back (a machine that slept); whoever waits no longer starts it again."""
        self._is_silent = True
        again = Action(translate("OpenModels", "Start the model again"), self.restart)
        error = RunnerError("ended.not_answering", seconds=round(silent.seconds))
        self._notices.failure(error, again, key=SILENT)

    def _on_ended(self, ended: Ended) -> None:
        self._is_silent = False
        self._notices.withdraw(SILENT)
        error = ending_error(ended)
        if self._in_use is not None and self._in_use != self._current:
            # It died of a model that it was to load in place of the one in use.
            self._notices.failure(error, key=LOAD_FAILED)
            self._fall_back()
            return
        if self._stand_ins:
            self._notices.failure(error, key=LOAD_FAILED)
            self._stand_in()
            return
        again = Action(translate("OpenModels", "Start the model again"), self.restart)
        self._notices.failure(error, again, key=ENDED)
