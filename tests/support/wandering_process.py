"""A courier that was taken over: it tries every way past the gate, native ones included."""

import ctypes
import os
import sys
from typing import Any

from runner.child.begin import begin


def main() -> int:
    beginning = begin()
    from runner.child.jobs import JobKind, serve_jobs
    from tests.support import routes

    jobs = {
        "routes": JobKind(routes.Targets, lambda targets, tools: routes.try_all(targets)),
        "connect by C": JobKind(int, _connect),
        "datagram pair": JobKind(int, _datagram_pair),
        "say to": JobKind(str, _say_to),
        "xet": JobKind(tuple[str, str], _xet),
        "knocks": JobKind(int, _knocks),
    }
    return serve_jobs(beginning, jobs, {"tests": "1"}, ())


def _connect(port: int, tools: Any) -> str:
    """Connects past Python, as native code would."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.socket(2, 1, 0) < 0:
        return os.strerror(ctypes.get_errno())
    return "open"


def _datagram_pair(_: int, tools: Any) -> str:
    """A local datagram socket could send to any address in the file system."""
    pair = (ctypes.c_int * 2)()
    library = ctypes.CDLL(None, use_errno=True)
    if library.socketpair(1, 2, 0, pair) < 0:
        return os.strerror(ctypes.get_errno())
    return "open"


def _say_to(path: str, tools: Any) -> str:
    """Sends over a pair that it may make, to an address that it may not."""
    library = ctypes.CDLL(None, use_errno=True)
    pair = (ctypes.c_int * 2)()
    if library.socketpair(1, 1, 0, pair) < 0:
        return "no pair at all"
    address = b"\x01\x00" + path.encode() + b"\0"
    if library.sendto(pair[0], b"x", 1, 0, address, len(address)) < 0:
        return os.strerror(ctypes.get_errno())
    return "open"


def _knocks(times: int, tools: Any) -> int:
    """Asks the gate for a host that is not listed, again and again; returns how often it answered."""
    from runner.channel import packets
    from runner.confine.openings import LINK

    link, answered = packets.stream_at(LINK), 0
    for _ in range(times):
        ours, theirs = packets.pair()
        with ours, theirs:
            packets.send(link, b"[1, 0]", [theirs.fileno()])
            theirs.close()
            os.read(ours.fileno(), 1)  # it has taken the connection
            os.write(
                ours.fileno(),
                b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
            )
            answered += b" 403 " in os.read(ours.fileno(), 4096)
    link.detach()  # it stays the process's
    return answered


def _xet(asked: tuple[str, str], tools: Any) -> str:
    """Has the native downloader of the Hub's library fetch a file, with a folder for what it keeps."""
    # In its own home, `/`, an ordinary user's process can write nothing, and it would stop at that.
    endpoint, os.environ["HF_HOME"] = asked
    import hf_xet

    try:
        group = hf_xet.XetSession().new_download_stream_group(endpoint, "token", 2**33)
        for _ in group.download_stream(hf_xet.XetFileInfo("a" * 64, 100)):
            return "fetched"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
