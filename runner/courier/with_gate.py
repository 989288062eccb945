"""Starts a courier with a gate of its own, and writes into the ledger what the gate announces."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from runner.budget import Budget
from runner.porter.client import NO_OPTIONS, PorterClient
from runner.porter.handle import Child, EventListener, FrameListener, ignore
from runner.porter.hubs import HUB
from runner.porter.kinds import LINK
from runner.protocol import gate
from runner.protocol.common import Ended
from runner.protocol.gate import Announce, Passing, Written
from runner.store import ledger_lines
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Entry, Event, Line

MOST_LINES = 1000
"""So many connections, look-ups and refusals at once, and a tenth of it each second. A courier that was taken
over could otherwise fill the disk with lines, none of which the ledger may drop."""

CLOSED_LATER = frozenset({Event.CONNECTION, Event.LOOK_UP})
"""Of these a result is told."""

TOKEN = "token"  # noqa: S105 - a word of the ledger's lines

FELL = "cut off: the gate ended before it told more"
"""What stands as the end of whatever a gate had open that fell."""

TOO_MANY = "more than a thousand at once; gate and courier were ended"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why an errand is done, as the ledger has it.

    Attributes:
        who: asked for it.
        why: in words.
        agent: what the courier says of itself.
        account: `token` where the errand brings a token of the person's along, else `none`.
    """

    who: str = "courier"
    why: str = ""
    agent: str = ""
    account: str = ""


class GateClerk:
    """Writes what one gate announces into the ledger, and tells it once the line is on the disk.

    Thread: any.

    Args:
        ledger: where the lines go.
        reason: returns why an errand is done.
    """

    def __init__(self, ledger: Ledger, reason: Callable[[int], Reason]) -> None:
        self._ledger = ledger
        self._reason = reason
        self._open: dict[int, Line] = {}
        self._passed: dict[int, Passing] = {}
        self._is_gone = False
        self._budget = Budget(MOST_LINES)
        self._is_over = False
        self.gate: Child | None = None
        self.courier: Child | None = None

    def hear(self, message: msgspec.Struct) -> None:
        """Takes a message of the gate; its end is the courier's too."""
        if isinstance(message, Ended):
            if self.courier is not None:
                self.courier.kill()
            self._is_gone = True
            for number in list(self._open):
                self._close(number)
        if isinstance(message, Passing) and (line := self._open.get(message.of)) is not None:
            self._passed[message.of] = message
            self._ledger.pass_on(
                ledger_lines.Passing(
                    number=line.number, bytes_up=message.bytes_up, bytes_down=message.bytes_down
                )
            )
        if isinstance(message, Announce):
            try:
                entry = self._entry(message)
            except ValueError:
                self._answer(message.number, done=False)
                return
            # What closes a line is taken with that line, once.
            if not entry.of and not self._is_taken():
                self._answer(message.number, done=False)
                return
            added = self._ledger.add(entry)
            added.add_done_callback(lambda added: self._written(message.number, added))

    def _is_taken(self) -> bool:
        """Says whether one more line is begun; ends both processes where there are too many."""
        if not self._is_over and not self._budget.take():
            self._is_over = True
            self._ledger.add(Entry(event=Event.REFUSED, who="store", result=TOO_MANY))
            for child in (self.courier, self.gate):
                if child is not None:
                    child.kill()
        return not self._is_over

    def _entry(self, message: Announce) -> Entry:
        event = Event(message.event)
        begun = self._open.pop(message.of, None) if event is Event.RESULT else None
        self._passed.pop(message.of, None)
        # A connection may be open for longer than its errand's reason is remembered.
        reason = _reason_of(begun.entry) if begun else self._reason(message.errand)
        return Entry(
            event=event,
            of=begun.number if begun else 0,
            who=reason.who,
            why=reason.why,
            method=message.method,
            host=message.host,
            port=message.port,
            address=message.address,
            path=message.path,
            bytes_up=message.bytes_up,
            bytes_down=message.bytes_down,
            result=message.result,
            agent=reason.agent,
            account=self._account(reason),
        )

    def _account(self, reason: Reason) -> str:
        """Says whether the courier has a token: from the errand, or from the keyring if that gave one out."""
        in_keyring = self.courier is not None and self.courier.with_token
        return TOKEN if in_keyring else reason.account

    def _written(self, number: int, added: "Future[Line]") -> None:
        done = added.exception() is None
        if done and added.result().entry.event in CLOSED_LATER:
            self._open[number] = added.result()
            if self._is_gone:
                self._close(number)
        self._answer(number, done=done)

    def _close(self, number: int) -> None:
        """Tells the end of what a gate had open that is gone, as far as it is known."""
        if (begun := self._open.pop(number, None)) is None:
            return
        told = self._passed.pop(number, Passing(of=number, bytes_up=0, bytes_down=0))
        self._ledger.add(
            msgspec.structs.replace(
                begun.entry,
                event=Event.RESULT,
                of=begun.number,
                method="",
                host="",
                port=0,
                address="",
                path="",
                bytes_up=told.bytes_up,
                bytes_down=told.bytes_down,
                result=FELL,
            )
        )

    def _answer(self, number: int, *, done: bool) -> None:
        if self.gate is not None:
            self.gate.send(Written(run=number, done=done))


def _reason_of(entry: Entry) -> Reason:
    return Reason(who=entry.who, why=entry.why, agent=entry.agent, account=entry.account)


class WithGate:
    """Starts processes as the porter does, and before a courier the gate that it is linked to.

    Args:
        reason: returns why an errand is done, for the ledger.
        writable: folders that the process may write in, whatever else is asked for it.
        asked: returns what the porter is asked for both: `hub`, another Hub's address, about which
            it asks the person, and for the courier `token`, the one in the system's keyring.
    """

    def __init__(
        self,
        porter: PorterClient,
        ledger: Ledger,
        reason: Callable[[int], Reason],
        writable: Sequence[Path] = (),
        asked: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._asked = asked
        self._porter = porter
        self._ledger = ledger
        self._reason = reason
        self._writable = writable

    def start(
        self,
        kind: str,
        *,
        readable: Sequence[Path] = (),
        options: Mapping[str, str] = NO_OPTIONS,
        events: object = gate.Event,
        on_event: EventListener = ignore,
        on_frame: FrameListener = ignore,
    ) -> Child:
        """Starts a gate and then the process, which gets the other end of the gate's socket."""
        clerk = GateClerk(self._ledger, self._reason)
        options = {**options, **self._asked()}
        of_the_gate = {name: value for name, value in options.items() if name == HUB}
        clerk.gate = self._porter.start(
            "gate", options=of_the_gate, events=gate.Event, on_event=clerk.hear
        )
        # By its number: another gate may be started before the courier is, which can wait for the keyring.
        options[LINK] = str(clerk.gate.number)
        clerk.courier = self._porter.start(
            kind,
            readable=readable,
            writable=self._writable,
            options=options,
            events=events,
            on_event=on_event,
            on_frame=on_frame,
        )
        return clerk.courier
