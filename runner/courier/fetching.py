"""Fetches a file into its part: goes on where it was, believes no answer, hashes what it writes.

One call is one connection, and helpers beside it where they help. Whoever asks decides when to try
again, and shows that it waits.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import httpx2

from runner.child.jobs import JobTools
from runner.courier.answers import accept, host
from runner.courier.body import Body
from runner.courier.heads import check_head, range_field
from runner.courier.part import PartFile
from runner.courier.stripes import Stripe, ahead_of, drop_stripes, take_in
from runner.courier.team import Fetch as FetchStripe
from runner.courier.team import Team
from runner.courier.writer import Writer
from runner.errors import RunnerError
from runner.own_files import open_itself
from runner.protocol.allowance import PIECE, allowance
from runner.protocol.courier import Check, Checked, Fetch, Fetched

TELL_S = 0.2

SLOW_S, SLOW_BYTES = 10.0, 4096
"""A connection over which less comes in that time is as good as dead: another may be better."""

Get = Callable[[Mapping[str, str]], AbstractContextManager[httpx2.Response]]


class Fetching:
    """Keeps the part that it worked on last, so that a new connection need not read it again.

    Thread: the work thread.
    """

    def __init__(self) -> None:
        self._part: PartFile | None = None
        self._of: tuple[str, int, str, str] | None = None
        self._alone = False

    def check(self, asked: Check, tools: JobTools) -> Checked:
        """Reads what is there of a file."""
        part = self._open(asked, 0, tools)
        return Checked(length=part.length + ahead_of(part))

    def fetch(self, asked: Fetch, tools: JobTools, get: Get) -> Fetched:
        """Fetches what is missing of a file.

        Raises:
            RunnerError: codes of `courier` and `fetch`; what came stays, unless it is wrong.
        """
        part = self._open(asked, asked.keep_free, tools)
        received, from_where = 0, ""
        try:
            part.look_for_room()
            while part.length < part.size:
                limit = take_in(part, tools.cancelled)
                if part.length == part.size:
                    break
                stream = self._connection(asked, part, tools, get, limit)
                received += stream.received
                from_where = stream.host
                if tools.cancelled():
                    raise RunnerError("fetch.stopped")
            drop_stripes(part.path)
            part.finish()
            return Fetched(received=received, size=part.size, host=from_where)
        finally:
            if part.length == part.size:
                self._close()

    def _connection(
        self, asked: Fetch, part: PartFile, tools: JobTools, get: Get, limit: int
    ) -> "_Stream":
        """Fetches over one connection, with helpers where they help, up to a place in the file."""
        at = part.length
        fields = range_field(at, limit, part.size)
        team: Team | None = None
        if not self._alone and not asked.rate and limit == part.size and asked.connections > 1:
            most = allowance(part.size, asked.connections).connections
            team = Team(part, _helper(asked, get), most)
        try:
            with get(fields) as response:
                if response.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
                    raise RunnerError("fetch.changed", "shorter than listed", name=asked.repository)
                accept(response, httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT)
                end = check_head(response, asked, at, limit)
                stream = _Stream(asked, part, tools, team)
                stream.take(response, end)
            if team is not None and part.length >= team.first:
                stream.followed(team)
            return stream
        finally:
            if team is not None:
                team.stop()
                self._alone = self._alone or not team.is_wanted

    def _open(self, asked: Check | Fetch, keep_free: int, tools: JobTools) -> PartFile:
        """Returns the part, read to its end: the one at hand, or afresh."""
        wanted = (asked.part, asked.size, asked.sha256, asked.blob)
        part = self._part
        if part is None or self._of != wanted or not part.is_there():
            self._close()
            self._alone = False
            part = PartFile(Path(asked.part), asked.size, asked.sha256, asked.blob)
            part.beside = partial(ahead_of, part)
            self._part, self._of = part, wanted
            last = 0.0

            def tell(length: int) -> None:
                nonlocal last
                if time.monotonic() - last >= TELL_S:
                    last = time.monotonic()
                    tools.progress(length, asked.size)

            part.read_what_is_there(tell, tools.cancelled)
        part.keep_free = keep_free
        return part

    def _close(self) -> None:
        part, self._part, self._of = self._part, None, None
        if part is not None:
            part.close()


class _Stream:
    """The body of one answer on its way into a part.

    Attributes:
        received: how many bytes of it came.
        host: that they came from.
    """

    def __init__(self, asked: Fetch, part: PartFile, tools: JobTools, team: Team | None) -> None:
        self._asked = asked
        self._part = part
        self._tools = tools
        self._team = team
        self._began = self._window = time.monotonic()
        self._window_bytes = 0
        self.received = 0
        self.host = ""

    def take(self, response: httpx2.Response, end: int) -> None:
        """Writes the body, up to a place in the file or to where a helper has begun."""
        self.host = response.url.host
        with self._told():
            self._take(response, end)

    def followed(self, team: Team) -> None:
        """Lets what the helpers bring come behind."""
        with self._told():
            team.follow(self._tools.cancelled)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says again and again how much is there, also while nothing comes: so a stall shows."""
        over = threading.Event()
        teller = threading.Thread(target=self._tell, args=(over,), name="teller", daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()

    def _take(self, response: httpx2.Response, end: int) -> None:
        part, came, team = self._part, self._part.length, self._team
        body = Body(response)
        skip = part.length if response.status_code == httpx2.codes.OK else 0
        with Writer(part) as writer:
            while given := body.read_into(room := writer.room()):
                self.received += given
                self._watch(given)
                fresh = room[min(skip, given) : given]
                skip -= given - len(fresh)
                if came + len(fresh) > part.size:
                    came += len(fresh)
                    break
                if team is not None:
                    team.look(self.received)
                    end = min(end, team.first)
                    fresh = fresh[: end - came]
                came += len(fresh)
                writer.put(room, fresh)
                # At the file's own end it goes on, for what may come beyond it.
                if self._tools.cancelled() or (came >= end < part.size):
                    return
                self._keep_to_rate(self.received)
        if came > part.size:
            part.start_again()
            drop_stripes(part.path)
            raise RunnerError("courier.too_long", f"more than {part.size} bytes")
        if came < end:
            raise RunnerError("courier.cut_off", f"{came} of {part.size} bytes")

    def _tell(self, over: threading.Event) -> None:
        while True:
            self._tools.progress(self._part.length + ahead_of(self._part), self._part.size)
            if over.wait(TELL_S):
                return

    def _watch(self, came: int) -> None:
        self._window_bytes += came
        now = time.monotonic()
        if now - self._window >= SLOW_S:
            if self._window_bytes < SLOW_BYTES:
                raise RunnerError("courier.stalled", f"{self._window_bytes} bytes", host=host())
            self._window, self._window_bytes = now, 0

    def _keep_to_rate(self, received: int) -> None:
        if not self._asked.rate:
            return
        ahead = self._began + received / self._asked.rate - time.monotonic()
        while ahead > 0 and not self._tools.cancelled():
            time.sleep(min(ahead, TELL_S))
            ahead = self._began + received / self._asked.rate - time.monotonic()


def _helper(asked: Fetch, get: Get) -> FetchStripe:
    """Returns what fetches a stretch into a file of its own."""

    def fetch(stripe: Stripe, end: int, unwanted: Callable[[], bool]) -> None:
        with open(stripe.path, "ab", buffering=0, opener=open_itself) as file:
            at = stripe.start + file.tell()
            if at >= end:
                return
            with get({"Range": f"bytes={at}-{end - 1}"}) as response:
                accept(response, httpx2.codes.PARTIAL_CONTENT)
                end = check_head(response, asked, at, end)
                body, room = Body(response), memoryview(bytearray(PIECE))
                while given := body.read_into(room):
                    if unwanted():
                        return
                    at += given
                    if at > end:
                        raise RunnerError("courier.too_long", f"more than {end} bytes")
                    left = room[:given]
                    while left:
                        left = left[file.write(left) :]
            if at < end:
                raise RunnerError("courier.cut_off", f"{at} of {end} bytes")

    return fetch
