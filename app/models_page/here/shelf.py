"""The models of this computer as rows: what each is, whether it fits, when it was used last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.model.ref import ModelRef
from app.models_page.fit import Need, Room, judge
from app.models_page.here.file_facts import FileFacts
from app.models_page.repository.grouping import quantisation_of
from app.models_page.table.open_cell import open_cell, open_column
from app.models_page.table.rows import Cell, Row, said_of
from app.models_page.table.table import Column
from app.words.facts import fact_texts
from app.words.fit import fit_icon, fit_words, seen_words, sum_words
from app.words.licence import finding_words
from app.words.quantities import bytes_in_words
from app.words.summary import parameters_in_words
from app.words.translation import translate
from app.words.wording import words
from inspector.licences.names import identify
from inspector.untrusted import shown
from runner.store.files import FileState, KnownFile
from runner.store.memory import MemoryUse

DAY_S = 86_400.0
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfItem:
    """A model of this computer.

    Attributes:
        file: what the store knows of its first file.
        name: what it is called.
        size: bytes of all its files.
        parts: how many files it has.
        state: what became of it since it was last looked at.
        place: whose it is, in words, such as another app's name; empty for plain files.
        repository: where it was fetched from; empty where it was not, or nobody knows.
        revision, commit: of that repository, at the time; `remote_path` is the file's path there,
            and `promised` the SHA-256 that the Hub listed.
        verified: when its bytes were last found to be those of the Hub; 0 where never.
    """

    file: KnownFile
    name: str
    size: int
    parts: int = 1
    state: FileState = FileState.SAME
    is_starter: bool = False
    is_loaded: bool = False
    is_own: bool = False
    place: str = ""
    repository: str = ""
    revision: str = ""
    commit: str = ""
    remote_path: str = ""
    promised: str = ""
    verified: float = 0.0

    @property
    def path(self) -> Path:
        """Its first file."""
        return Path(self.file.path)

    @property
    def ref(self) -> ModelRef | None:
        """The model to look at; None where its file is gone."""
        if self.state is FileState.GONE:
            return None
        return ModelRef(path=self.path, name=self.name, size_bytes=self.size)


def shelf_columns() -> tuple[Column, ...]:
    """Returns the columns; those that can be missed go first where it is narrow."""
    return (
        Column(translate("Shelf", "Model")),
        Column(translate("Shelf", "What it is"), 17, least=112),
        open_column(least=56),
        Column(translate("Shelf", "Licence"), 14, least=72),
        Column(translate("Shelf", "Size"), 10, least=96),
        Column(translate("Shelf", "This machine"), 19, least=80),
        Column(translate("Shelf", "Last used"), 15, least=128),
    )


def shelf_row(
    item: ShelfItem,
    facts: FileFacts | None,
    room: Room | None,
    now: float,
    uses: Sequence[MemoryUse] = (),
    letters: str | None = None,
) -> Row:
    """Returns the row of a model.

    `uses` are what it was seen to take of this machine's memory, `letters` those of its
    fingerprint, or None where nobody has looked yet.
    """
    cells = (
        _name(item),
        _what(item, facts),
        open_cell(letters, _unseen(item)),
        _licence(item, facts),
        _size(item),
        _fit(item, facts, room, uses),
        _used(item, now),
    )
    said = said_of([column.title for column in shelf_columns()], cells)
    return Row(key=item.file.path, cells=cells, said=said, item=item)


def total_words(items: Sequence[ShelfItem], free_disk: int | None) -> str:
    """Returns how much disk the models take."""
    here = [item for item in items if item.state is not FileState.GONE]
    total = bytes_in_words(sum(item.size for item in here))
    if len(here) == 1:
        text = translate("Shelf", "1 model, {total} on disk").format(total=total)
    else:
        text = translate("Shelf", "{count} models, {total} on disk").format(
            count=len(here), total=total
        )
    if free_disk is not None:
        free = translate("Shelf", "{free} of disk free").format(free=bytes_in_words(free_disk))
        text = f"{text} · {free}"
    return text


def day_words(when: float, now: float) -> str:
    """Returns a day as people say it."""
    then, today = _local(when), _local(now)
    if then.date() == today.date():
        return translate("Shelf", "today")
    days = (today.date() - then.date()).days
    if days == 1:
        return translate("Shelf", "yesterday")
    if 0 < days < 7:
        return translate("Shelf", "{days} days ago").format(days=days)
    return f"{then.day} {then:%b %Y}"


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()


# ---- the cells --------------------------------------------------------------------------------


def _name(item: ShelfItem) -> Cell:
    marks = []
    if item.is_loaded:
        marks.append(translate("Shelf", "loaded"))
    if item.state is FileState.GONE:
        marks.append(translate("Shelf", "no longer there"))
    elif item.state is FileState.CHANGED:
        marks.append(translate("Shelf", "changed since it was opened"))
    if item.is_starter:
        marks.append(translate("Shelf", "comes with Lightwell"))
    elif item.place:
        marks.append(item.place)
    if item.repository:
        marks.append(shown(item.repository, _LONGEST))
    elif not item.is_starter and not item.place:
        marks.append(shown(str(item.path.parent), _LONGEST))
    icon, role = "models", "faint"
    if item.is_loaded:
        icon, role = "check", "accent"
    elif item.state is not FileState.SAME:
        icon, role = "warning", "warning"
    return Cell(
        shown(item.name, _LONGEST),
        " · ".join(marks),
        icon=icon,
        role=role,
        tip=str(item.path),
        faint=item.state is FileState.GONE,
    )


def _what(item: ShelfItem, facts: FileFacts | None) -> Cell:
    if facts is None:
        named = quantisation_of(item.path.stem)
        tip = translate("Shelf", "Source: the file's name; its header has not been read yet.")
        return Cell(named or _unknown(), tip=tip, faint=not named)
    if facts.error:
        said = words(facts.error, name=item.name, path=item.path.name)
        return Cell(translate("Shelf", "can't be read"), tip=said.title, faint=True)
    if facts.kind not in {"", "model"}:
        return Cell(fact_texts().purposes.get(facts.kind, facts.kind))
    parts = [parameters_in_words(facts.parameters)] if facts.parameters else []
    parts += [facts.quantisation] if facts.quantisation else []
    return Cell(
        " · ".join(parts) or _unknown(),
        shown(facts.architecture, 40),
        tip=translate("Shelf", "Source: the file's header."),
        faint=not parts,
    )


def _licence(item: ShelfItem, facts: FileFacts | None) -> Cell:
    if facts is None and item.state is not FileState.GONE:
        tip = translate("Shelf", "Its header has not been read yet.")
        return Cell(translate("Shelf", "not read yet"), tip=tip, faint=True)
    if facts is None or facts.error:
        return Cell(_unknown(), faint=True)
    if not facts.licence:
        tip = translate(
            "Shelf", "The file states none. Its card or repository may; unknown is not “none”."
        )
        return Cell(translate("Shelf", "none stated"), tip=tip, faint=True)
    tip = translate("Shelf", "As the file's header states it: {label}").format(
        label=shown(facts.licence, _LONGEST)
    )
    named = identify(facts.licence)
    under = ""
    if facts.contradiction is not None:
        under = translate("Shelf", "text differs")
        tip = f"{finding_words(facts.contradiction)}\n{tip}"
    return Cell(named.id or shown(facts.licence, 60), under, tip=tip)


def _unseen(item: ShelfItem) -> str:
    if item.state is FileState.GONE:
        return translate("Shelf", "The file is no longer there.")
    return translate("Shelf", "Its turn comes, or choose it.")


def _size(item: ShelfItem) -> Cell:
    under = ""
    if item.parts > 1:
        under = translate("Shelf", "{count} files").format(count=item.parts)
    return Cell(bytes_in_words(item.size), under, tip=translate("Shelf", "Source: the disk."))


def _fit(
    item: ShelfItem, facts: FileFacts | None, room: Room | None, uses: Sequence[MemoryUse]
) -> Cell:
    seen = seen_words(uses)
    if item.is_loaded:
        under = ""
        if uses:
            size = bytes_in_words(uses[0].most)
            under = translate("Shelf", "takes {size}").format(size=size)
        return Cell(translate("Shelf", "loaded"), under, icon="check", role="accent", tip=seen)
    need = facts.need if facts is not None else None
    level = judge(need, room)
    icon, role = fit_icon(level)
    return Cell(
        fit_words(level),
        _taken(need, uses),
        icon=icon,
        role=role,
        tip="\n".join(part for part in (sum_words(need, room), seen) if part),
    )


def _taken(need: Need | None, uses: Sequence[MemoryUse]) -> str:
    """Returns what was worked out, and beside it what was seen here."""
    parts = [bytes_in_words(need.total)] if need is not None else []
    if uses:
        took = translate("Shelf", "took {size}")
        parts.append(took.format(size=bytes_in_words(uses[0].most)))
    return ", ".join(parts)


def _used(item: ShelfItem, now: float) -> Cell:
    if item.file.last_used is None:
        added = translate("Shelf", "added {day}").format(day=day_words(item.file.added, now))
        return Cell(translate("Shelf", "never"), added if item.file.added else "", faint=True)
    return Cell(day_words(item.file.last_used, now))


def _unknown() -> str:
    return translate("Shelf", "unknown")
