"""The part "On this computer": the models that are there, and what can be done with each."""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.choose import choose_model
from app.model.files import models_folder_in
from app.model.open_models import GGUF
from app.model.ref import ModelRef
from app.models_page.elsewhere import Elsewhere
from app.models_page.file_facts import FactsDesk
from app.models_page.fit import Fit, Room, judge
from app.models_page.keeping import Keeping
from app.models_page.rows import LazyRow, Row
from app.models_page.shelf import ShelfItem, shelf_columns, shelf_row, total_words
from app.models_page.table import ModelTable
from app.tabs.openness.strip import FingerprintStrip
from app.theme.looks import Look, set_look
from app.widgets.flow_layout import FlowLayout
from app.widgets.progress import DelayedProgress
from app.words.quantities import bytes_in_words
from inspector.untrusted import shown
from runner import hardware
from runner.errors import RunnerError
from runner.library.library import Entry
from runner.library.others import Found
from runner.store.files import FileState, KnownFile, Origin, look_at
from runner.store.memory import MemoryUse
from runner.store.values import FileId

MOST_LOOKED_INTO = 200
"""Models of the list whose headers are read by themselves; a longer list shows the rest by name."""

NOT_STORED = FileId(0)
"""Of the starter, until it was opened for the first time."""


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
        self.facts = FactsDesk(context, self)
        self.keeping = Keeping(context, self)
        self.table = ModelTable(context.theme, self.tr("Models on this computer"), shelf_columns())
        self._build()
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.facts.arrived.connect(self._show)
        self.keeping.changed.connect(self.refresh)
        self.keeping.checking.connect(self._on_checking)
        self.keeping.ended.connect(self.progress.end)
        self.keeping.found.connect(self._on_found)
        self.progress.stop_wanted.connect(self.keeping.stop)
        self.elsewhere.closed.connect(self._on_closed)
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
        return frozenset(item.repository for item in self._items if item.repository)

    def room(self) -> Room | None:
        """Returns the memory that a model could take now; None where nobody can tell."""
        memory = hardware.memory()
        if memory is None:
            return None
        loaded = self._context.models.loaded
        return Room(free=memory.free, given_back=loaded.memory_bytes if loaded else 0)

    def refresh(self) -> None:
        """Lists the models again."""
        try:
            self._items = self._listed()
        except RunnerError as error:
            self._context.notices.failure(error)
            return
        self.counted.emit(len(self._items))
        here = [item for item in self._items if item.state is not FileState.GONE]
        self.facts.want([(item.path, item.file.look) for item in here[:MOST_LOOKED_INTO]])
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

    def close_down(self) -> None:
        """Ends what works for the list."""
        self.keeping.stop()
        self.facts.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Lists afresh: files come and go."""
        super().showEvent(event)
        self.refresh()

    # ---- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self._total = QLabel()
        set_look(self._total, Look.SMALL)
        self._total.setWordWrap(True)
        self._actions = QWidget()
        row = FlowLayout(self._actions, gap=theme.px("space_1"))
        self.load = self._button(self.tr("Load and chat"), row, self._on_load)
        set_look(self.load, Look.PRIMARY)
        self.look = self._button(self.tr("Look inside"), row, self._on_look)
        self.newer = self._button(self.tr("Ask for a newer revision"), row, self._on_newer)
        self.newer.setToolTip(
            self.tr("Asks the Hub what has changed since this was fetched. Fetches nothing.")
        )
        self.copy_place = self._button(self.tr("Copy its path"), row, self._on_copy)
        self.copy_place.setToolTip(
            self.tr("This window may start no other program, so it can't open a folder for you.")
        )
        self.verify = self._button(self.tr("Verify now"), row, self._on_verify)
        self.verify.setToolTip(
            self.tr("Reads every byte, and compares its SHA-256 with what the Hub listed.")
        )
        self.remove = self._button("", row, self._on_remove)
        self.progress = DelayedProgress(can_stop=True)
        self.openness = FingerprintStrip(self._context)
        self._put_back = QPushButton()
        self._empty = QPushButton(self.tr("Empty the trash"))
        for button, pressed in (
            (self._put_back, self._on_put_back),
            (self._empty, self.keeping.empty_trash),
        ):
            set_look(button, Look.LINK)
            button.clicked.connect(pressed)
        foot = QHBoxLayout()
        foot.addWidget(self._total, 1)
        foot.addWidget(self._put_back)
        foot.addWidget(self._empty)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_1"))
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)
        column.addWidget(self.openness)
        column.addWidget(self._actions)
        column.addLayout(foot)
        self.elsewhere = Elsewhere(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(listed)
        self._stack.addWidget(self.elsewhere)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._on_chosen(None)

    def _button(self, text: str, row: FlowLayout, pressed: object) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(pressed)
        row.addWidget(button)
        return button

    # ---- listing ---------------------------------------------------------------------------------

    def _listed(self) -> list[ShelfItem]:
        library = self._context.library
        entries = list(library.entries())
        starter = library.starter.path()
        if starter is not None and all(Path(one.file.path) != starter for one in entries):
            look = look_at(starter)
            file = KnownFile(
                id=NOT_STORED,
                path=str(starter),
                name=library.starter.name,
                look=look,
                origin=Origin.STARTER,
            )
            entries.append(
                Entry(
                    file=file,
                    state=FileState.SAME,
                    parts=1,
                    size=look.size,
                    source=None,
                    is_own=False,
                )
            )
        return [self._item(one) for one in entries]

    def _item(self, entry: Entry) -> ShelfItem:
        file, source = entry.file, entry.source
        path = Path(file.path)
        current = self._context.models.current
        return ShelfItem(
            file=file,
            name=path.stem if file.name == path.name else file.name,
            size=entry.size,
            parts=entry.parts,
            state=entry.state,
            is_starter=file.origin is Origin.STARTER,
            is_loaded=current is not None and current.path == path,
            is_own=entry.is_own,
            repository=source.repository if source else "",
            revision=source.revision if source else "",
            commit=source.commit if source else "",
            remote_path=source.path if source else "",
            promised=source.sha256 if source else "",
            verified=source.verified if source else 0.0,
        )

    def _show(self) -> None:
        if not self.isVisible():
            return
        chosen = self.table.current_row()
        room, now = self.room(), self._context.clock()
        seen: defaultdict[tuple[str, int], list[MemoryUse]] = defaultdict(list)
        for use in self._context.store.memory.every():
            seen[use.name, use.size].append(use)
        self.table.rows.set_rows(
            [
                LazyRow(
                    item.file.path,
                    partial(
                        shelf_row,
                        item,
                        self.facts.of(item.path, item.file.look),
                        room,
                        now,
                        seen[item.path.name, item.file.look.size],
                    ),
                )
                for item in self._items
            ]
        )
        if chosen is None or not self.table.choose(chosen.key):
            self.table.selectRow(0)
        self._total.setText(total_words(self._items, _free_disk(self._folder())))
        self._show_trash()

    def _folder(self) -> Path:
        return models_folder_in(self._context.settings.current)

    def _show_trash(self) -> None:
        trash = self.keeping.trash()
        for button in (self._put_back, self._empty):
            button.setVisible(bool(trash))
        if trash:
            name = shown(trash[0].path.stem, 40)
            self._put_back.setText(self.tr("Put {name} back").format(name=name))
            size = bytes_in_words(sum(one.size for one in trash))
            self._empty.setText(self.tr("Empty the trash ({size})").format(size=size))

    # ---- acting ----------------------------------------------------------------------------------

    def _chosen(self) -> ShelfItem | None:
        row = self.table.current_row()
        return row.item if row is not None and isinstance(row.item, ShelfItem) else None

    def _on_chosen(self, _: Row | None) -> None:
        item = self._chosen()
        self._actions.setEnabled(item is not None)
        self.openness.show_file(_ref_of(item))
        if item is None:
            return
        is_here = item.state is not FileState.GONE
        self.load.setVisible(is_here and not item.is_loaded)
        facts = self.facts.of(item.path, item.file.look)
        level = judge(facts.need if facts is not None else None, self.room())
        # A sum is no wall: whoever wants to try may.
        self.load.setText(self.tr("Load anyway") if level is Fit.NOT else self.tr("Load and chat"))
        self.look.setVisible(is_here)
        self.newer.setVisible(bool(item.repository and item.commit))
        self.verify.setVisible(is_here)
        self.remove.setVisible(not item.is_starter and not item.is_loaded)
        if item.is_own and is_here:
            self.remove.setText(self.tr("Move to the trash"))
            self.remove.setToolTip(self.tr("It can be put back for 30 days."))
        else:
            self.remove.setText(self.tr("Forget"))
            self.remove.setToolTip(self.tr("Takes it off this list. The file is not touched."))

    def _on_opened(self, row: Row) -> None:
        """Enter and a double click look inside: the light thing first."""
        self._on_look()

    def _on_load(self) -> None:
        item = self._chosen()
        if item is not None:
            self._context.models.open(item.path)
            self.chat_wanted.emit()

    def _on_look(self) -> None:
        item = self._chosen()
        if item is not None:
            self._context.models.inspect_file(item.path)
            self.looked_inside.emit()

    def _on_newer(self) -> None:
        item = self._chosen()
        if item is not None:
            self.newer_wanted.emit(item)

    def _on_copy(self) -> None:
        item = self._chosen()
        if item is not None:
            QGuiApplication.clipboard().setText(str(item.path))
            self._context.notices.toast(self.tr("The path is on the clipboard."))

    def _on_verify(self) -> None:
        item = self._chosen()
        if item is not None:
            self.progress.begin(self.tr("Reading {name}…").format(name=item.name))
            self.keeping.verify(item)

    def _on_checking(self, name: str, share: float) -> None:
        self.progress.report(share, 1.0)

    def _on_remove(self) -> None:
        item = self._chosen()
        if item is not None:
            self.keeping.remove(item)

    def _on_put_back(self) -> None:
        trash = self.keeping.trash()
        if trash:
            self.keeping.put_back(trash[0])

    def _on_found(self, found: list[Found]) -> None:
        self.progress.end()
        self.elsewhere.show_found(found)
        self._stack.setCurrentWidget(self.elsewhere)

    def _on_closed(self) -> None:
        self._stack.setCurrentIndex(0)

    def _on_adopted(self, paths: list[Path]) -> None:
        self.keeping.adopt(paths)
        self._on_closed()

    def _on_models_changed(self) -> None:
        if self.isVisible():
            self.refresh()


def _ref_of(item: ShelfItem | None) -> ModelRef | None:
    """Returns the file whose openness is shown; none where it is gone."""
    if item is None or item.state is FileState.GONE:
        return None
    return ModelRef(path=item.path, name=item.name, size_bytes=item.size)


def _free_disk(folder: Path) -> int | None:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
