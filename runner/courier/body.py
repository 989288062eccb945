"""The body of an answer, as it comes, into room that is there already.

The library copies each byte of a body four times on its way. Where an answer says how long its body
is, all that is left of the connection is that body, and it is read from there at once.
"""

from collections.abc import Callable

import httpcore2
import httpx2

from runner.courier.answers import host
from runner.errors import RunnerError

ReadInto = Callable[[memoryview, float | None], int]


class Body:
    """The bytes of an answer's body, once.

    Thread: one.
    """

    def __init__(self, response: httpx2.Response) -> None:
        self._pieces = response.iter_raw()
        self._piece = memoryview(b"")
        # Where both are said, the body comes in chunks, and its length is not to be gone by.
        in_chunks = "transfer-encoding" in response.headers
        length = "" if in_chunks else response.headers.get("content-length", "")
        read_into = getattr(response.extensions.get("network_stream"), "read_into", None)
        self._read_into: ReadInto | None = read_into if length.isdecimal() else None
        self._left = int(length) if length.isdecimal() else 0
        self._wait_s = response.request.extensions.get("timeout", {}).get("read")
        self._begun = False

    def read_into(self, room: memoryview) -> int:
        """Fills room with what there is, and returns how much that was; nothing at the end.

        Raises:
            RunnerError: `courier.cut_off`, `courier.stalled`.
        """
        if not self._piece and self._begun and self._read_into is not None:
            return self._straight(self._read_into, room[: self._left])
        if not self._piece:
            # What came along with the head lies with the library, and all of it comes at once.
            self._begun = True
            try:
                self._piece = memoryview(next(self._pieces, b""))
            except (httpx2.ReadError, httpx2.RemoteProtocolError) as error:
                raise RunnerError("courier.cut_off", str(error)) from error
        given = min(len(room), len(self._piece))
        room[:given] = self._piece[:given]
        self._piece = self._piece[given:]
        self._left -= given
        return given

    def _straight(self, read_into: ReadInto, room: memoryview) -> int:
        if not room:
            return 0
        try:
            given = read_into(room, self._wait_s)
        except httpcore2.TimeoutException as error:
            raise RunnerError("courier.stalled", str(error), host=host()) from error
        except httpcore2.NetworkError as error:
            raise RunnerError("courier.cut_off", str(error)) from error
        self._left -= given
        return given
