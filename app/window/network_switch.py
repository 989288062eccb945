"""The offline switch of the top bar: what the door and the processes say, and the one way to turn it."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.network.door import DoorState
from app.run_facts import is_online
from app.widgets.switch import Switch
from app.window.words_of_states import network_words
from runner.store.ledger_lines import Line

LOOK_MS = 500
"""How often it looks while something may be on its way; it rests while nothing can be."""


class NetworkSwitch(Switch):
    """On means offline. Turning it asks nothing: it is the person's own hand.

    Owned by: the top bar. Thread: GUI.
    """

    changed = Signal()
    """It says something else, which may need another width."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self.setAccessibleName(self.tr("Offline"))
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self.clicked.connect(self._on_clicked)
        context.network.listen(lambda _: self.refresh())
        context.mailbox.arrived.connect(self._on_arrived)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is true now."""
        door = self._context.network
        snapshot = self._context.porter.snapshot()
        traffic = self._context.traffic
        if not is_online(snapshot):
            traffic.gate_gone()
        words = network_words(
            door.state, snapshot, is_asking=door.asking is not None, under_way=len(traffic.open)
        )
        self.setChecked(not door.is_online)
        is_new = words.text != self.text()
        self.setText(words.text)
        self.setToolTip(words.tip)
        self.setAccessibleDescription(f"{words.text}. {words.tip}")
        if is_new:
            self.changed.emit()
        is_settled = door.state is DoorState.OFFLINE and not is_online(snapshot)
        if is_settled:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _on_arrived(self, events: list[object]) -> None:
        if any(isinstance(event, Line) for event in events):
            self.refresh()

    def _on_clicked(self) -> None:
        door, notices = self._context.network, self._context.notices
        if door.is_online:
            count = len(door.under_way)
            door.go_offline()
            notices.toast(_stopped(self, count))
        else:
            door.go_online()
            notices.toast(
                self.tr("Online. Lightwell asks the Hub for what you ask it for, and nothing else.")
            )
        self.refresh()

    def event(self, event: QEvent) -> bool:
        """Says the latest when it is pointed at."""
        if event.type() is QEvent.Type.ToolTip:
            self.refresh()
        return super().event(event)


def _stopped(where: QObject, count: int) -> str:
    if count == 0:
        return where.tr("Offline. Nothing was under way.")
    if count == 1:
        return where.tr("Offline. What was being fetched was stopped.")
    return where.tr("Offline. {count} things that were being fetched were stopped.").format(
        count=count
    )
