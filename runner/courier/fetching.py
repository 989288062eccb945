"""Fetches a file into its part: goes on where it was, believes no answer, hashes what it writes.

One call is one connection. Whoever asks decides when to try again, and shows that it waits.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2

from runner.child.jobs import JobTools
from runner.courier.answers import accept, host, is_html
from runner.courier.part import PartFile, Writer
from runner.errors import RunnerError
from runner.protocol.courier import Check, Checked, Fetch, Fetched

CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
COMMIT = re.compile(r"[0-9a-f]{40}")
TELL_S = 0.2
BLOCK = 1024 * 1024

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

    def check(self, asked: Check, tools: JobTools) -> Checked:
        """Reads what is there of a file."""
        part = self._open(asked, 0, tools)
        return Checked(length=part.length)

    def fetch(self, asked: Fetch, tools: JobTools, get: Get) -> Fetched:
        """Fetches what is missing of a file.

        Raises:
            RunnerError: codes of `courier` and `fetch`; what came stays, unless it is wrong.
        """
        part = self._open(asked, asked.keep_free, tools)
        try:
            part.look_for_room()
            if part.length == part.size:
                part.finish()
                return Fetched(received=0, size=part.size)
            fields = {"Range": f"bytes={part.length}-"} if part.length else {}
            with get(fields) as response:
                if response.status_code == httpx2.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    raise RunnerError("fetch.changed", "shorter than listed", name=asked.repository)
                accept(response, httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT)
                _check_head(response, asked)
                received = _Stream(asked, part, tools).take(response)
                if tools.cancelled():
                    raise RunnerError("fetch.stopped")
                part.finish()
                return Fetched(received=received, size=part.size, host=response.url.host)
        finally:
            if part.length == part.size:
                self._close()

    def _open(self, asked: Check | Fetch, keep_free: int, tools: JobTools) -> PartFile:
        """Returns the part, read to its end: the one at hand, or afresh."""
        wanted = (asked.part, asked.size, asked.sha256, asked.blob)
        part = self._part
        if part is None or self._of != wanted or not part.is_there():
            self._close()
            part = PartFile(Path(asked.part), asked.size, asked.sha256, asked.blob)
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
    """The body of one answer on its way into a part."""

    def __init__(self, asked: Fetch, part: PartFile, tools: JobTools) -> None:
        self._asked = asked
        self._part = part
        self._tools = tools
        self._began = self._window = time.monotonic()
        self._window_bytes = 0

    def take(self, response: httpx2.Response) -> int:
        """Writes the body; returns how many bytes of it came."""
        over = threading.Event()
        teller = threading.Thread(target=self._tell, args=(over,), name="teller", daemon=True)
        teller.start()
        try:
            return self._take(response)
        finally:
            over.set()
            teller.join()

    def _take(self, response: httpx2.Response) -> int:
        part, received, came = self._part, 0, self._part.length
        skip = part.length if response.status_code == httpx2.codes.OK else 0
        with Writer(part) as writer:
            for chunk in _chunks(response):
                received += len(chunk)
                self._watch(len(chunk))
                fresh = memoryview(chunk)[skip:]
                skip -= len(chunk) - len(fresh)
                came += len(fresh)
                if came > part.size:
                    break
                if fresh:
                    writer.put(fresh)
                if self._tools.cancelled():
                    return received
                self._keep_to_rate(received)
        if came > part.size:
            part.start_again()
            raise RunnerError("courier.too_long", f"more than {part.size} bytes")
        if came < part.size:
            raise RunnerError("courier.cut_off", f"{came} of {part.size} bytes")
        return received

    def _tell(self, over: threading.Event) -> None:
        """Says again and again how much is there, also while nothing comes: so a stall shows."""
        while True:
            self._tools.progress(self._part.length, self._part.size)
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


def _chunks(response: httpx2.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_raw()
    except (httpx2.ReadError, httpx2.RemoteProtocolError) as error:
        raise RunnerError("courier.cut_off", str(error)) from error


def content_range(response: httpx2.Response) -> tuple[int, int, int]:
    """Returns first byte, last byte and size of a part of a file, or of a whole one.

    Raises:
        RunnerError: `courier.wrong_range`; the answer does not say, or not in those words.
    """
    if response.status_code == httpx2.codes.OK:
        length = response.headers.get("content-length", "")
        if not length.isdecimal():
            raise RunnerError("courier.wrong_range", "a body of unknown length")
        return 0, int(length) - 1, int(length)
    said = response.headers.get("content-range", "")
    given = CONTENT_RANGE.fullmatch(said)
    if given is None:
        raise RunnerError("courier.wrong_range", said)
    return int(given[1]), int(given[2]), int(given[3])


def _check_head(response: httpx2.Response, asked: Fetch) -> None:
    """Lets an answer pass that is of this file and, as a part, goes on where the part ends."""
    if is_html(response):
        raise RunnerError("courier.not_the_hub", host=host())
    if response.headers.get("content-encoding", "identity") != "identity":
        raise RunnerError("courier.wrong_answer", "a compressed body", host=host())
    hub = (response.history or [response])[0].headers
    # A mirror may know branches alone; then it is the hash that pins the file.
    pinned = COMMIT.fullmatch(asked.commit) is not None
    commit = hub.get("x-repo-commit", asked.commit) if pinned else asked.commit
    etag = (hub.get("x-linked-etag") or hub.get("etag") or "").removeprefix("W/").strip('"')
    if commit != asked.commit or (
        asked.sha256 and hub.get("x-linked-etag") and etag != asked.sha256
    ):
        raise RunnerError("fetch.changed", f"{commit} {etag}", name=asked.repository)
    if response.status_code == httpx2.codes.OK:
        length = response.headers.get("content-length", str(asked.size))
        if length != str(asked.size):
            raise RunnerError("fetch.changed", f"{length} bytes", name=asked.repository)
        return
    first, last, size = content_range(response)
    if size != asked.size:
        raise RunnerError("fetch.changed", f"{size} bytes", name=asked.repository)
    requested = response.request.headers.get("range", "bytes=0-").removeprefix("bytes=")
    if f"{first}-" != requested or last != size - 1:
        raise RunnerError("courier.wrong_range", f"{first}-{last}/{size}")
