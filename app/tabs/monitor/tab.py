"""The Monitor tab: who can see this run, what enforces it, whether the wall holds, and its limits."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.files import files_of_model
from app.model.ref import ModelRef
from app.reader import arguments
from app.tabs.monitor.back_section import BackSection
from app.tabs.monitor.ledger.section import LedgerSection
from app.tabs.monitor.limits import Surroundings, look_around
from app.tabs.monitor.processes import ProcessList
from app.tabs.monitor.trial import Trial
from app.tabs.monitor.who import conditions, who_can_see
from app.tabs.monitor.who_table import WhoTable
from app.tabs.monitor.words import Row, clock, limit_rows, monitor_words, process_words
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from app.words.ledger import ledger_words
from app.words.translation import translate
from inspector.licences.report import LicenceReport
from runner.errors import RunnerError
from runner.library import paths
from runner.porter.wire import Attempt, Facts, Looked
from runner.protocol.common import Ended
from runner.reader_client import Ticket

REFRESH_MS = 1000
LOOK_EVERY = 5
"""Sockets are counted every so many refreshes, and at once when a process comes."""

DEADLINE_S = 20.0


class MonitorTab(QWidget):
    """Shows what the porter read and counted; draws and counts only while it is seen.

    Thread: GUI.
    """

    key = "monitor"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = translate("MonitorTab", "Monitor")
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._licences: LicenceReport | None = None
        self._limits: tuple[Row, ...] = ()
        self._refreshes = 0
        self._around = self._look_around()
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._on_second)
        context.mailbox.arrived.connect(self._on_arrived)

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows what is known of this model's copy and licence from now on."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ref, self._ticket, self._licences = ref, None, None
        if ref is not None:
            self._ticket = self._context.reader.ask(
                "licences",
                arguments.Licences(path=str(ref.path)),
                LicenceReport,
                self._on_licences,
                self._on_failed,
                deadline_s=DEADLINE_S,
                readable=files_of_model(ref.path),
            )
        self._back.show_model(ref)
        self._refresh_back()
        self.refresh()

    # ---- what tests and pictures reach for ------------------------------------------------------

    @property
    def who(self) -> WhoTable:
        """Who can see what."""
        return self._who

    @property
    def processes(self) -> ProcessList:
        """What is in force for each process."""
        return self._processes

    @property
    def trial(self) -> Trial:
        """The attempt to phone home."""
        return self._trial

    def rows(self) -> tuple[Row, ...]:
        """Returns what is said of taking the model back, and of what no label covers."""
        return (*self._back.rows(), *self._limits)

    @property
    def ledger(self) -> LedgerSection:
        """Every connection."""
        return self._ledger

    @property
    def back(self) -> BackSection:
        """Whether somebody can take the model back."""
        return self._back

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme, said = self._context.theme, monitor_words().said
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px("space_2")
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px("space_1"))
        self._who = WhoTable(theme)
        self._processes = ProcessList(theme)
        self._again = QPushButton(monitor_words().limits["look_again"])
        set_look(self._again, Look.LINK)
        self._again.clicked.connect(self._context.porter.look)
        self._counted = QLabel()
        self._counted.setWordWrap(True)
        set_look(self._counted, Look.SMALL)
        self._trial = Trial(self._context)
        self._ledger = LedgerSection(self._context)
        self._back = BackSection(self._context)
        self._limit_rows = FactRows(gap=theme.px("space_1"))
        for title, parts in (
            (said["who_title"], (self._who,)),
            # Above the list, which grows and shrinks as readers come and go: a button that moves
            # under the pointer is missed.
            (said["try_title"], (self._trial,)),
            (ledger_words().said["title"], (self._ledger,)),
            (said["live_title"], (self._again, self._counted, self._processes)),
            (said["back_title"], (self._back,)),
            (said["limits_title"], (self._limit_rows,)),
        ):
            heading = QLabel(title)
            heading.setWordWrap(True)
            set_look(heading, Look.HEADING)
            if column.count():
                column.addSpacing(theme.px("space_2"))
            column.addWidget(heading)
            for part in parts:
                if part is self._again:
                    column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)
                else:
                    column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    # ---- showing --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Counts at once, and goes on while it is seen."""
        super().showEvent(event)
        self._around = self._look_around()
        self._context.porter.look()
        self._timer.start()
        self._ledger.refresh()
        self._ledger.check()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Counts no more."""
        super().hideEvent(event)
        self._timer.stop()

    def refresh(self) -> None:
        """Draws everything from one snapshot."""
        snapshot = self._context.porter.snapshot()
        ref, around = self._ref, self._around
        held = conditions(
            snapshot,
            is_starter=ref is not None and ref.is_starter,
            is_kept=self._context.store.is_kept,
            is_private=around.is_private is True,
            is_superuser=around.is_superuser,
            is_fetched=self._back.is_fetched,
            with_account=self._back.learned.with_account,
            is_on_request=self._back.learned.is_on_request,
            was_online=self._context.traffic.since_load.connections > 0,
        )
        counted_at = snapshot.looked.at if snapshot.looked else 0.0
        self._who.show_cells(who_can_see(held), counted_at)
        self._processes.show_processes(process_words(snapshot, self._context.traffic))
        self._counted.setText(
            monitor_words()
            .limits["app_value"]
            .format(refused=snapshot.refused, at=clock(counted_at))
        )
        self._limits = self._fill(
            self._limit_rows, self._limits, limit_rows(around, str(self._folder()))
        )

    def _refresh_back(self) -> None:
        self._back.refresh(self._licences, is_reading=self._ticket is not None)

    def _fill(
        self, rows: FactRows, before: tuple[Row, ...], now: tuple[Row, ...]
    ) -> tuple[Row, ...]:
        """Draws rows where they differ from what is shown; what is selected stays otherwise."""
        if now != before:
            rows.clear()
            for row in now:
                rows.add(row.label, row.value, row.source)
        return now

    def _folder(self) -> Path:
        return paths.database_file().parent

    def _look_around(self) -> Surroundings:
        return look_around(self._folder())

    # ---- hearing --------------------------------------------------------------------------------

    def _on_second(self) -> None:
        self._refreshes += 1
        if self._refreshes % LOOK_EVERY == 0:
            self._context.porter.look()
        self.refresh()

    def _on_arrived(self, events: list[object]) -> None:
        if not self.isVisible():
            return
        if any(isinstance(event, Looked) for event in events):
            self._refresh_back()
        if any(isinstance(event, Facts | Attempt | Looked | Ended) for event in events):
            self.refresh()

    def _on_licences(self, report: LicenceReport) -> None:
        self._ticket, self._licences = None, report
        self._refresh_back()

    def _on_failed(self, error: RunnerError) -> None:
        """What could not be read is not assessed; the Licence tab says why."""
        self._ticket = None
        self._refresh_back()
