"""Fetches a file into its part: goes on where it was, believes no answer, hashes what it writes.

One call is one connection, and helpers beside it where they help. Whoever asks decides when to try
again, and shows that it waits.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import httpx2

from runner.child.jobs import JobTools
from runner.courier.answers import accept, host, is_html
from runner.courier.part import PartFile, Writer
from runner.courier.stripes import Stripe, ahead_of, drop_stripes, take_in
from runner.courier.team import Fetch as FetchStripe
from runner.courier.team import Team
from runner.errors import RunnerError
from runner.own_files import open_itself
from runner.protocol.courier import Check, Checked, Fetch, Fetched

CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
COMMIT = re.compile(r"[0-9a-f]{40}")
TELL_S = 0.2
BLOCK = 1024 * 1024

SLOW_S, SLOW_BYTES = 10.0, 4096
"""A connection over which less comes in that time is as good as dead: another may be better."""

LEAST_ANSWER = 256 * 1024
"""Of servers that give less than was asked for at once: each further answer is a connection."""

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
        fields = _range(at, limit, part.size)
        team: Team | None = None
        if not self._alone and not asked.rate and limit == part.size and asked.connections > 1:
            team = Team(part, _helper(asked, get), asked.connections)
        try:
            with get(fields) as response:
                if response.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
                    raise RunnerError("fetch.changed", "shorter than listed", name=asked.repository)
                accept(response, httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT)
                end = _check_head(response, asked, at, limit)
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
        skip = part.length if response.status_code == httpx2.codes.OK else 0
        with Writer(part) as writer:
            for chunk in chunks(response):
                self.received += len(chunk)
                self._watch(len(chunk))
                fresh = memoryview(chunk)[skip:]
                skip -= len(chunk) - len(fresh)
                if came + len(fresh) > part.size:
                    came += len(fresh)
                    break
                if team is not None:
                    team.look(self.received)
                    end = min(end, team.first)
                    fresh = fresh[: end - came]
                came += len(fresh)
                if fresh:
                    writer.put(fresh)
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
                end = _check_head(response, asked, at, end)
                for chunk in chunks(response):
                    if unwanted():
                        return
                    at += len(chunk)
                    if at > end:
                        raise RunnerError("courier.too_long", f"more than {end} bytes")
                    file.write(chunk)
            if at < end:
                raise RunnerError("courier.cut_off", f"{at} of {end} bytes")

    return fetch


def _range(start: int, end: int, size: int) -> dict[str, str]:
    """Returns the field that asks for a stretch; none for a whole file."""
    if end < size:
        return {"Range": f"bytes={start}-{end - 1}"}
    return {"Range": f"bytes={start}-"} if start else {}


def chunks(response: httpx2.Response) -> Iterator[bytes]:
    """Returns the body as it comes.

    Raises:
        RunnerError: `courier.cut_off`.
    """
    try:
        yield from response.iter_raw()
    except (httpx2.ReadError, httpx2.RemoteProtocolError) as error:
        raise RunnerError("courier.cut_off", str(error)) from error


def content_range(response: httpx2.Response, listed: int = 0) -> tuple[int, int, int]:
    """Returns first byte, last byte and size of a part of a file, or of a whole one.

    Args:
        response: the answer.
        listed: the size of the whole where the answer does not say it; 0 for unknown.

    Raises:
        RunnerError: `courier.wrong_range`; the answer does not say, or not in those words.
    """
    if response.status_code == httpx2.codes.OK:
        length = response.headers.get("content-length", "")
        size = int(length) if length.isdecimal() else listed
        if not size:
            raise RunnerError("courier.wrong_range", "a body of unknown length")
        return 0, size - 1, size
    said = response.headers.get("content-range", "")
    given = CONTENT_RANGE.fullmatch(said)
    size = listed if given is not None and given[3] == "*" else 0
    if given is None or (given[3] == "*" and not size):
        raise RunnerError("courier.wrong_range", said)
    return int(given[1]), int(given[2]), size or int(given[3])


def plain_etag(said: str) -> str:
    """Returns an entity tag without its quotes; of a large file that is its SHA-256."""
    return said.removeprefix("W/").strip('"').lower()


def _check_head(response: httpx2.Response, asked: Fetch, start: int, end: int) -> int:
    """Lets an answer pass that is of this file and goes on where it should.

    Returns:
        up to where in the file it goes: some servers give less than was asked for.
    """
    if is_html(response):
        raise RunnerError("courier.not_the_hub", host=host())
    if response.headers.get("content-encoding", "identity") != "identity":
        raise RunnerError("courier.wrong_answer", "a compressed body", host=host())
    hub = (response.history or [response])[0].headers
    # A mirror may know branches alone; then it is the hash that pins the file.
    pinned = COMMIT.fullmatch(asked.commit) is not None
    commit = hub.get("x-repo-commit", asked.commit) if pinned else asked.commit
    etag = plain_etag(hub.get("x-linked-etag") or hub.get("etag") or "")
    if commit != asked.commit or (
        asked.sha256 and hub.get("x-linked-etag") and etag != asked.sha256
    ):
        raise RunnerError("fetch.changed", f"{commit} {etag}", name=asked.repository)
    if response.status_code == httpx2.codes.OK:
        length = response.headers.get("content-length", str(asked.size))
        if length != str(asked.size):
            raise RunnerError("fetch.changed", f"{length} bytes", name=asked.repository)
        return end
    first, last, size = content_range(response, asked.size)
    if size != asked.size:
        raise RunnerError("fetch.changed", f"{size} bytes", name=asked.repository)
    if first != start or not min(end, start + LEAST_ANSWER) <= last + 1 <= end:
        raise RunnerError("courier.wrong_range", f"{first}-{last}/{size}")
    return last + 1
