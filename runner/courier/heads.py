"""What the head of an answer says of the bytes behind it, and whether that is what was asked for."""

import re

import httpx2

from runner.courier.answers import host, is_html
from runner.errors import RunnerError
from runner.protocol.courier import Fetch

CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
COMMIT = re.compile(r"[0-9a-f]{40}")
LEAST_ANSWER = 256 * 1024
"""Of servers that give less than was asked for at once: each further answer is a connection."""


def range_field(start: int, end: int, size: int) -> dict[str, str]:
    """Returns the field that asks for a stretch; none for a whole file."""
    if end < size:
        return {"Range": f"bytes={start}-{end - 1}"}
    return {"Range": f"bytes={start}-"} if start else {}


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


def check_head(response: httpx2.Response, asked: Fetch, start: int, end: int) -> int:
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
