"""Sets of harmless prompts: the app's own, and files that a person opens."""

import csv
import hashlib
import io
from pathlib import Path

import msgspec

from inspector.errors import InspectorError
from inspector.untrusted import shown
from resources import data, table

OWN_FILE = "safeguards/prompts.toml"
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


class PromptSet(msgspec.Struct, frozen=True, kw_only=True):
    """Prompts from one place.

    Attributes:
        sha256: of the file.
        own: whether they were written for this app, and are no published set.
        left_out: lines that the file itself marks as something else than safe; never asked.
        more: lines beyond what is taken.
    """

    name: str
    sha256: str
    prompts: tuple[Prompt, ...]
    own: bool = False
    left_out: int = 0
    more: int = 0


class _OwnPrompts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    version: str
    types: dict[str, tuple[str, ...]]


def own_prompts() -> PromptSet:
    """Returns the prompts that were written for this app."""
    read: _OwnPrompts = table(OWN_FILE, _OwnPrompts)
    return PromptSet(
        name=read.version,
        sha256=hashlib.sha256(data(OWN_FILE)).hexdigest(),
        prompts=tuple(Prompt(text, kind) for kind, every in read.types.items() for text in every),
        own=True,
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
