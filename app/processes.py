"""The table of process kinds: name → module, posture and limits.

Standard library only: the porter reads it. A front end may ask for any kind that is no front end.
"""

from app import front_ends
from runner.hub_address import VARIABLE
from runner.porter.hubs import HUB, TOKEN
from runner.porter.kinds import Kind, Posture, Table

LANGUAGE = ("LANG", "LC_ALL", "LC_CTYPE")
"""How a child's library messages are encoded."""

GPU = ("CUDA_VISIBLE_DEVICES", "GGML_VK_VISIBLE_DEVICES", "VK_DRIVER_FILES", "LD_LIBRARY_PATH")
"""Which devices a person lets the engine use, and where their drivers lie."""

ENDPOINT = VARIABLE
"""Another Hub than the usual one; the person's own variable. What a front end names besides is asked
about by the porter."""

PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
"""The way to the internet that a person's network wants; the gate alone gets it, log-in included."""

READER_MEMORY_BYTES = 2 * 1024**3
COURIER_MEMORY_BYTES = 1024**3


def table() -> Table:
    """Returns every kind of process by its name."""
    kinds = (
        Kind(
            name="window",
            module=front_ends.WINDOW,
            posture=Posture.LOCAL_ONLY,
            front_end=True,
            draws=True,
        ),
        Kind(
            name="terminal",
            module=front_ends.TERMINAL,
            posture=Posture.LOCAL_ONLY,
            front_end=True,
        ),
        Kind(
            name="confirm",
            module="app.confirm_process",
            posture=Posture.LOCAL_ONLY,
            front_end=True,
            draws=True,
        ),
        Kind(
            name="engine",
            module="runner.engine.process",
            posture=Posture.NO_NETWORK,
            environment=LANGUAGE + GPU,
            devices=True,
            first_to_die=True,
        ),
        Kind(
            name="echo",
            module="runner.engine.process",
            posture=Posture.NO_NETWORK,
            environment=LANGUAGE,
            first_to_die=True,
        ),
        Kind(
            name="reader",
            module="app.reader.process",
            posture=Posture.NO_NETWORK,
            environment=LANGUAGE,
            data_limit_bytes=READER_MEMORY_BYTES,
            first_to_die=True,
        ),
        Kind(
            name="gate",
            module="runner.gate.process",
            posture=Posture.INTERNET,
            environment=(*LANGUAGE, ENDPOINT, *PROXIES),
            options=frozenset({HUB}),
            has_link=True,
        ),
        Kind(
            name="courier",
            module="runner.courier.process",
            posture=Posture.GATE_ONLY,
            environment=(*LANGUAGE, ENDPOINT),
            options=frozenset({HUB, TOKEN}),
            data_limit_bytes=COURIER_MEMORY_BYTES,
            first_to_die=True,
            link_to="gate",
            writes=True,
        ),
    )
    return {kind.name: kind for kind in kinds}
