"""A front end's door to the courier: starts it with a gate of its own, and writes the gate's lines.

Offline is the state in which no gate runs: none is started before something is asked for, and both
end a few seconds after the last errand.
"""

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec

from runner.errors import RunnerError
from runner.porter.client import NO_OPTIONS, PorterClient
from runner.porter.handle import Child, EventListener, FrameListener, ignore
from runner.protocol import gate
from runner.protocol.common import Ended
from runner.protocol.courier import (
    Ask,
    Card,
    Find,
    Range,
    Ranged,
    RemoteFile,
    Repository,
    Search,
)
from runner.protocol.gate import Announce, Written
from runner.reader_client import Deliver, ReaderClient, Ticket, at_once
from runner.store.ledger import Ledger
from runner.store.ledger_lines import Entry, Event, Line

T = TypeVar("T")
Failed = Callable[[RunnerError], None]

WHO = "courier"
DEADLINE_S = 90.0
MOST_REMEMBERED = 256
CERTIFICATES = (Path("/etc/ssl/certs"), Path("/etc/pki/tls/certs"), Path("/etc/ca-certificates"))
"""Where systems keep the certificates that they trust; the courier checks the Hub's by them too."""


class GateClerk:
    """Writes what one gate announces into the ledger, and tells it once the line is on the disk.

    Thread: any.

    Args:
        ledger: where the lines go.
        why: returns the reason of an errand, in words.
    """

    def __init__(self, ledger: Ledger, why: Callable[[int], str]) -> None:
        self._ledger = ledger
        self._why = why
        self._lines: dict[int, int] = {}
        self.gate: Child | None = None
        self.courier: Child | None = None

    def hear(self, message: msgspec.Struct) -> None:
        """Takes a message of the gate; its end is the courier's too."""
        if isinstance(message, Ended) and self.courier is not None:
            self.courier.kill()
        if isinstance(message, Announce):
            try:
                entry = self._entry(message)
            except ValueError:
                self._answer(message.number, done=False)
                return
            added = self._ledger.add(entry)
            added.add_done_callback(lambda added: self._written(message.number, added))

    def _entry(self, message: Announce) -> Entry:
        return Entry(
            event=Event(message.event),
            of=self._lines.get(message.of, 0),
            who=WHO,
            why=self._why(message.errand),
            method=message.method,
            host=message.host,
            port=message.port,
            address=message.address,
            path=message.path,
            bytes_up=message.bytes_up,
            bytes_down=message.bytes_down,
            result=message.result,
        )

    def _written(self, number: int, added: "Future[Line]") -> None:
        done = added.exception() is None
        if done:
            self._lines[number] = added.result().number
        self._answer(number, done=done)

    def _answer(self, number: int, *, done: bool) -> None:
        if self.gate is not None:
            self.gate.send(Written(run=number, done=done))


class WithGate:
    """Starts processes as the porter does, and before a courier the gate that it is linked to."""

    def __init__(self, porter: PorterClient, ledger: Ledger, why: Callable[[int], str]) -> None:
        self._porter = porter
        self._ledger = ledger
        self._why = why

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
        clerk = GateClerk(self._ledger, self._why)
        clerk.gate = self._porter.start("gate", events=gate.Event, on_event=clerk.hear)
        clerk.courier = self._porter.start(
            kind,
            readable=readable,
            options=options,
            events=events,
            on_event=on_event,
            on_frame=on_frame,
        )
        return clerk.courier


class CourierClient:
    """Asks the Hub for things, each with its reason in words.

    Owned by: the front end's context. Thread: any; `done` and `failed` are called through
    `deliver`.

    Args:
        porter: starts the processes.
        ledger: must be kept on a disk, else nothing is fetched.
        deliver: takes each call to make; the window passes its mailbox's `post`.
        allowed: asked before each errand; where it says no, nothing is started or sent.
    """

    def __init__(
        self,
        porter: PorterClient,
        ledger: Ledger,
        deliver: Deliver = at_once,
        allowed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ledger = ledger
        self._allowed = allowed
        self._deliver = deliver
        self._lock = threading.Lock()
        self._errands = itertools.count(1)
        self._reasons: dict[int, str] = {}
        self._client = ReaderClient(WithGate(porter, ledger, self._reason), deliver, "courier")

    def search(
        self,
        words: str,
        why: str,
        done: Callable[[list[Find]], None],
        failed: Failed,
        *,
        most: int = 20,
    ) -> Ticket | None:
        """Searches the Hub for models with GGUF files."""
        return self._ask(
            "search",
            lambda errand: Search(errand=errand, words=words, most=most),
            list[Find],
            why,
            done,
            failed,
        )

    def repository(
        self, name: str, revision: str, why: str, done: Callable[[Repository], None], failed: Failed
    ) -> Ticket | None:
        """Asks what the Hub says of a repository."""
        return self._ask("repository", _about(name, revision), Repository, why, done, failed)

    def files(
        self,
        name: str,
        revision: str,
        why: str,
        done: Callable[[list[RemoteFile]], None],
        failed: Failed,
    ) -> Ticket | None:
        """Asks for the files of a repository, with sizes and hashes."""
        return self._ask("files", _about(name, revision), list[RemoteFile], why, done, failed)

    def card(
        self, name: str, revision: str, why: str, done: Callable[[Card], None], failed: Failed
    ) -> Ticket | None:
        """Asks for the card of a repository."""
        return self._ask("card", _about(name, revision), Card, why, done, failed)

    def range(
        self,
        name: str,
        commit: str,
        path: str,
        start: int,
        length: int,
        why: str,
        done: Callable[[Ranged], None],
        failed: Failed,
    ) -> Ticket | None:
        """Fetches a part of a file; its bytes are the ticket's payload when `done` is called."""
        return self._ask(
            "range",
            lambda errand: Range(
                errand=errand,
                repository=name,
                commit=commit,
                path=path,
                start=start,
                length=length,
            ),
            Ranged,
            why,
            done,
            failed,
        )

    def stop(self, code: str) -> None:
        """Ends courier and gate now; what is under way or waits has failed with `code`.

        The next errand starts both anew.
        """
        self._client.stop(code)

    def close(self) -> None:
        """Ends the courier, and its gate with it."""
        self._client.close()

    def _ask(
        self,
        job: str,
        arguments: Callable[[int], msgspec.Struct],
        shape: type[T],
        why: str,
        done: Callable[[T], None],
        failed: Failed,
    ) -> Ticket | None:
        if not self._allowed():
            self._deliver(lambda: failed(RunnerError("network.offline", why)))
            return None
        if not self._ledger.is_kept:
            self._deliver(lambda: failed(RunnerError("courier.no_ledger")))
            return None
        with self._lock:
            errand = next(self._errands)
            self._reasons[errand] = why
            self._reasons.pop(errand - MOST_REMEMBERED, None)
        trusted = [path for path in CERTIFICATES if path.is_dir()]
        return self._client.ask(
            job,
            arguments(errand),
            shape,
            done,
            lambda error: failed(_of_the_courier(error)),
            deadline_s=DEADLINE_S,
            readable=trusted,
        )

    def _reason(self, errand: int) -> str:
        with self._lock:
            return self._reasons.get(errand, "no reason was given")


def _of_the_courier(error: RunnerError) -> RunnerError:
    """Tells the ways in which a process is lost in words that fit what fetches."""
    if not error.code.startswith("reader."):
        return error
    code = "courier.too_slow" if error.code == "reader.too_slow" else "courier.lost"
    return RunnerError(code, f"{error.code} {error.detail}".strip())


def _about(name: str, revision: str) -> Callable[[int], Ask]:
    return lambda errand: Ask(errand=errand, repository=name, revision=revision)
