"""What a front end and the porter say to each other: one JSON object a packet.

Requests are checked field by field, because a front end may have been taken over: the porter does
only what stands here. Standard library only: the porter imports it.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from runner.values import Value, items_of

MAX_PACKET_BYTES = 128 * 1024
MAX_READABLE = 256
MAX_TEXT = 4096
MAX_ADDRESS = 2048
MAX_SECRET = 400
MAX_DETAIL = 500


class Refused(Exception):  # noqa: N818 - the word of the glossary
    """A request that the porter does not carry out.

    Attributes:
        number: the request's, where it is not understood further than that; else 0.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail[:MAX_DETAIL]
        self.number = 0


class Start(Value):
    """Start a process; `number` names it from then on.

    Attributes:
        writable: folders that it may write in, and read; few kinds may have any.
    """

    number: int
    kind: str
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    options: Mapping[str, str] = MappingProxyType({})


class End(Value):
    """End a process by a signal: terminate, or kill where `hard`."""

    number: int
    hard: bool


class Got(Value):
    """The pipe ends of a process have come, so the porter may close its own.

    On macOS a descriptor may be lost that its sender closes while it is on its way.
    """

    number: int


class OpenAddress(Value):
    """Show an address in the person's browser, once the person has agreed to the porter."""

    number: int
    url: str


class OpenFolder(Value):
    """Show a folder in the person's file manager, once the person has agreed to the porter."""

    number: int
    path: Path


class Look(Value):
    """Count the sockets that each process holds now, the porter's own included."""

    number: int


class KeepSecret(Value):
    """Keep the person's token for the Hub in the system's keyring; empty for none any more."""

    number: int
    secret: str


Request = Start | End | Got | OpenAddress | OpenFolder | Look | KeepSecret


class Started(Value):
    """The process runs; its four pipe ends come with this packet.

    Attributes:
        handles: on Windows, where nothing travels, the numbers that they have been given.
        with_token: it was given the person's token out of the system's keyring.
    """

    number: int
    pid: int
    handles: tuple[str, ...] = ()
    with_token: bool = False


class NotDone(Value):
    """A request was refused or failed; for a start, the process does not exist."""

    number: int
    code: str
    detail: str


class Gone(Value):
    """The process has ended and been waited for; `how` is an `EndKind`."""

    number: int
    how: str
    status: int
    tail: str


class Facts(Value):
    """What is in force for a process, as the porter read it.

    Attributes:
        number: the process as the front end knows it; 0 is the front end itself.
        label: one of `runner.confine.labels.Label`.
        means: what enforces it, by name, each proved.
        missing: what would have enforced more and is not there.
        openings: what the process can still reach, in codes.
    """

    number: int
    pid: int
    kind: str
    posture: str
    label: str
    means: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()


class Attempt(Value):
    """The kernel refused a call of a process and told the porter."""

    number: int
    pid: int
    call: str
    at: float
    total: int


class AddressAnswer(Value):
    """What became of an address, a folder or a secret: opened and kept, or declined."""

    number: int
    opened: bool


class Looked(Value):
    """How many sockets each process held at one moment.

    Attributes:
        at: seconds since the epoch.
        porter: the porter's own process id.
        sockets: by process id, how many sockets it held, and how many of them were no local ones;
            -1 where that could not be read. The porter's own is among them.
    """

    number: int
    at: float
    porter: int
    sockets: Mapping[str, tuple[int, int]]


class DesktopSaid(Value):
    """What the desktop says, told to a front end that draws: once at its start, and on changes.

    Attributes:
        number: of the front end.
        scheme: `dark` or `light`; empty where the desktop says neither.
        is_read: a screen reader or another assistive program is announced.
        has_bus: the front end may use the desktop's bus; decided once.
    """

    number: int
    scheme: str
    is_read: bool
    has_bus: bool


Answer = Started | NotDone | Gone | Facts | Attempt | AddressAnswer | Looked | DesktopSaid

_ANSWERS: dict[str, type[Answer]] = {
    kind.__name__: kind
    for kind in (Started, NotDone, Gone, Facts, Attempt, AddressAnswer, Looked, DesktopSaid)
}


def encode(value: Request | Answer) -> bytes:
    """Encodes a request or an answer as one packet."""
    fields = {name: _plain(part) for name, part in items_of(value)}
    return json.dumps({"type": type(value).__name__, **fields}).encode()


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value


def decode_answer(packet: bytes) -> Answer:
    """Decodes what the porter said; the porter is trusted, so faults here are bugs."""
    fields = json.loads(packet)
    kind = _ANSWERS[fields.pop("type")]
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
    return kind(**values)  # type: ignore[arg-type]


def decode_request(packet: bytes) -> Request:
    """Decodes and checks what a front end asked.

    Raises:
        Refused: if it is not exactly one of the requests above.
    """
    try:
        fields = json.loads(packet)
    except (ValueError, RecursionError) as error:
        raise Refused("porter.bad_request", "not JSON") from error
    if not isinstance(fields, dict):
        raise Refused("porter.bad_request", "not an object")
    try:
        return _request(fields)
    except Refused as refusal:
        with contextlib.suppress(Refused, KeyError):
            refusal.number = _number(fields)  # whoever asked waits for an answer
        raise


def _request(fields: dict[str, object]) -> Request:
    kind = fields.pop("type", None)
    if kind == "Start":
        return _start(_exactly(fields, {"number", "kind", "readable", "writable", "options"}))
    if kind == "End":
        fields = _exactly(fields, {"number", "hard"})
        return End(number=_number(fields), hard=fields["hard"] is True)
    if kind == "OpenAddress":
        fields = _exactly(fields, {"number", "url"})
        return OpenAddress(number=_number(fields), url=_address(fields["url"]))
    if kind == "OpenFolder":
        fields = _exactly(fields, {"number", "path"})
        return OpenFolder(number=_number(fields), path=_path(fields["path"]))
    if kind == "KeepSecret":
        fields = _exactly(fields, {"number", "secret"})
        return KeepSecret(number=_number(fields), secret=_text(fields["secret"], MAX_SECRET))
    if kind == "Got":
        return Got(number=_number(_exactly(fields, {"number"})))
    if kind == "Look":
        return Look(number=_number(_exactly(fields, {"number"})))
    raise Refused("porter.bad_request", "unknown type")


def _start(fields: dict[str, object]) -> Start:
    options = fields["options"]
    if not isinstance(options, dict):
        raise Refused("porter.bad_request", "options are no object")
    return Start(
        number=_number(fields),
        kind=_text(fields["kind"], 32),
        readable=_paths(fields["readable"]),
        writable=_paths(fields["writable"]),
        options={_text(name, 32): _text(value, MAX_TEXT) for name, value in options.items()},
    )


def _exactly(fields: dict[str, object], names: set[str]) -> dict[str, object]:
    if set(fields) != names:
        raise Refused("porter.bad_request", "fields missing or unknown")
    return fields


def _number(fields: dict[str, object]) -> int:
    number = fields["number"]
    if type(number) is not int or not 0 < number < 2**31:
        raise Refused("porter.bad_request", "bad number")
    return number


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise Refused("porter.bad_request", "a text is missing, too long or unprintable")
    return value


def _address(value: object) -> str:
    """Takes what a page or a model may have written; what is no address is no fault of ours."""
    if isinstance(value, str) and (len(value) > MAX_ADDRESS or not value.isprintable()):
        raise Refused("porter.bad_address", "it is too long, or has signs that can't be seen")
    return _text(value, MAX_ADDRESS)


def _paths(value: object) -> tuple[Path, ...]:
    if not isinstance(value, list) or len(value) > MAX_READABLE:
        raise Refused("porter.bad_request", "paths are no list, or too many")
    return tuple(_path(path) for path in value)


def _path(value: object) -> Path:
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise Refused("porter.bad_request", "a path is missing or too long")
    path = Path(value)
    if not path.is_absolute():
        raise Refused("porter.bad_request", "a path is not absolute")
    return path
