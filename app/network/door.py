"""The door to the network: who may go through, who is asked first, and what a closed door ends.

Everything that fetches goes through it, so that one switch holds for everything. Knows no Qt.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.settings import Settings, SettingsFile
from runner.errors import RunnerError

if TYPE_CHECKING:
    from app.network.purposes import Purpose
    from runner.courier.client import CourierClient

STOPPED = "network.stopped"


class Answer(StrEnum):
    """What a person says to a use of the network."""

    ONCE = "once"
    ONLINE = "online"
    NO = "no"


class DoorState(StrEnum):
    """Who may go through now."""

    OFFLINE = "offline"
    ONCE = "once"
    """The switch is at offline, and a use that a person has allowed is under way."""
    ONLINE = "online"


class Asker(Protocol):
    """Asks a person. It calls `answered` at most once, at any later time or at once."""

    def ask(self, purpose: "Purpose", answered: Callable[[Answer], None]) -> Callable[[], None]:
        """Asks about a use; returns what takes the question back."""


Go = Callable[["Visit"], None]
Refused = Callable[[RunnerError], None]


class Visit:
    """One use of the network: it waits for an answer, is open, or is over.

    Whoever asked closes it, whatever came of it; what a person allowed once ends with that.
    """

    def __init__(self, door: "Door", purpose: "Purpose", go: Go, refused: Refused) -> None:
        self.purpose = purpose
        self._door = door
        self._go = go
        self._refused = refused
        self._is_open = False
        self._is_over = False

    @property
    def why(self) -> str:
        """The reason in words, for the ledger."""
        return self.purpose.why

    @property
    def is_open(self) -> bool:
        """Whether it may use the network now."""
        return self._is_open

    @property
    def is_over(self) -> bool:
        """Whether it was closed, refused, or ended by the switch."""
        return self._is_over

    @property
    def courier(self) -> "CourierClient":
        """What asks the Hub; of a visit that is not open, each errand fails with `network.offline`.

        It may have been ended by the switch between two errands, whose failure is told in any case.
        """
        if not self._is_open:
            return self._door.shut_courier
        return self._door.courier.on_behalf_of(self.purpose.who)

    def close(self) -> None:
        """Ends this use, or takes it back where nobody has answered yet; may be called twice."""
        if not self._is_over:
            self.end()
            self._door.left(self)

    # ---- for the door ---------------------------------------------------------------------------

    def end(self) -> None:
        """Marks it as over."""
        self._is_open, self._is_over = False, True

    def open(self) -> None:
        """Lets it through."""
        self._is_open = True
        self._go(self)

    def refuse(self, code: str) -> None:
        """Turns it away."""
        self.end()
        self._refused(RunnerError(code, self.why))


class Door:
    """Lets uses of the network through as the switch and the person say.

    Owned by: the front end's context. Thread: the one that made it, but for `allows`.

    Args:
        settings: has the switch; offline unless a person has changed it.
        make_courier: makes the courier's client, which asks what it is given before each errand.
    """

    def __init__(
        self,
        settings: SettingsFile,
        make_courier: Callable[[Callable[[], bool]], "CourierClient"],
    ) -> None:
        self._settings = settings
        self._make_courier = make_courier
        self._courier: CourierClient | None = None
        self._shut_courier: CourierClient | None = None
        self._joined: list[CourierClient] = []
        self._asker: Asker | None = None
        self._open: list[Visit] = []
        self._waiting: list[Visit] = []
        self._take_back: Callable[[], None] | None = None
        self._listeners: list[Callable[[DoorState], None]] = []
        self._closing: list[Callable[[], None]] = []
        self._told = self.state
        self._hub = settings.current.network.mirror
        settings.listen(self._on_settings)

    @property
    def state(self) -> DoorState:
        """Who may go through now."""
        if self.is_online:
            return DoorState.ONLINE
        return DoorState.ONCE if self._open else DoorState.OFFLINE

    @property
    def is_online(self) -> bool:
        """Whether the switch is at online."""
        return not self._settings.current.network.offline

    @property
    def under_way(self) -> tuple[Visit, ...]:
        """The uses that are open, oldest first."""
        return tuple(self._open)

    @property
    def asking(self) -> "Purpose | None":
        """What a person is being asked about."""
        return self._waiting[0].purpose if self._waiting else None

    @property
    def courier(self) -> "CourierClient":
        """The one courier's client, made at its first use; a visit hands it out."""
        if self._courier is None:
            self._courier = self._make_courier(self.allows)
        return self._courier

    @property
    def shut_courier(self) -> "CourierClient":
        """A client that is never allowed anything, and says so to each errand."""
        if self._shut_courier is None:
            self._shut_courier = self._make_courier(lambda: False)
        return self._shut_courier

    def join(self, courier: "CourierClient") -> "CourierClient":
        """Has the door end another courier's client too, such as one that may write; any thread.

        Whoever made it gives it `allows`, and closes it at the end.
        """
        self._joined.append(courier)
        return courier

    def take_asker(self, asker: Asker) -> None:
        """Asks through `asker` from now on; before that, offline means no."""
        self._asker = asker

    def allows(self) -> bool:
        """Says whether an errand may be begun now."""
        return self.is_online or bool(self._open)

    def listen(self, changed: Callable[[DoorState], None]) -> None:
        """Calls `changed` when who may go through has changed."""
        self._listeners.append(changed)

    def use(self, purpose: "Purpose", go: Go, refused: Refused, *, allowed: bool = False) -> Visit:
        """Asks for a use of the network.

        Exactly one of `go` and `refused` is called, unless the visit is closed before.

        Args:
            purpose: what it is for, in words.
            go: called with the open visit, at once where the switch is at online.
            refused: called with why not.
            allowed: the person has said already, elsewhere, that this may be done once.
        """
        visit = Visit(self, purpose, go, refused)
        if self.is_online or allowed:
            self._let_in(visit)
        elif self._asker is None:
            visit.refuse("network.offline")
        else:
            self._waiting.append(visit)
            self._ask_next()
        return visit

    def go_online(self) -> None:
        """Turns the switch to online; a question that is open has its answer with that."""
        self._settings.change("network", offline=False)

    def go_offline(self) -> None:
        """Turns the switch to offline, and ends whatever is under way, allowed once or not."""
        self._settings.change("network", offline=True)
        self._stop()

    def left(self, visit: Visit) -> None:
        """Hears from a visit that it is over."""
        if visit in self._waiting:
            was_asked = visit is self._waiting[0]
            self._waiting.remove(visit)
            if was_asked:
                self._take_question_back()
                self._ask_next()
        if visit in self._open:
            self._open.remove(visit)
            if not self.allows():
                self._end_processes()
        self._tell()

    def when_closed(self, closing: Callable[[], None]) -> None:
        """Calls `closing` once the door is closed for good."""
        self._closing.append(closing)

    def close(self) -> None:
        """Ends everything for good; nobody is told."""
        while self._closing:
            self._closing.pop()()
        self._listeners.clear()
        self._take_question_back()
        self._waiting.clear()
        self._open.clear()
        if self._courier is not None:
            self._courier.close()

    # ---- one question after the other -----------------------------------------------------------

    def _ask_next(self) -> None:
        if self._asker is None or not self._waiting or self._take_back is not None:
            return
        visit = self._waiting[0]
        # Set first: an asker may answer before it returns.
        self._take_back = _nothing
        take_back = self._asker.ask(visit.purpose, lambda answer: self._answered(visit, answer))
        if self._take_back is _nothing and visit in self._waiting:
            self._take_back = take_back
        self._tell(always=True)

    def _answered(self, visit: Visit, answer: Answer) -> None:
        if visit not in self._waiting:
            return
        self._take_back = None
        if answer is Answer.ONLINE:
            self.go_online()
            return
        self._waiting.remove(visit)
        if answer is Answer.ONCE:
            self._let_in(visit)
        else:
            visit.refuse("network.declined")
        self._ask_next()
        self._tell(always=True)

    def _take_question_back(self) -> None:
        take_back, self._take_back = self._take_back, None
        if take_back is not None:
            take_back()

    # ---- letting in and turning out -------------------------------------------------------------

    def _let_in(self, visit: Visit) -> None:
        self._open.append(visit)
        self._tell()
        visit.open()

    def _on_settings(self, _: Settings) -> None:
        """The switch may have been turned, here or by whoever else changes settings."""
        if self._settings.current.network.mirror != self._hub:
            self._hub = self._settings.current.network.mirror
            self._end_processes()  # they were started for another Hub
        if not self.is_online:
            if self._told is DoorState.ONLINE:
                self._stop()
            return
        self._take_question_back()
        waiting, self._waiting = self._waiting, []
        for visit in waiting:
            self._let_in(visit)
        self._tell()

    def _stop(self) -> None:
        ended, self._open = self._open, []
        for visit in ended:
            visit.end()
        self._end_processes()
        self._tell()

    def _end_processes(self) -> None:
        for courier in (*([self._courier] if self._courier else []), *self._joined):
            courier.stop(STOPPED)

    def _tell(self, *, always: bool = False) -> None:
        state = self.state
        if state is self._told and not always:
            return
        self._told = state
        for changed in list(self._listeners):
            changed(state)


def _nothing() -> None:
    """Stands for a question that is being put."""
