"""Models that other apps have on this computer: found where they lie, never copied or changed."""

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from resources import table
from runner.library.splits import first_of_split, is_later_part, parts_of

MAGIC = b"GGUF"
MOST_LOOKED_AT = 20_000
"""Entries below one place; whoever points a variable at a whole disk must not wait for it."""

DEEPEST = 6
LONGEST_PATH = 4096
LARGEST_MANIFEST = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODEL, _PROJECTOR = "application/vnd.ollama.image.model", "application/vnd.ollama.image.projector"
_OLLAMAS_OWN = ("registry.ollama.ai", "library")


class OtherApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another app, and where it keeps its models."""

    key: str
    name: str
    layout: str
    places: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    app: tuple[OtherApp, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A model of another app.

    Attributes:
        path: its first file.
        name: what that app calls it.
        app: the app's key, and `app_name` its name.
        size: bytes of all its parts.
        repository: where it came from, as far as the place tells; empty where it doesn't, as is
            `commit`.
        sha256: what the app says its hash is; nobody has checked that here.
        is_projector: it is not a model by itself.
    """

    path: Path
    name: str
    app: str
    app_name: str
    size: int
    repository: str = ""
    commit: str = ""
    sha256: str = ""
    is_projector: bool = False


def other_apps() -> tuple[OtherApp, ...]:
    """Returns the apps that are looked for."""
    read: _File = table("library/other_apps.toml", _File)
    return read.app


def found_elsewhere(environment: Mapping[str, str] = os.environ) -> list[Found]:
    """Looks for models of other apps; reads a few bytes of each. Takes a while on a slow disk."""
    found: dict[Path, Found] = {}
    layouts = {"plain": _plain, "hugging face": _hugging_face, "ollama": _ollama}
    for app in other_apps():
        seen: set[Path] = set()
        for place in app.places:
            folder = _folder(place, environment)
            if folder is None or folder in seen or not folder.is_dir():
                continue
            seen.add(folder)
            for one in layouts[app.layout](app, folder):
                # Two names of one file (a cache of links) are one model.
                found.setdefault(one.path.resolve(), one)
    return sorted(found.values(), key=lambda one: (one.app_name, one.name.lower()))


def _folder(place: str, environment: Mapping[str, str]) -> Path | None:
    if place.startswith("<"):
        pointer, _, rest = place[1:].partition(">/")
        named = _named_in(_folder(pointer, environment))
        return named / rest if named else None
    if place.startswith("$"):
        variable, _, rest = place[1:].partition("/")
        value = environment.get(variable, "").strip()
        return Path(value, rest) if value else None
    home = environment.get("HOME", "").strip() or str(Path.home())
    return Path(home, place[2:]) if place.startswith("~/") else Path(place)


def _named_in(pointer: Path | None) -> Path | None:
    """Returns the folder that a small file names; None where it names none."""
    try:
        text = pointer.read_text(encoding="utf-8")[:LONGEST_PATH].strip() if pointer else ""
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text and Path(text).is_absolute() else None


def _plain(app: OtherApp, folder: Path) -> Iterator[Found]:
    for path in _walk(folder):
        if path.suffix.lower() == ".gguf" and (size := _size_of_model(path)):
            below = path.relative_to(folder).parts
            yield Found(
                path=path,
                # Jan calls every file the same; its folder has the model's name.
                name=below[-2] if path.stem == "model" and len(below) > 1 else path.stem,
                app=app.key,
                app_name=app.name,
                size=size,
                repository="/".join(below[:2]) if app.key == "lmstudio" and len(below) > 2 else "",
                is_projector=_is_projector(path.name),
            )


def _hugging_face(app: OtherApp, folder: Path) -> Iterator[Found]:
    for repository in _entries(folder):
        if not repository.name.startswith("models--"):
            continue
        name = repository.name.removeprefix("models--").replace("--", "/")
        for snapshot in _entries(repository / "snapshots"):
            for path in _walk(snapshot):
                if path.suffix.lower() == ".gguf" and (size := _size_of_model(path)):
                    blob = path.resolve().name
                    yield Found(
                        path=path,
                        name=path.stem,
                        app=app.key,
                        app_name=app.name,
                        size=size,
                        repository=name,
                        commit=snapshot.name,
                        sha256=blob if _SHA256.fullmatch(blob) else "",
                        is_projector=_is_projector(path.name),
                    )


def _ollama(app: OtherApp, folder: Path) -> Iterator[Found]:
    manifests = folder / "manifests"
    for manifest in _walk(manifests):
        for kind, digest in _layers(manifest):
            path = folder / "blobs" / f"sha256-{digest}"
            if size := _size_of_model(path):
                *where, name, tag = manifest.relative_to(manifests).parts
                own = tuple(where) == _OLLAMAS_OWN
                yield Found(
                    path=path,
                    name=f"{name if own else '/'.join([*where[1:], name])}:{tag}",
                    app=app.key,
                    app_name=app.name,
                    size=size,
                    sha256=digest,
                    is_projector=kind == _PROJECTOR,
                )


def _layers(manifest: Path) -> Iterator[tuple[str, str]]:
    """Returns kind and hash of the model files that a manifest names."""
    try:
        if manifest.stat().st_size > LARGEST_MANIFEST:
            return
        said = msgspec.json.decode(manifest.read_bytes())
    except (OSError, msgspec.DecodeError, RecursionError):
        return
    layers = said.get("layers") if isinstance(said, dict) else None
    for layer in layers if isinstance(layers, list) else ():
        if not isinstance(layer, dict) or layer.get("mediaType") not in (_MODEL, _PROJECTOR):
            continue
        digest = str(layer.get("digest", "")).removeprefix("sha256:")
        if _SHA256.fullmatch(digest):
            yield str(layer["mediaType"]), digest


def _walk(folder: Path) -> Iterator[Path]:
    """Returns the files below a folder, in bounds; links to folders are not followed."""
    left = MOST_LOOKED_AT
    todo = deque([(folder, 0)])
    while todo:
        here, depth = todo.popleft()
        for entry in _entries(here):
            left -= 1
            if left < 0:
                return
            if entry.is_dir():
                if depth < DEEPEST and not entry.is_symlink() and not entry.name.startswith("."):
                    todo.append((entry, depth + 1))
            else:
                yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _size_of_model(path: Path) -> int:
    """Returns the bytes of a model and its further parts; 0 where it is none, or a later part."""
    if is_later_part(path) and first_of_split(path) != path:
        return 0
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return 0
        return sum(part.stat().st_size for part in parts_of(path))
    except OSError:
        return 0


def _is_projector(name: str) -> bool:
    return "mmproj" in name.lower()
