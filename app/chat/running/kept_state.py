"""A long chat goes on at once: what the engine held of it is kept, and given back when it is opened.

Only a shortcut. The engine compares a state's tokens with the chat's own, so that a state which does
not fit costs time and nothing else; whatever fails here is a line in the log.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Slot

from app.chat.running.controller import ChatController
from app.chat.running.later import Later
from app.chat.running.run import LiveRun
from app.chat.running.wishes import Step
from app.mailbox import Mailbox
from runner.errors import RunnerError
from runner.protocol.common import Ended, Failed, Ready
from runner.protocol.engine import Done, Loaded, StateRestored
from runner.session import ModelSession, SessionState, StateChanged, StateKept
from runner.store import Store
from runner.store.states import KeptState
from runner.store.values import Turn, TurnId

log = logging.getLogger(__name__)

FEWEST_TOKENS = 512
"""Shorter chats are read about as quickly as their state is."""

REST_MS = 3000
"""How long nobody asks anything before a state is saved."""

MOST_TRIES = 3
"""How often a state is begun that was given up for something more urgent."""

MOST_BYTES = 256 * 1024**2
"""The library writes a state in one piece, during which a question waits; and the window holds it."""


class _Saving(msgspec.Struct, frozen=True):
    """A state that was asked for: of which turn, and what it fits."""

    run: int
    turn_id: TurnId
    made_by: str


class KeptStateDesk(QObject):
    """Saves states while nobody waits, and restores one where a stored chat is opened.

    Owned by: ChatPage. Thread: GUI; files are read and written on a thread of its own.

    Args:
        is_typing: whether a question is being written; a save then waits, so that it never does.
    """

    def __init__(
        self,
        store: Store,
        session: ModelSession,
        mailbox: Mailbox,
        controller: ChatController,
        is_typing: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._session = session
        self._controller = controller
        self._is_typing = is_typing
        self._later = Later(mailbox, _note)
        self._files = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kept-states")
        self._build: Mapping[str, str] = {}
        self._asked: tuple[int, TurnId | None] = (0, None)
        self._held: TurnId | None = None
        self._saving: _Saving | None = None
        self._restoring: tuple[int, TurnId] | None = None
        self._looked_for: tuple[Turn, ...] = ()
        self._tries = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._save)
        controller.live_began.connect(self._on_began)
        controller.chat.changed.connect(self._on_chat_changed)
        mailbox.arrived.connect(self._on_events)

    @property
    def held(self) -> TurnId | None:
        """The stored turn with whose answer the engine's cache ends; None where it is none."""
        return self._held

    def close(self) -> None:
        """Waits for the file that is being written; nothing new is begun."""
        self._rest.stop()
        self._files.shutdown(wait=True, cancel_futures=True)

    # ---- hearing -----------------------------------------------------------------------------

    @Slot(object)
    def _on_began(self, live: LiveRun) -> None:
        is_kept = live.chats is self._store.chats and self._store.is_kept
        self._asked = (live.number, live.turn_id if is_kept else None)
        self._held = self._saving = self._restoring = None
        self._rest.stop()

    @Slot(list)
    def _on_events(self, events: list[object]) -> None:
        for event in events:
            match event:
                case Ready():
                    self._build = event.build
                case Loaded() | Ended():
                    self._held = self._saving = self._restoring = None
                    self._looked_for = ()
                    self._rest.stop()
                case StateChanged():
                    self._look()
                case Done() if event.run == self._asked[0]:
                    self._on_done(event)
                case StateKept():
                    self._on_kept(event)
                case StateRestored():
                    self._on_restored(event)
                case Failed():
                    self._on_failed(event)
                case _:
                    pass

    def _on_done(self, done: Done) -> None:
        self._held = self._asked[1]
        self._tries = MOST_TRIES
        if self._held is not None and done.context_used >= FEWEST_TOKENS:
            self._rest.start()

    def _on_failed(self, failed: Failed) -> None:
        if self._saving is not None and failed.run == self._saving.run:
            self._saving = None
            if failed.code == "engine.stopped":
                self._rest.start()  # a draft was counted, perhaps; there is time again later
            else:
                log.info("no state is kept: %s %s", failed.code, failed.detail)
        elif self._restoring is not None and failed.run == self._restoring[0]:
            turn_id, self._restoring = self._restoring[1], None
            log.warning("the state of turn %d is dropped: %s", turn_id, failed.code)
            self._later.when(self._files.submit(self._store.states.forget, turn_id), _nothing)

    # ---- saving ------------------------------------------------------------------------------

    @Slot()
    def _save(self) -> None:
        if self._held is None or self._tries <= 0:
            return
        if not self._is_idle() or self._is_typing():
            self._rest.start()  # the answer may still be on its way to the disk
            return
        self._tries -= 1
        made_by = self._made_by()
        try:
            run = self._session.save_state(most_bytes=MOST_BYTES)
        except RunnerError:
            return  # the session left its rest in this very moment
        self._saving = _Saving(run, self._held, made_by)

    def _on_kept(self, kept: StateKept) -> None:
        saving = self._saving
        if saving is None or kept.run != saving.run:
            return
        self._saving = None
        keep = partial(
            self._store.states.keep, saving.turn_id, saving.made_by, kept.tokens, kept.state
        )
        self._later.when(self._files.submit(keep), _nothing)

    # ---- restoring ---------------------------------------------------------------------------

    @Slot()
    def _on_chat_changed(self) -> None:
        self._look()

    def _look(self) -> None:
        """Looks for a state of the branch on show, unless the engine holds all there is of it."""
        path = self._controller.chat.path
        if not self._is_idle() or self._controller.chat.is_temporary or not self._store.is_kept:
            return
        if not path or path == self._looked_for or path[-1].id == self._held:
            return
        self._looked_for = path
        ids = [turn.id for turn in path]
        if self._held in ids:
            ids = ids[ids.index(self._held) + 1 :]
        if max(turn.counts.context_used for turn in path) >= FEWEST_TOKENS:
            found: Future[KeptState | None] = self._files.submit(
                self._store.states.nearest, ids, self._made_by()
            )
            self._later.when(found, partial(self._on_found, path))

    def _on_found(self, path: tuple[Turn, ...], found: KeptState | None) -> None:
        # Somebody may have asked, or gone to another chat, while the file was read.
        if found is None or not self._is_idle() or path != self._controller.chat.path:
            return
        if found.made_by != self._made_by():
            return
        try:
            run = self._session.restore_state(found.content, found.tokens)
        except RunnerError:
            return
        self._rest.stop()
        self._held = self._saving = None
        self._restoring = (run, found.turn_id)

    def _on_restored(self, restored: StateRestored) -> None:
        if self._restoring is not None and restored.run == self._restoring[0]:
            self._held = self._restoring[1]
            self._restoring = None
            log.info("a kept state of %d tokens is in force", restored.tokens)

    # ---- helpers -----------------------------------------------------------------------------

    def _is_idle(self) -> bool:
        resting = self._controller.step is Step.REST and self._controller.live is None
        return resting and self._session.state is SessionState.READY

    def _made_by(self) -> str:
        """Says what a state fits: this file, this build of the engine, this context and place."""
        loaded = self._session.loaded
        context = f"{loaded.context} {loaded.layers_offloaded}" if loaded else ""
        build = " ".join(f"{name}={value}" for name, value in sorted(self._build.items()))
        return f"{_identity(self._session.path)} {build} {context}"


def _identity(path: Path | None) -> str:
    """Names a file by what changes when it does; the engine checks the model's header besides."""
    if path is None:
        return ""
    try:
        seen = path.stat()
    except OSError:
        return str(path)
    return f"{path.name} {seen.st_size} {seen.st_mtime_ns}"


def _note(error: RunnerError) -> None:
    log.warning("a state was not kept or found: %s %s", error.code, error.detail)


def _nothing(_: object) -> None:
    """Nobody waits for this."""
