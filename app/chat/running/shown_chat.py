"""The chat on show: its turns and branch, what it says to each answer, and the way to another chat."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.running.conversation import InForce, sampling_in_force
from app.chat.running.later import Later
from app.chat.running.run import LiveRun
from app.chat.running.trees import with_turn
from app.chat.running.wishes import Wish
from app.chat.turns.turn_items import TurnItem
from app.settings import SettingsFile
from runner.errors import RunnerError
from runner.protocol.engine import Loaded, Sampling
from runner.store import Store
from runner.store.chats import Chats, title_from
from runner.store.rows import storable
from runner.store.tree import ChatTree
from runner.store.values import Chat, ChatId, Recipe, Turn, TurnId


class ShownChat(QObject):
    """One chat of the store, or an empty one that is written down with its first question.

    Owned by: ChatController. Thread: GUI; what the store says comes through the mailbox.

    Args:
        loaded: tells what is loaded, for the sampling that its file wishes.
    """

    left = Signal()
    """Another chat comes on show in this moment."""
    changed = Signal()
    """Another chat or branch is on show; `tree` and `path` have it."""
    values_changed = Signal()
    """The chat's own values are no longer what they were: title, system prompt, sampling."""

    def __init__(
        self,
        store: Store,
        settings: SettingsFile,
        loaded: Callable[[], Loaded | None],
        later: Later,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._settings = settings
        self._loaded = loaded
        self._later = later
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chat-reader")
        self._chats: Chats = store.chats
        self._tree: ChatTree | None = None
        self._opening = 0
        self._system = ""
        self._sampling: Sampling | None = None
        self._preset = ""

    # ---- what it is --------------------------------------------------------------------------

    @property
    def chats(self) -> Chats:
        """Where it is kept."""
        return self._chats

    @property
    def tree(self) -> ChatTree | None:
        """The chat with its turns; None while nothing was asked in it."""
        return self._tree

    @property
    def chat_id(self) -> ChatId | None:
        """The chat's number; None while nothing was asked in it."""
        return self._tree.chat.id if self._tree else None

    @property
    def path(self) -> tuple[Turn, ...]:
        """The branch on show."""
        return self._tree.path() if self._tree else ()

    @property
    def is_temporary(self) -> bool:
        """Whether it is never stored."""
        return self._chats is not self._store.chats

    @property
    def system(self) -> str:
        """Its system prompt."""
        return self._tree.chat.system if self._tree else self._system

    @property
    def sampling(self) -> Sampling | None:
        """A sampling of its own; None where it follows settings and file."""
        return self._tree.chat.sampling if self._tree else self._sampling

    @property
    def preset(self) -> str:
        """Its named sampling; empty where it has none."""
        return self._tree.chat.preset if self._tree else self._preset

    @property
    def in_force(self) -> InForce:
        """The sampling of the next answer here."""
        settings = self._settings.current
        preset = self.preset or settings.chat.preset
        return sampling_in_force(self.sampling, preset, settings.presets, self._loaded())

    @property
    def left_out(self) -> int:
        """How many turns of the branch the last answer was made without."""
        path = self.path
        return path[-1].counts.turns_left_out if path else 0

    def holds(self, chats: Chats, turn_id: TurnId) -> bool:
        """Says whether a turn that is kept in `chats` is one of this chat's."""
        return chats is self._chats and self._tree is not None and turn_id in self._tree.by_id

    def above(self, wish: Wish) -> tuple[Turn, ...]:
        """Returns the turns that come before a wished answer."""
        if self._tree is None:
            return ()
        return self._tree.path_to(wish.turn.parent_id if wish.turn else wish.parent_id)

    def items(self, live: LiveRun | None) -> list[TurnItem]:
        """Returns the turns of the branch, each with its place; `live` arrives in one of them."""
        tree = self._tree
        if tree is None:
            return []
        left_out = live.left_out if live is not None else self.left_out
        return [
            TurnItem(
                turn,
                tree.place(turn),
                is_left_out=at < left_out,
                is_live=live is not None and live.turn_id == turn.id,
                is_followed=bool(tree.children(turn.id)),
            )
            for at, turn in enumerate(tree.path())
        ]

    # ---- which chat --------------------------------------------------------------------------

    def new(self, *, temporary: bool = False) -> None:
        """Shows an empty chat; it is written down with its first question."""
        self._opening += 1
        self._chats = self._store.temporary if temporary else self._store.chats
        self._tree = None
        self._system, self._sampling, self._preset = "", None, ""
        self._show()

    def open(self, chat_id: ChatId, then: Callable[[], None] = lambda: None) -> None:
        """Shows a stored chat, read on another thread; `then` is called when it is shown."""
        self._opening += 1
        opening, chats = self._opening, self._store.chats

        def shown(tree: ChatTree) -> None:
            if opening != self._opening:
                return
            self._chats, self._tree = chats, tree
            self._show()
            then()

        self._later.when(self._reader.submit(chats.tree, chat_id), shown)

    def switch(self, turn_id: TurnId) -> None:
        """Shows the newest branch through a turn."""
        self._later.when(self._chats.switch(turn_id), partial(self._take, shows=True))

    def delete_turn(self, turn_id: TurnId, done: Callable[[ChatTree], object]) -> None:
        """Deletes a turn with all that follows, and shows what is nearest."""
        self._change_tree(self._chats, self._chats.delete_turn(turn_id), done)

    def restore_turn(
        self, chats: Chats, turn_id: TurnId, done: Callable[[ChatTree], object]
    ) -> None:
        """Puts a deleted turn of `chats` back, and shows it where its chat is on show."""
        self._change_tree(chats, chats.restore_turn(turn_id), done)

    def restore_turns(self, chat_id: ChatId, done: Callable[[ChatTree], object]) -> None:
        """Puts back all that was deleted within a stored chat."""
        chats = self._store.chats
        self._change_tree(chats, chats.restore_turns(chat_id), done)

    def close(self) -> None:
        """Ends the thread that reads chats."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    # ---- its values --------------------------------------------------------------------------

    def set_system(self, text: str) -> None:
        """Sets its system prompt."""
        text = storable(text)
        if self._tree is None:
            self._system = text
        else:
            self._later.when(self._chats.set_system(self._tree.chat.id, text), self._take)

    def set_sampling(self, sampling: Sampling | None, preset: str = "") -> None:
        """Gives it a sampling of its own; None follows settings and file."""
        if self._tree is None:
            self._sampling, self._preset = sampling, preset
            self.values_changed.emit()
        else:
            future = self._chats.set_sampling(self._tree.chat.id, sampling, preset)
            self._later.when(future, self._take)

    def take(self, chat: Chat) -> None:
        """Takes a stored chat's new title or mark, where it is this one."""
        if not self.is_temporary:
            self._take(chat)

    def take_turn(self, turn: Turn, *, is_leaf: bool) -> None:
        """Takes a new turn, or the new values of one."""
        if self._tree is not None:
            self._tree = with_turn(self._tree, turn, is_leaf=is_leaf)

    # ---- a new turn --------------------------------------------------------------------------

    def write(
        self,
        wish: Wish,
        recipe: Recipe,
        written: Callable[[Turn], None],
        failed: Callable[[RunnerError], None],
    ) -> None:
        """Writes a wished turn down, and the chat before its first."""

        def put(chat: Chat) -> None:
            self._later.when(self._put(chat, wish, recipe), written, failed)

        def begun(chat: Chat) -> None:
            # The store gives an unnamed chat this title in the same step as the question.
            titled = msgspec.structs.replace(chat, title=chat.title or title_from(wish.question))
            self._tree = ChatTree(titled, ())
            put(chat)

        if self._tree is not None:
            put(self._tree.chat)
            return
        made = self._chats.create(system=self._system, sampling=self._sampling, preset=self._preset)
        self._later.when(made, begun, failed)

    def _put(self, chat: Chat, wish: Wish, recipe: Recipe) -> Future[Turn]:
        if wish.turn is None:
            return self._chats.ask(
                chat.id, wish.parent_id, wish.question, attachments=wish.attachments, recipe=recipe
            )
        if wish.goes_on:
            return self._chats.continue_answer(wish.turn.id, recipe=recipe)
        return self._chats.answer_again(wish.turn.id, recipe=recipe)

    # ---- within ------------------------------------------------------------------------------

    def _take(self, chat: Chat, *, shows: bool = False) -> None:
        if self._tree is None or self._tree.chat.id != chat.id:
            return
        self._tree = ChatTree(chat, self._tree.turns)
        if shows:
            self.changed.emit()
        self.values_changed.emit()

    def _change_tree(
        self, chats: Chats, changed: Future[ChatTree], done: Callable[[ChatTree], object]
    ) -> None:
        def take(tree: ChatTree) -> None:
            if chats is self._chats and self.chat_id == tree.chat.id:
                self._tree = tree
                self.changed.emit()
                self.values_changed.emit()
            done(tree)

        self._later.when(changed, take)

    def _show(self) -> None:
        self.left.emit()
        self.changed.emit()
