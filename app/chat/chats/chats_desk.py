"""What a person does to chats in the list: searches, renames, pins, deletes, brings back."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.chats.chat_list import ChatList
from app.chat.running.controller import ChatController
from app.context import AppContext
from app.notices import Action
from runner.errors import RunnerError
from runner.store.values import Chat, ChatId

if TYPE_CHECKING:
    from runner.store.search import Found, Search


class ChatsDesk(QObject):
    """Keeps the list true, and does what is asked in it.

    Owned by: ChatPage. Thread: GUI; a search runs on a thread of its own.
    """

    failed = Signal(object)
    """A RunnerError that a person is told about."""

    def __init__(
        self, context: AppContext, controller: ChatController, chats: ChatList, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._controller = controller
        self._list = chats
        self._search: Search | None = None
        controller.list_changed.connect(self.show)
        chats.search_wanted.connect(self._on_search)
        chats.rename_wanted.connect(self._on_rename)
        chats.pin_wanted.connect(self._on_pin)
        chats.delete_wanted.connect(self.delete)
        chats.put_back_wanted.connect(self._on_put_back)

    def close(self) -> None:
        """Ends the search's thread."""
        if self._search is not None:
            self._search.close()

    @Slot()
    def show(self) -> None:
        """Lists the chats as they are now."""
        try:
            self._list.show_chats(self._context.store.chats.list())
        except RunnerError as error:
            self.failed.emit(error)
        chat = self._controller.chat
        if chat.tree is not None and not chat.is_temporary:
            self._list.show_current(chat.chat_id)

    def delete(self, chat_id: ChatId) -> None:
        """Deletes a chat; the toast undoes it."""
        chat = self._controller.chat
        was_shown = chat.chat_id == chat_id and not chat.is_temporary
        if was_shown:
            self._controller.stop()
            chat.new()
        deleted = self._context.store.chats.delete(chat_id)
        self._controller.after(deleted, lambda _: self._on_deleted(chat_id, was_shown=was_shown))

    def _on_deleted(self, chat_id: ChatId, *, was_shown: bool) -> None:
        self.show()
        undo = Action(self.tr("Undo"), partial(self._restore, chat_id, was_shown=was_shown))
        self._context.notices.toast(self.tr("Chat deleted"), undo)

    def _restore(self, chat_id: ChatId, *, was_shown: bool) -> None:
        restored = self._context.store.chats.restore(chat_id)
        self._controller.after(restored, lambda _: self._on_restored(chat_id, was_shown=was_shown))

    def _on_restored(self, chat_id: ChatId, *, was_shown: bool) -> None:
        self.show()
        if was_shown and self._controller.chat.tree is None:
            # It was being read, and nothing else has been opened since.
            self._list.chosen.emit(chat_id, None)

    def _on_put_back(self, chat_id: ChatId) -> None:
        self._controller.chat.restore_turns(chat_id, lambda _: self._on_back(chat_id))

    def _on_back(self, chat_id: ChatId) -> None:
        self.show()
        chat = self._controller.chat
        if chat.is_temporary or chat.chat_id != chat_id:
            self._list.chosen.emit(chat_id, None)

    def _on_rename(self, chat_id: ChatId, title: str) -> None:
        self._controller.after(self._context.store.chats.rename(chat_id, title), self._on_chat)

    def _on_pin(self, chat_id: ChatId, pinned: bool) -> None:
        self._controller.after(self._context.store.chats.pin(chat_id, pinned=pinned), self._on_chat)

    def _on_chat(self, chat: Chat) -> None:
        self._controller.chat.take(chat)
        self.show()

    @Slot(str)
    def _on_search(self, text: str) -> None:
        if self._search is None:
            self._search = self._context.store.open_search()
        self._search.ask(text, self._posted(self._on_found), self._posted(self.failed.emit))

    def _on_found(self, found: "Found") -> None:
        self._list.show_found(found)

    def _posted(self, take: Callable[..., object]) -> Callable[..., None]:
        """Returns what hands an argument of the search's thread over to the GUI thread."""
        return lambda argument: self._context.mailbox.post(partial(take, argument))
