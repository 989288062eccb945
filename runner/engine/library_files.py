"""What the engine's library was built with, read from its file: nothing of it is loaded or run.

A compiler leaves its name in the section `.comment`, and the linker the names of the libraries that
the system has to bring. Knows ELF, the format of Linux; anywhere else nothing is known.
"""

import importlib.util
import re
import struct
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = "llama_cpp"
COMPUTES = "libggml-cpu.so"
LONGEST_SECTION = 1 << 20

_ELF64_LITTLE = b"\x7fELF\x02\x01"
_SECTION = struct.Struct("<IIQQQQIIQQ")
_DYNAMIC = struct.Struct("<qQ")
_NEEDED, _END = 1, 0
_BACKEND = re.compile(r"libggml-([a-z0-9]+)\.so$")
_NO_DEVICE = frozenset({"base", "cpu", "blas", "rpc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltWith:
    """What is known of the engine's build.

    Attributes:
        file: the library that was read.
        package: what brought it, with its version.
        compiler: as it names itself; empty where it left no name.
        libraries: what the system has to bring.
        devices: backends for graphics processors, such as `cuda`.
    """

    file: str
    package: str
    compiler: str
    libraries: tuple[str, ...]
    devices: tuple[str, ...]


@cache
def built_with() -> BuiltWith | None:
    """Returns what the installed library was built with; None where that can't be read."""
    try:
        found = importlib.util.find_spec(PACKAGE)
    except ImportError:
        return None
    if found is None or found.origin is None:
        return None
    return read_build(Path(found.origin).parent / "lib")


def read_build(folder: Path) -> BuiltWith | None:
    """Returns what the library in `folder` was built with; None where that can't be read."""
    path = folder / COMPUTES
    try:
        sections = _sections(path)
        names = sorted(one.name for one in folder.iterdir())
    except (OSError, OverflowError, struct.error, IndexError, ValueError):
        return None
    own = {name.split(".so")[0] for name in names}
    needed = _needed(sections.get(".dynamic", b""), sections.get(".dynstr", b""))
    backends = (_BACKEND.match(name) for name in names)
    return BuiltWith(
        file=path.name,
        package=_package(),
        compiler=_first_text(sections.get(".comment", b"")),
        libraries=tuple(one for one in needed if one.split(".so")[0] not in own),
        devices=tuple(one[1] for one in backends if one and one[1] not in _NO_DEVICE),
    )


def _package() -> str:
    try:
        return f"llama-cpp-python {version('llama_cpp_python')}"
    except PackageNotFoundError:
        return ""


def _sections(path: Path) -> dict[str, bytes]:
    """Returns the few sections that are read here, by name."""
    with path.open("rb") as file:
        head = file.read(64)
        if not head.startswith(_ELF64_LITTLE):
            raise ValueError("no ELF file of 64 bits")
        start = struct.unpack_from("<Q", head, 40)[0]
        size, count, names_at = struct.unpack_from("<HHH", head, 58)
        if size != _SECTION.size:
            raise ValueError("unknown section headers")
        file.seek(start)
        raw = file.read(size * count)
        every = [_SECTION.unpack_from(raw, at * size) for at in range(count)]

        def content(section: tuple[int, ...]) -> bytes:
            file.seek(section[4])
            return file.read(min(section[5], LONGEST_SECTION))

        names = content(every[names_at])
        wanted = {".comment", ".dynamic", ".dynstr"}
        named = ((_text_at(names, one[0]), one) for one in every)
        return {name: content(one) for name, one in named if name in wanted}


def _needed(dynamic: bytes, names: bytes) -> list[str]:
    found = []
    for at in range(0, len(dynamic) - _DYNAMIC.size + 1, _DYNAMIC.size):
        tag, value = _DYNAMIC.unpack_from(dynamic, at)
        if tag == _END:
            break
        if tag == _NEEDED and (name := _text_at(names, value)):
            found.append(name)
    return found


def _text_at(texts: bytes, start: int) -> str:
    return texts[start : texts.find(b"\0", start)].decode("ascii", "replace")


def _first_text(texts: bytes) -> str:
    return texts.strip(b"\0").split(b"\0")[0].decode("ascii", "replace").strip()
