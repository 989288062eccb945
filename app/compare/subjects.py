"""What can stand beside each other: the models of this computer, and reference points. No Qt."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.context import AppContext
from app.words.openness import openness_words
from app.words.translation import translate
from inspector.frameworks.published import ReferencePoint, reference_points
from inspector.untrusted import shown
from runner.store.files import FileState

_LONGEST = 80


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Something to choose.

    Attributes:
        key: names it, over a restart too.
        title: what it is called in the choice, and `name` above its column.
        path: of a file; None of a reference point.
        size: of a file.
    """

    key: str
    title: str
    name: str
    path: Path | None = None
    size: int = 0
    sha256: str = ""
    point: ReferencePoint | None = None


def subjects(context: AppContext) -> tuple[Subject, ...]:
    """Returns the models of this computer, the one in use first, and the reference points.

    Raises:
        RunnerError: the store can't be read.
    """
    return (*_files(context), *_points())


def _files(context: AppContext) -> Iterator[Subject]:
    current = context.models.current
    seen = set()
    if current is not None:
        title = translate("Subjects", "{name} (in use)")
        seen.add(current.path)
        yield _file(
            current.path,
            current.name,
            title,
            size=current.size_bytes or _size(current.path),
            sha256=current.sha256 or "",
        )
    for entry in context.library.entries():
        path = Path(entry.file.path)
        if path not in seen and entry.state is not FileState.GONE:
            seen.add(path)
            yield _file(
                path,
                _name(entry.file.name, path),
                "{name}",
                entry.file.look.size,
                entry.file.sha256,
            )
    starter = context.library.starter.path()
    if starter is not None and starter not in seen:
        yield _file(starter, context.library.starter.name, "{name}", _size(starter))


def _file(path: Path, name: str, title: str, size: int, sha256: str = "") -> Subject:
    short = shown(name, _LONGEST)
    return Subject(
        key=f"file:{path}",
        title=title.format(name=short),
        name=short,
        path=path,
        size=size,
        sha256=sha256,
    )


def _name(name: str, path: Path) -> str:
    return path.stem if name == path.name else name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _points() -> Iterator[Subject]:
    places = openness_words().place
    for point in reference_points():
        yield Subject(
            key=f"point:{point.id}",
            title=f"{point.name}: {places[point.place]}",
            name=point.name,
            point=point,
        )
