"""Sets of harmless prompts: a published one, the app's own, and files that a person opens."""

import csv
import datetime as dt
import hashlib
import io
from pathlib import Path

import msgspec

from inspector.errors import InspectorError
from inspector.untrusted import shown
from resources import data, names, table

OWN_FILE = "safeguards/prompts.toml"
SETS = "safeguards/sets"
LARGEST = 2 * 1024 * 1024
MOST = 500
LONGEST = 600
_TEXT = ("prompt", "question", "text", "goal", "instruction")
_TYPE = ("type", "category", "kind")
_LABEL = ("label", "safety", "is_safe")
_SAFE = {"safe", "benign", "harmless", "0", "false"}


class Prompt(msgspec.Struct, frozen=True):
    """A request, and of which kind its set says it is; empty where it says nothing."""

    text: str
    type: str = ""


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose a published set is, and where it was read.

    Attributes:
        short: what its authors call it.
        url, commit, file, file_sha256: where it was read, and the file as its authors have it.
        dated: of that commit; `retrieved` is when it was read.
        left_out: rows of theirs that are not safe, and are not here.
    """

    title: str
    short: str
    authors: str
    year: int
    paper: str
    url: str
    commit: str
    dated: dt.date
    retrieved: dt.date
    licence: str
    licence_url: str
    file: str
    file_sha256: str
    left_out: int


class PromptSet(msgspec.Struct, frozen=True, kw_only=True):
    """Prompts from one place.

    Attributes:
        sha256: of the file as it lies here.
        own: whether they were written for this app, and are no published set.
        published: whose it is; None for the app's own and for a person's file.
        left_out: lines that the file itself marks as something else than safe; never asked.
        more: lines beyond what is taken.
    """

    name: str
    sha256: str
    prompts: tuple[Prompt, ...]
    own: bool = False
    published: Published | None = None
    left_out: int = 0
    more: int = 0


class _Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    version: str
    types: dict[str, tuple[str, ...]]
    published: Published | None = None


def shipped_prompts() -> tuple[PromptSet, ...]:
    """Returns the sets that come with the app: published ones first, then its own."""
    return (*map(_shipped, names(SETS, ".toml")), own_prompts())


def own_prompts() -> PromptSet:
    """Returns the prompts that were written for this app."""
    return _shipped(OWN_FILE)


def _shipped(file: str) -> PromptSet:
    read: _Shipped = table(file, _Shipped)
    return PromptSet(
        name=read.version,
        sha256=hashlib.sha256(data(file)).hexdigest(),
        prompts=tuple(Prompt(text, kind) for kind, every in read.types.items() for text in every),
        own=read.published is None,
        published=read.published,
        left_out=read.published.left_out if read.published else 0,
    )


def read_prompts(path: Path) -> PromptSet:
    """Returns the prompts of a file: a table with a column `prompt`, or one on each line.

    A table's column `label` says which are safe; the others are left out.

    Raises:
        InspectorError: `prompts.missing`, `prompts.too_large` or `prompts.empty`.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InspectorError("prompts.too_large", name=path.name)
        raw = path.read_bytes()[:LARGEST]
    except OSError as error:
        raise InspectorError("prompts.missing", str(error), name=path.name) from error
    text = raw.decode("utf-8-sig", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    found, left_out = _from_table(text)
    if found is None:
        found, left_out = [Prompt(line) for line in map(_clean, text.split("\n")) if line], 0
    if not found:
        raise InspectorError("prompts.empty", name=path.name)
    return PromptSet(
        name=shown(path.name),
        sha256=hashlib.sha256(raw).hexdigest(),
        prompts=tuple(found[:MOST]),
        left_out=left_out,
        more=max(0, len(found) - MOST),
    )


def _from_table(text: str) -> tuple[list[Prompt] | None, int]:
    """Returns a table's safe prompts and how many were left out; None where it is no table."""
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first else ","
    names = [one.strip().strip('"').lower() for one in first.split(delimiter)]
    column = next((one for one in _TEXT if one in names), None)
    if column is None:
        return None, 0
    kind = next((one for one in _TYPE if one in names), None)
    label = next((one for one in _LABEL if one in names), None)
    found, left_out = [], 0
    try:
        for row in csv.DictReader(io.StringIO(text), fieldnames=names, delimiter=delimiter):
            prompt = _clean(row.get(column) or "")
            if not prompt or prompt.lower() == column:
                continue
            if label and (row.get(label) or "").strip().lower() not in _SAFE:
                left_out += 1
                continue
            of = _clean(row.get(kind) or "") if kind else ""
            # Contrasts, by the usual name of their kind where a table has no label.
            if of.lower().startswith("contrast"):
                left_out += 1
                continue
            found.append(Prompt(prompt, shown(of, 40)))
    except csv.Error:
        return None, 0
    return found, left_out


def _clean(line: str) -> str:
    return shown(" ".join(line.split()), LONGEST) if line.strip() else ""
