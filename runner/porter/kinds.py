"""What the porter needs to know of a kind of process; `app/processes.py` holds the table.

Standard library only: the porter imports it.
"""

from enum import StrEnum

from runner.values import Value


class Posture(StrEnum):
    """How far a process is closed off; a code word that is never shown."""

    NO_NETWORK = "no network"
    LOCAL_ONLY = "local only"
    GATE_ONLY = "gate only"
    INTERNET = "internet"
    LISTEN_ONLY = "listen only"
    UNCONFINED = "unconfined"


class Kind(Value):
    """A kind of process.

    Attributes:
        name: what a front end asks for.
        module: run as `python -m module`.
        posture: how it seals itself before its heavy imports.
        front_end: it holds the socket to the porter, and the porter ends with it.
        draws: it opens windows, for which it needs the display.
        environment: names of variables that it gets from the person's environment, where set.
            A front end gets all but secrets and proxies.
        options: names that a request may set.
        devices: it may use the GPU's device files.
        data_limit_bytes: most private memory, 0 for no limit.
        first_to_die: the system ends it before anything else when memory runs out.
        has_link: it is started with one end of a local socket; the porter keeps the other.
        writes: a request may name folders for it to write in.
        listens: it is started with a socket that takes connections from this computer; the option
            `port` says on which port, 0 for any.
        link_to: the kind whose kept end it is started with; that must run already. A request may name
            the process by its number, with the option `link`; else it is the newest without a link.
    """

    name: str
    module: str
    posture: Posture
    front_end: bool = False
    draws: bool = False
    environment: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
    devices: bool = False
    data_limit_bytes: int = 0
    first_to_die: bool = False
    has_link: bool = False
    writes: bool = False
    listens: bool = False
    link_to: str = ""


LINK = "link"
"""The option by which a request names the process that another is linked to."""

Table = dict[str, Kind]
