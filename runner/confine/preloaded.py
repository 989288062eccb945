"""Libraries that somebody has loaded before all others into a program. Standard library only.

They see and change what the program does, within its walls. A child gets named variables alone; a front
end gets a person's own, for its typefaces, display and languages, and these among them.
"""

from collections.abc import Mapping
from pathlib import Path

VARIABLES = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES")
FOR_ALL = Path("/etc/ld.so.preload")
"""What the superuser has loaded into every program."""

PREFIX = "loaded first: "


def preloaded(environment: Mapping[str, str], for_all: Path = FOR_ALL) -> tuple[str, ...]:
    """Names what is loaded first into a front end, and by what."""
    named = [f"{environment[one]} ({one})" for one in VARIABLES if environment.get(one, "").strip()]
    if system := _libraries(for_all):
        named.append(f"{' '.join(system)} ({for_all})")
    return tuple(f"{PREFIX}{one}" for one in named)


def _libraries(for_all: Path) -> list[str]:
    """Reads the file as the C library does: by spaces, lines and colons, without remarks."""
    try:
        lines = for_all.read_text(errors="replace").splitlines()
    except OSError:
        return []
    return [name for line in lines for name in line.partition("#")[0].replace(":", " ").split()]
