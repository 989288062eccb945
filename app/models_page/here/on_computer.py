"""The part "On this computer": the models that are there, and what can be done with each."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.learned import Learned
from app.model.choose import choose_model
from app.model.files import models_folder_in
from app.model.open_models import GGUF
from app.models_page.fit import Room, judge, room_beside
from app.models_page.here.elsewhere import Elsewhere
from app.models_page.here.file_facts import FactsDesk
from app.models_page.here.folder_dialog import FolderDialog
from app.models_page.here.folder_line import FolderLine
from app.models_page.here.folder_move import FolderMove, Plan
from app.models_page.here.keeping import Keeping
from app.models_page.here.shelf import ShelfItem, shelf_columns, shelf_row
from app.models_page.here.shelf_actions import ShelfActions
from app.models_page.here.shelf_items import shelf_items
from app.models_page.table.rows import LazyRow, Row
from app.models_page.table.table import ModelTable
from app.tabs.openness.list_desk import FingerprintDesk
from app.tabs.openness.strip import FingerprintStrip
from app.widgets.file_dialog import file_dialog
from app.widgets.progress import DelayedProgress
from app.words.quantities import bytes_in_words
from runner.errors import RunnerError
from runner.library.others import Found
from runner.session import SessionState
from runner.store.files import FileState
from runner.store.memory import MemoryUse

MOST_LOOKED_INTO = 200
"""Models of the list whose headers are read by themselves; a longer list shows the rest by name."""

Seen = defaultdict[tuple[str, int], list[MemoryUse]]
"""What models were seen to take of this machine's memory, by the name and size of their files."""


class OnComputer(QWidget):
    """The list of this computer's models. Owned by: the Models page. Thread: GUI."""

    counted = Signal(int)
    """How many models there are."""
    looked_inside = Signal()
    """The inspector has something to show."""
    newer_wanted = Signal(object)
    """Whether there is a newer revision of a `ShelfItem` is to be asked."""
    chat_wanted = Signal()
    """A model is being loaded to talk with it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._items: list[ShelfItem] = []
        self._by_repository: dict[str, ShelfItem] = {}
        self._learned: Learned | None = None
        self.facts = FactsDesk(context, self)
        self.prints = FingerprintDesk(context, self)
        self.keeping = Keeping(context, self)
        self.mover = FolderMove(context, self)
        self.table = ModelTable(context.theme, self.tr("Models on this computer"), shelf_columns())
        self._build()
        self._connect()

    def _connect(self) -> None:
        context = self._context
        self.table.chosen.connect(self._on_chosen)
        # Enter and a double click look inside: the light thing first.
        self.table.opened.connect(lambda _: self.offers.look_inside())
        self.offers.looked_inside.connect(self.looked_inside)
        self.offers.newer_wanted.connect(self.newer_wanted)
        self.offers.chat_wanted.connect(self.chat_wanted)
        self.offers.verify_wanted.connect(self._on_verify)
        self.offers.remove_wanted.connect(self.keeping.remove)
        self.facts.arrived.connect(self._show)
        self.prints.arrived.connect(self._show)
        self.openness.was_read.connect(self.prints.take)
        self.keeping.changed.connect(self.refresh)
        self.keeping.checking.connect(self._on_checking)
        self.keeping.ended.connect(self.progress.end)
        self.keeping.found.connect(self._on_found)
        self.progress.stop_wanted.connect(self.keeping.stop)
        self.foot.move_wanted.connect(self.choose_folder)
        self.moving.stop_wanted.connect(self.mover.stop)
        self.mover.began.connect(self._on_move_began)
        self.mover.moved.connect(self.moving.report)
        self.mover.ended.connect(self._on_move_ended)
        self.elsewhere.closed.connect(self.leave_elsewhere)
        self.elsewhere.adopted.connect(self._on_adopted)
        models = context.models
        models.current_changed.connect(self._on_models_changed)
        models.inspected_changed.connect(self._on_models_changed)
        models.state_changed.connect(self._on_models_changed)

    # ---- what the page asks ----------------------------------------------------------------------

    @property
    def items(self) -> tuple[ShelfItem, ...]:
        """The models that are listed."""
        return tuple(self._items)

    def repositories(self) -> frozenset[str]:
        """Returns the repositories that files of this computer came from."""
        return frozenset(self._by_repository)

    def from_repository(self, name: str) -> ShelfItem | None:
        """Returns a model that was fetched from a repository; None where none was."""
        return self._by_repository.get(name)

    def room(self) -> Room | None:
        """Returns the memory that a model could take now; None where nobody can tell."""
        return room_beside(self._context.models.loaded)

    def refresh(self) -> None:
        """Lists the models again."""
        try:
            models = self._context.models
            # One whose process has ended is still the chat's model, and loaded no more.
            current = models.current if models.state is not SessionState.FAILED else None
            self._items = shelf_items(self._context.library, current.path if current else None)
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        self._by_repository = {one.repository: one for one in self._items if one.repository}
        self.counted.emit(len(self._items))
        here = [item for item in self._items if item.state is not FileState.GONE]
        self.facts.want([(item.path, item.file.look) for item in here[:MOST_LOOKED_INTO]])
        self.prints.want_files(
            [(item.path, item.file.look, item.commit) for item in here[:MOST_LOOKED_INTO]]
        )
        self._use_learned()
        self._show()

    def take_learned(self, learned: Learned | None) -> None:
        """Takes what was read of the loaded model elsewhere in the window."""
        self._learned = learned
        self._use_learned()
        self._show()

    def adopt(self, paths: Sequence[Path]) -> None:
        """Takes note of files where they lie, and looks into the first."""
        for path in reversed(paths):
            if path.suffix.lower() == GGUF:
                self._context.models.inspect_file(path)

    def choose_file(self) -> None:
        """Asks for a file to take note of."""
        choose_model(self._context, self, lambda path: self.adopt([path]))

    def look_elsewhere(self) -> None:
        """Looks for models of other apps, and shows them."""
        self.progress.begin(self.tr("Looking in the folders of other apps…"))
        self.keeping.look_elsewhere()

    def choose_folder(self) -> None:
        """Asks for another models folder; nothing is moved before a person has seen what would be."""
        title = self.tr("Another models folder")
        mode = QFileDialog.FileMode.Directory
        dialog = file_dialog(self._context.settings, self, title, mode, section="models")
        dialog.fileSelected.connect(lambda name: self.ask_move(Path(name)))
        dialog.open()

    def ask_move(self, new: Path) -> FolderDialog | None:
        """Asks whether the models are to move to `new`; None where they lie there already."""
        plan = self.mover.plan(new)
        if self.mover.is_moving or plan.old == new:
            return None
        dialog = FolderDialog(self._context.theme, plan, self)
        dialog.move_wanted.connect(self.mover.start)
        dialog.only_new_wanted.connect(self.mover.only_new_ones)
        dialog.open()
        return dialog

    def leave_elsewhere(self) -> None:
        """Shows this app's own list again."""
        self._stack.setCurrentIndex(0)

    def close_down(self) -> None:
        """Ends what works for the list."""
        self.mover.close()
        self.keeping.stop()
        self.prints.close()
        self.facts.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Lists afresh: files come and go."""
        super().showEvent(event)
        self.refresh()

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self.offers = ShelfActions(self._context)
        self.progress = DelayedProgress(can_stop=True)
        self.moving = DelayedProgress(can_stop=True)
        self.openness = FingerprintStrip(self._context)
        self.foot = FolderLine(self._context, self.keeping, self._folder)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)
        column.addWidget(self.moving)
        column.addWidget(self.openness)
        column.addWidget(self.offers)
        column.addWidget(self.foot)
        self.elsewhere = Elsewhere(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(listed)
        self._stack.addWidget(self.elsewhere)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._on_chosen(None)

    # ---- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        if not self.isVisible():
            return
        chosen = self.table.current_row()
        room, now = self.room(), self._context.clock()
        seen: Seen = defaultdict(list)
        for use in self._context.store.memory.every():
            seen[use.name, use.size].append(use)
        self.table.rows.set_rows(
            [
                LazyRow(item.file.path, partial(self._row, item, room, now, seen))
                for item in self._items
            ]
        )
        if chosen is None or not self.table.choose(chosen.key):
            self.table.choose_at(0)
        self._offer()
        self.foot.show_items(self._items)

    def _row(self, item: ShelfItem, room: Room | None, now: float, seen: Seen) -> Row:
        """Returns a row when it is first seen: of a thousand models, twenty are."""
        look = item.file.look
        facts = self.facts.of(item.path, look)
        uses = seen.get((item.path.name, look.size), ())
        letters = self.prints.of_file(item.path, item.size)
        return shelf_row(item, facts, room, now, uses, letters)

    def _folder(self) -> Path:
        return models_folder_in(self._context.settings.current)

    def _use_learned(self) -> None:
        learned = self._learned
        item = next((one for one in self._items if learned and one.path == learned.path), None)
        if learned is None or item is None:
            return
        if learned.looked is not None:
            self.facts.take_for_now(item.path, item.file.look, learned.looked, learned.licences)
        if learned.profile is not None:
            self.prints.take(item.path, learned.profile)

    # ---- acting ----------------------------------------------------------------------------------

    def _chosen(self) -> ShelfItem | None:
        row = self.table.current_row()
        return row.item if row is not None and isinstance(row.item, ShelfItem) else None

    def _on_chosen(self, _: Row | None) -> None:
        item = self._chosen()
        self.openness.show_file(item.ref if item is not None else None)
        self._offer()

    def _offer(self) -> None:
        """Offers what can be done with the chosen model as it is now: it may have been loaded since."""
        item = self._chosen()
        facts = self.facts.of(item.path, item.file.look) if item is not None else None
        level = judge(facts.need if facts is not None else None, self.room())
        self.offers.show_item(item, level)

    def _on_verify(self, item: ShelfItem) -> None:
        self.progress.begin(self.tr("Reading {name}…").format(name=item.name))
        self.keeping.verify(item)

    def _on_checking(self, name: str, share: float) -> None:
        self.progress.report(share, 1.0)

    # ---- moving the folder -----------------------------------------------------------------------

    def _on_move_began(self, plan: Plan) -> None:
        """Leaves the list to be looked at; nothing in it may be changed while its files move."""
        self.moving.begin(self.tr("Moving {size}…").format(size=bytes_in_words(plan.size)))
        self._allow(False)

    def _on_move_ended(self) -> None:
        self.moving.end()
        self._allow(True)
        self.refresh()

    def _allow(self, allowed: bool) -> None:
        self.offers.setEnabled(allowed)
        self.foot.allow(allowed)

    # ---- other apps ------------------------------------------------------------------------------

    def _on_found(self, found: list[Found]) -> None:
        self.progress.end()
        self.elsewhere.show_found(found)
        self._stack.setCurrentWidget(self.elsewhere)

    def _on_adopted(self, paths: list[Path]) -> None:
        self.keeping.adopt(paths)
        self.leave_elsewhere()

    def _on_models_changed(self) -> None:
        if self.isVisible():
            self.refresh()
