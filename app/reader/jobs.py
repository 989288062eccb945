"""The reader's jobs: names joined to functions of `inspector`, each under a memory limit.

A job's deadline is the asker's: whoever asks ends the process when it has passed.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from app.reader import arguments
from app.reader.card import CardSheet, read_sheet, sheet_of
from app.reader.card_difference import CardDifference, difference, text_of_card
from app.reader.claims import claims
from app.reader.dossier import read_dossier
from app.reader.licence import licences
from app.reader.openness import fingerprint, openness
from app.reader.report import ReportParts, report_file, report_parts
from app.reader.repository import read_answers
from app.reader.safeguards import read_safeguards
from app.reader.side import side
from inspector.claims.inputs import KeptText
from inspector.claims.values import ClaimReport
from inspector.code_colours import ColouredCode, code_colours
from inspector.documents import Document, read_document
from inspector.dossier import Dossier
from inspector.errors import InspectorError
from inspector.gguf.digests import Digests, digests
from inspector.gguf.figures import Values
from inspector.gguf.metadata import Page
from inspector.gguf.model import GgufModel
from inspector.gguf.tensor_table import Tensor
from inspector.gguf.values import tensor_values
from inspector.inspection import Inspection, MetadataRow, inspect_model, metadata_rows
from inspector.licences.report import LicenceReport
from inspector.safeguards.prompts import PromptSet, read_prompts
from inspector.safeguards.values import SafeguardReport
from inspector.work import Cancelled
from runner.channel.bulk import FrameKind
from runner.child.begin import Beginning
from runner.child.jobs import JobKind, JobTools, serve_jobs
from runner.errors import RunnerError

if sys.platform == "win32":
    import psutil
else:
    import resource

MIB = 1024 * 1024
A = TypeVar("A")

LONGEST_TEXT = MIB
"""Bytes of one metadata text that are sent whole; templates are rarely longer than 30,000."""

HASH_NICENESS = 10

MOST_ROWS = 5_000
"""Rows of a listing in one answer, whatever was asked for."""


def serve(beginning: Beginning) -> int:
    """Does jobs until the input ends; returns the exit status."""
    return serve_jobs(beginning, jobs(), {"inspector": "1"}, (InspectorError,))


def jobs() -> dict[str, JobKind]:
    """Returns every job by its name."""
    reading = Reading()
    return {
        "inspect": _job(arguments.Inspect, reading.inspect, 256),
        "kind": _job(arguments.ModelFile, reading.kind, 256),
        "metadata": _job(arguments.Stretch, reading.metadata, 128),
        "tensors": _job(arguments.Stretch, reading.tensors, 128),
        "array_page": _job(arguments.ArrayPage, reading.array_page, 128),
        "array_search": _job(arguments.ArraySearch, reading.array_search, 128),
        "text": _job(arguments.WholeText, reading.text, 128),
        "tensor_values": _job(arguments.TensorNumbers, reading.tensor_values, 768),
        "digests": _job(arguments.Hash, reading.digests, 128),
        "dossier": _job(arguments.DossierOf, reading.dossier, 512),
        "claims": _job(arguments.ClaimsOf, reading.claims, 512),
        "licences": _job(arguments.Licences, reading.licences, 128),
        "openness": _job(arguments.Openness, openness, 128),
        "fingerprint": _job(arguments.Openness, fingerprint, 256),
        "side": _job(arguments.Openness, side, 256),
        "repository": _job(arguments.RepositoryAnswers, read_answers, 256),
        "report": _job(arguments.ReportOf, reading.report, 512),
        "report_file": _job(arguments.ReportFileOf, report_file, 512),
        "safeguards": _job(arguments.SafeguardsOf, reading.safeguards, 256),
        "card_difference": _job(arguments.CardTexts, card_difference, 128),
        "prompts": _job(arguments.PromptFile, prompts, 128),
        "card": _job(arguments.CardFile, card_sheet, 256),
        "card_text": _job(arguments.CardText, kept_card_sheet, 256),
        "document_text": _job(arguments.DocumentFile, document_text, 512),
        "code_colours": _job(arguments.CodeText, coloured_code, 256),
    }


class Reading:
    """Does the jobs on model files; keeps the latest file open between them."""

    def __init__(self) -> None:
        self._model: GgufModel | None = None
        self._path: Path | None = None
        self._origin: tuple[object, Dossier] | None = None

    def inspect(self, asked: arguments.Inspect, tools: JobTools) -> Inspection:
        """Looks at a file afresh."""
        self._let_go()
        return inspect_model(self._open(asked.path), asked.context, asked.free_bytes)

    def kind(self, asked: arguments.ModelFile, tools: JobTools) -> str:
        """Says what a file is for, after the checks that every look begins with."""
        self._let_go()
        return self._open(asked.path).kind.value

    def metadata(self, asked: arguments.Stretch, tools: JobTools) -> tuple[MetadataRow, ...]:
        """Lists metadata keys."""
        return metadata_rows(self._open(asked.path), asked.start, min(asked.count, MOST_ROWS))

    def tensors(self, asked: arguments.Stretch, tools: JobTools) -> tuple[Tensor, ...]:
        """Lists tensors."""
        count = min(asked.count, MOST_ROWS)
        return self._open(asked.path).tensors[asked.start : asked.start + count]

    def array_page(self, asked: arguments.ArrayPage, tools: JobTools) -> Page:
        """Shows a stretch of an array."""
        metadata = self._open(asked.path).metadata
        if asked.key not in metadata:
            raise InspectorError("gguf.no_such_key", key=asked.key)
        return metadata.page(asked.key, asked.start, min(asked.count, MOST_ROWS))

    def array_search(self, asked: arguments.ArraySearch, tools: JobTools) -> Page:
        """Searches an array."""
        metadata = self._open(asked.path).metadata
        if asked.key not in metadata:
            raise InspectorError("gguf.no_such_key", key=asked.key)
        count = min(asked.count, MOST_ROWS)
        return metadata.find(asked.key, asked.wanted, count, asked.start)

    def text(self, asked: arguments.WholeText, tools: JobTools) -> str:
        """Returns one text."""
        metadata = self._open(asked.path).metadata
        entry = metadata.get(asked.key)
        if entry is None:
            raise InspectorError("gguf.no_such_key", key=asked.key)
        if entry.size > LONGEST_TEXT:
            raise InspectorError("gguf.text_too_long", key=asked.key, length=entry.size)
        return metadata.text(asked.key) or ""

    def tensor_values(self, asked: arguments.TensorNumbers, tools: JobTools) -> Values:
        """Looks at a tensor's numbers; its heat map goes over the bulk channel."""
        values, picture = tensor_values(self._open(asked.path), asked.tensor, _progress(tools))
        tools.send_bulk(FrameKind.PICTURE, picture)
        return values

    def digests(self, asked: arguments.Hash, tools: JobTools) -> Digests:
        """Hashes a model."""
        # Minutes of work on a large file; an answer that is being written comes first.
        _let_others_go_first()
        return digests(self._open(asked.path), _progress(tools))

    def dossier(self, asked: arguments.DossierOf, tools: JobTools) -> Dossier:
        """Looks at where a file comes from, at its templates, and at the card beside it."""
        return self._origin_of(asked.path, asked.card, asked.kept)

    def safeguards(self, asked: arguments.SafeguardsOf, tools: JobTools) -> SafeguardReport:
        """Looks for safeguards in a file and in the papers beside it."""
        return read_safeguards(self._open(asked.path), asked)

    def licences(self, asked: arguments.Licences, tools: JobTools) -> LicenceReport:
        """Looks at what a file and the texts beside it say of licences."""
        return licences(
            self._open(asked.path),
            asked.documents,
            asked.kept,
            asked.card,
            asked.policies,
            asked.path,
        )

    def report(self, asked: arguments.ReportOf, tools: JobTools) -> ReportParts:
        """Reads everything that a report says."""
        self._let_go()
        return report_parts(self._open(asked.openness.path), asked)

    def claims(self, asked: arguments.ClaimsOf, tools: JobTools) -> ClaimReport:
        """Compares what is claimed of a file with what it holds."""
        origin = self._origin_of(asked.path, asked.card, asked.beside.kept)
        return claims(self._open(asked.path), asked, origin)

    def _origin_of(self, path: str, card: str, kept: tuple[KeptText, ...]) -> Dossier:
        """Returns the dossier of a file: the one that was read, unless file or card have changed.

        Its templates are tried for as long as all the rest takes.
        """
        model = self._open(path)
        as_it_is = (path, card, _state_of(card), kept)
        if self._origin is None or self._origin[0] != as_it_is:
            self._origin = as_it_is, read_dossier(model, path, card, kept)
        return self._origin[1]

    def _open(self, path: str) -> GgufModel:
        """Returns the model at `path`: the one that is open, unless its files have changed."""
        wanted = Path(path)
        if self._model is not None and self._path == wanted and self._model.is_unchanged():
            return self._model
        self._let_go()
        self._model, self._path = GgufModel.open(wanted), wanted
        return self._model

    def _let_go(self) -> None:
        if self._model is not None:
            self._model.close()
        self._model = self._origin = None


def _state_of(card: str) -> tuple[int, int] | None:
    try:
        state = Path(card).stat() if card else None
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size) if state else None


def document_text(asked: arguments.DocumentFile, tools: JobTools) -> Document:
    """Takes the text out of a file that a person attaches."""
    return read_document(Path(asked.path))


def card_sheet(asked: arguments.CardFile, tools: JobTools) -> CardSheet:
    """Reads a card, and parses its text."""
    return read_sheet(Path(asked.path))


def kept_card_sheet(asked: arguments.CardText, tools: JobTools) -> CardSheet:
    """Parses the text of a card that was kept when it was fetched."""
    raw = asked.text.encode("utf-8", "replace")
    return sheet_of(raw, asked.name, changed_at=asked.fetched, revision=asked.commit)


def card_difference(asked: arguments.CardTexts, tools: JobTools) -> CardDifference:
    """Compares two texts of one card."""
    after = text_of_card(Path(asked.path)) if asked.path else asked.after
    return difference(asked.before, after)


def prompts(asked: arguments.PromptFile, tools: JobTools) -> PromptSet:
    """Reads a file of harmless requests."""
    return read_prompts(Path(asked.path))


def coloured_code(asked: arguments.CodeText, tools: JobTools) -> ColouredCode:
    """Colours the code of an answer."""
    return code_colours(asked.code, asked.language)


def _job(kind: type[A], work: Callable[[A, JobTools], object], memory_mib: int) -> JobKind:
    """Makes a job that may take so much memory, and that ends quietly when nobody wants it."""

    def limited(asked: A, tools: JobTools) -> object:
        with _memory_limit(memory_mib * MIB):
            try:
                return work(asked, tools)
            except Cancelled:
                raise RunnerError("process.stopped") from None

    return JobKind(kind, limited)


@contextlib.contextmanager
def _memory_limit(extra_bytes: int) -> Iterator[None]:
    """Lets this process take so much private memory more than it has, while the block lasts.

    What is over that fails with MemoryError, which ends the job and not the process. The hard limit
    of the whole process stays as the porter set it.
    """
    present = _data_bytes()
    if present is None or sys.platform == "win32":
        yield
    else:
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = present + extra_bytes
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _let_others_go_first() -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.setpriority(os.PRIO_PROCESS, 0, HASH_NICENESS)


def _data_bytes() -> int | None:
    """Returns this process's private memory as the limit counts it; None where nobody can tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return None


def _progress(tools: JobTools) -> Callable[[int, int], None]:
    """Returns a progress that goes to the asker and hears when nobody wants the work any more."""

    def progress(done: int, total: int) -> None:
        if tools.cancelled():
            raise Cancelled
        tools.progress(done, total)

    return progress
