"""The bench: which requests, which rules, which guard; what is being asked; what was measured."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.ref import ModelRef
from app.review.bench_results import BenchResult, decoded, encoded
from app.tabs.licence.statements import wrapping
from app.tabs.safeguards.house import HouseRules
from app.tabs.safeguards.requests import Requests
from app.tabs.safeguards.result_view import ResultView
from app.tabs.safeguards.run import BenchRun, Plan, ref_of
from app.theme.looks import Look, set_look
from app.widgets.file_dialog import file_dialog
from app.words.bench import bench_texts
from app.words.quantities import seconds_in_words
from app.words.wording import words
from inspector.safeguards.guards import Guard, guard_named, guards
from inspector.untrusted import shown
from runner.errors import RunnerError
from runner.library.paths import is_file
from runner.store.benches import KeptBench
from runner.store.judged_file import JudgedFile


class Bench(QWidget):
    """Measures what can be measured honestly, and keeps it with its recipe.

    Owned by: SafeguardsTab. Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ref: ModelRef | None = None
        self._measured: ModelRef | None = None  # the model of the present run
        self._guard: tuple[ModelRef, Guard] | None = None
        self._kept: KeptBench | None = None
        self.view: ResultView | None = None
        self.run = BenchRun(context, self)
        self.run.progressed.connect(self._on_progressed)
        self.run.finished.connect(self._on_finished)
        self.run.failed.connect(self._on_failed)
        self._build()
        self._show_choices()

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows what was measured of this model, and measures it next."""
        self._ref = ref
        self._show_latest()
        self._show_choices()

    def texts(self) -> str:
        """Returns every sentence that is shown."""
        return "\n".join(one.text() for one in self.findChildren(QLabel))

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme, said = self._context.theme, bench_texts().said
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px("space_2"), 0, 0)
        column.setSpacing(theme.px("space_1"))
        title = QLabel(said["title"])
        set_look(title, Look.HEADING)
        column.addWidget(title)
        column.addWidget(wrapping(said["why"]))
        catch = wrapping(said["catch"])
        set_look(catch, Look.FAINT)
        column.addWidget(catch)
        self._result_place = QVBoxLayout()
        column.addLayout(self._result_place)
        self.requests = Requests(self._context)
        self.requests.failed.connect(self._tell)
        column.addWidget(self.requests)
        self._small(column, said["house"], said["house_why"])
        self.house = HouseRules(theme)
        column.addWidget(self.house)
        self.system = QLineEdit()
        self.system.setPlaceholderText(said["system"])
        self.system.setAccessibleName(said["system"])
        self.system.setMaxLength(2_000)
        column.addWidget(self.system)
        self._small(column, said["guard"], said["guard_why"])
        self._guard_said = wrapping("")
        column.addWidget(self._guard_said)
        self.open_guard = self._link(said["open_guard"], self._on_open_guard)
        self.drop_guard = self._link(said["guard_drop"], self._on_drop_guard)
        column.addLayout(self._line(self.open_guard, self.drop_guard))
        self.measure = QPushButton(said["measure"])
        set_look(self.measure, Look.PRIMARY)
        self.measure.clicked.connect(self._on_measure)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._progress = wrapping("")
        set_look(self._progress, Look.SMALL)
        column.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self._bar)
        column.addWidget(self._progress)
        self._bar.hide()

    def _small(self, column: QVBoxLayout, title: str, why: str) -> None:
        for text, look in ((title, Look.SMALL), (why, Look.FAINT)):
            line = wrapping(text)
            set_look(line, look)
            column.addWidget(line)

    def _link(self, text: str, pressed: Any) -> QPushButton:
        button = QPushButton(text)
        set_look(button, Look.LINK)
        button.clicked.connect(pressed)
        return button

    def _line(self, *buttons: QPushButton) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(self._context.theme.px("space_2"))
        for button in buttons:
            line.addWidget(button)
        line.addStretch(1)
        return line

    # ---- what is to be measured -----------------------------------------------------------------

    def _show_choices(self) -> None:
        said, running = bench_texts().said, self.run.is_running
        self._guard_said.setText(
            shown(self._guard[0].path.name, 80) if self._guard else said["guard_none"]
        )
        self.drop_guard.setVisible(self._guard is not None)
        self.measure.setText(said["stop"] if running else said["measure"])
        self.measure.setEnabled(running or self._ref is not None)
        for part in (self.requests, self.open_guard, self.drop_guard):
            part.setEnabled(not running)

    def _on_open_guard(self) -> None:
        title = bench_texts().said["open_guard"].rstrip("…")
        dialog = file_dialog(self._context.settings, self, title, section="models")
        dialog.setNameFilter(self.tr("Models (*.gguf)"))
        dialog.fileSelected.connect(lambda name: self.choose_guard(Path(name)))
        dialog.open()

    def choose_guard(self, path: Path) -> None:
        """Takes a guard model, if it is one whose words can be read."""
        guard = guard_named(path.name)
        if guard is None:
            known = ", ".join(one.title for one in guards())
            said = bench_texts().said["guard_unknown"]
            self._progress.setText(said.format(name=shown(path.name), known=known))
            return
        self._progress.setText("")
        self._guard = (ref_of(path), guard)
        self._show_choices()

    def _on_drop_guard(self) -> None:
        self._guard = None
        self._show_choices()

    # ---- measuring ------------------------------------------------------------------------------

    def _on_measure(self) -> None:
        if self.run.is_running:
            self.run.stop()
        elif self._ref is not None:
            self._measured = self._ref
            self.house.take_typed()
            # With its hash, so that a report can say of which bytes this was measured.
            model = msgspec.structs.replace(self._ref, sha256=self._file(self._ref).sha256 or None)
            self.run.begin(
                Plan(
                    model=model,
                    prompts=self.requests.prompts,
                    most=self.requests.count,
                    house=self.house.rules,
                    system=self.system.text().strip(),
                    guard=self._guard,
                )
            )
        self._show_choices()

    def _on_progressed(self, is_guard: bool, done: int, of: int) -> None:
        said = bench_texts().said
        self._bar.setVisible(True)
        self._bar.setRange(0, of if done else 0)
        self._bar.setValue(done)
        if done:
            form = said["asking_guard"] if is_guard else said["asking"]
            told = [form.format(done=done, of=of)]
            if left := self.run.left_s:
                told.append(said["left"].format(time=seconds_in_words(left)))
            self._progress.setText(" · ".join(told))
        else:
            name = self._measured.name if self._measured else ""
            form = said["loading_guard"] if is_guard else said["loading"]
            self._progress.setText(form.format(name=shown(name)))

    def _on_finished(self, result: BenchResult) -> None:
        self._bar.hide()
        self._progress.setText("")
        self._show_choices()
        measured = self._measured
        if measured is None:
            return
        written = self._context.store.benches.add(self._file(measured), encoded(result))
        self._context.mailbox.when(written, self._on_written)

    def _on_failed(self, error: RunnerError) -> None:
        self._bar.hide()
        self._show_choices()
        self._tell(error)

    def _tell(self, error: RunnerError) -> None:
        said = words(error.code, **error.context)
        self._progress.setText(" ".join(one for one in (said.title, said.remedy) if one))

    # ---- keeping --------------------------------------------------------------------------------

    def _on_written(self, written: "Future[Any]") -> None:
        """Shows what was kept, or tells that it wasn't."""
        self._tell_of(written)
        self._show_latest()

    def _file(self, ref: ModelRef) -> JudgedFile:
        size = ref.size_bytes or (ref.path.stat().st_size if is_file(ref.path) else 0)
        sha256 = ref.sha256 or self._context.models.digest_of(ref.path)
        return JudgedFile(name=ref.path.name, size=size, sha256=sha256 or "")

    def _show_latest(self) -> None:
        """Shows the latest result of the inspected model, or that there is none."""
        while (item := self._result_place.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.view, self._kept = None, None
        for kept in self._results():
            if (result := decoded(kept.entry)) is not None:
                self._kept = kept
                self.view = ResultView(self._context.theme, result, kept.began)
                self.view.marked.connect(self._on_marked)
                self.view.dropped.connect(self._on_dropped)
                self._result_place.addWidget(self.view)
                return
        none = wrapping(bench_texts().said["not_yet"])
        set_look(none, Look.FAINT)
        self._result_place.addWidget(none)

    def _results(self) -> list[KeptBench]:
        if self._ref is None:
            return []
        try:
            return self._context.store.benches.of(self._file(self._ref))
        except RunnerError as error:
            self._context.notices.failure(error)
            return []

    def _on_marked(self, result: BenchResult) -> None:
        if self._kept is not None:
            changed = self._context.store.benches.change(self._kept.id, encoded(result))
            self._context.mailbox.when(changed, self._tell_of)

    def _on_dropped(self) -> None:
        if self._kept is not None:
            gone = self._context.store.benches.forget(self._kept.id)
            self._context.mailbox.when(gone, self._on_written)

    def _tell_of(self, written: "Future[Any]") -> None:
        """Tells where something could not be kept."""
        error = written.exception()
        if isinstance(error, RunnerError):
            self._context.notices.failure(error)
