"""What a person asks of a turn: copy it, answer it again, leaf through its versions, look behind it."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.chat.links.browsing import open_in_browser
from app.chat.running.controller import ChatController
from app.chat.turns.turn_items import AFTER_THE_ANSWER, Ask, TurnItem, TurnRequest
from app.chat.turns.turn_words import deletion
from app.context import AppContext
from app.notices import Action
from runner.store.tree import ChatTree
from runner.store.values import Turn, TurnId


class TurnsDesk(QObject):
    """Does what the buttons below a turn say, and what a link in an answer asks for.

    Owned by: ChatPage. Thread: GUI.
    """

    edit_wanted = Signal(object)
    """A turn whose question is to be changed."""
    came_back = Signal(object, object)
    """The chats in which a deleted turn stands again, and the turn: it is to be shown."""

    def __init__(self, context: AppContext, controller: ChatController, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._controller = controller
        self._page = page

    @Slot(TurnRequest)
    def do(self, request: TurnRequest) -> None:
        """Does what was asked, where its turn is still there."""
        tree = self._controller.chat.tree
        turn = tree.by_id.get(request.turn_id) if tree is not None else None
        if tree is None or turn is None:
            return
        if request.ask in AFTER_THE_ANSWER:
            self._page.setFocus()  # the button goes while the answer arrives
        match request.ask:
            case Ask.COPY_MARKDOWN:
                self._copy(turn.answer)
            case Ask.COPY_TEXT:
                from app.markdown.blocks_text import plain_text

                self._copy(plain_text(turn.answer))
            case Ask.AGAIN:
                self._controller.answer_again(turn)
            case Ask.CONTINUE:
                self._controller.continue_answer(turn)
            case Ask.EDIT:
                self.edit_wanted.emit(turn)
            case Ask.INFO:
                self._show_recipe(turn)
            case Ask.DELETE:
                self._delete(
                    TurnItem(turn, tree.place(turn), is_followed=bool(tree.children(turn.id)))
                )
            case Ask.PREVIOUS_VERSION | Ask.NEXT_VERSION:
                step = -1 if request.ask is Ask.PREVIOUS_VERSION else 1
                versions = [other.id for other in tree.versions(turn)]
                self._switch(versions, versions.index(turn.id) + step)
            case Ask.PREVIOUS_EDIT | Ask.NEXT_EDIT:
                step = -1 if request.ask is Ask.PREVIOUS_EDIT else 1
                newest = _newest_of_each_edit(tree, turn)
                self._switch(newest, tree.edits(turn).index(turn.question_id) + step)

    @Slot(str)
    def ask_about_link(self, untrusted_address: str) -> None:
        """Shows a link's address, and opens it if the person says so."""
        from app.chat.links.link_dialog import LinkDialog

        dialog = LinkDialog(self._context.theme, untrusted_address, self._page)
        why = self.tr("a link in an answer")
        kept = not self._controller.chat.is_temporary
        dialog.open_wanted.connect(
            lambda url: open_in_browser(self._context, url, why, with_path=kept)
        )
        dialog.open()

    @Slot()
    def tell_copied(self) -> None:
        """Says that something is on the clipboard."""
        self._context.notices.toast(self.tr("Copied"))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.tell_copied()

    def _show_recipe(self, turn: Turn) -> None:
        from app.chat.running.recipes import digest_since
        from app.chat.turns.recipe_dialog import RecipeDialog

        since = digest_since(turn.recipe, turn.created, self._context.library.list())
        RecipeDialog(self._context.theme, turn, self._page, sha256_since=since).open()

    def _delete(self, item: TurnItem) -> None:
        """Deletes a turn at once; the toast undoes it, whatever is on show by then."""
        chat, turn_id = self._controller.chat, item.turn.id
        if not self._controller.can_delete:
            return
        self._page.setFocus()  # the turn goes, and its buttons with it
        chats = chat.chats

        def gone(_: ChatTree) -> None:
            self._controller.list_changed.emit()
            undo = Action(self.tr("Undo"), lambda: chat.restore_turn(chats, turn_id, back))
            self._context.notices.toast(deletion(item).done, undo)

        def back(tree: ChatTree) -> None:
            self._controller.list_changed.emit()
            self.came_back.emit(chats, tree.by_id[turn_id])

        chat.delete_turn(turn_id, gone)

    def _switch(self, ids: list[TurnId], at: int) -> None:
        if 0 <= at < len(ids):
            self._controller.chat.switch(ids[at])


def _newest_of_each_edit(tree: ChatTree, turn: Turn) -> list[TurnId]:
    """Returns the newest answer to each wording of a turn's question, in their order."""
    children = tree.children(turn.parent_id)
    return [max(c.id for c in children if c.question_id == edit) for edit in tree.edits(turn)]
