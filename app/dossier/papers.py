"""What the reader is asked about a file's origin, licence and safeguards: each with the papers that it needs.

What lies beside the file goes first; where nothing does, what was kept when it was downloaded. Both
front ends ask through this. Knows no Qt.
"""

from pathlib import Path

from app.dossier.claims import kept_texts, policies_of
from app.model.files import card_file_of, is_text, licence_files_of
from app.reader.arguments import DossierOf, Licences, SafeguardsOf
from inspector.claims.inputs import KeptText
from inspector.licences.report import Finding, LicenceReport
from runner.store import Store

Kept = tuple[KeptText, ...]

LABEL_AND_TEXT_DIFFER = "label_and_text_differ"

MOST_NAMES = 300
"""Names of files beside the model that the rules on safeguards look at."""


def kept_of(store: Store | None, path: Path) -> Kept:
    """Returns the card and the licence texts that were kept of the commit that a file is of.

    Raises:
        RunnerError: the store could not be read.
    """
    file = store.files.at(path) if store is not None else None
    source = store.sources.of(file.id) if store is not None and file is not None else None
    return tuple(kept_texts(store, source)) if store is not None and source is not None else ()


def dossier_of(path: Path, kept: Kept = ()) -> DossierOf:
    """Returns what the reader is asked about origin, templates and card of the model at `path`."""
    card = card_file_of(path)
    return DossierOf(path=str(path), card=str(card) if card else "", kept=kept)


def licences_of(path: Path, kept: Kept = ()) -> Licences:
    """Returns what the reader is asked about the licences of the model at `path`."""
    card, documents = card_file_of(path), tuple(map(str, licence_files_of(path)))
    return Licences(
        path=str(path),
        card=str(card or ""),
        documents=documents,
        policies=tuple(map(str, policies_of(path))),
        kept=kept,
    )


def contradiction_of(report: LicenceReport) -> Finding | None:
    """Returns that a licence's text says something else than its label, where it does."""
    return next((one for one in report.findings if one.code == LABEL_AND_TEXT_DIFFER), None)


def safeguards_of(path: Path, kept: Kept = ()) -> SafeguardsOf:
    """Returns what the reader is asked about the safeguards of the model at `path`."""
    card = card_file_of(path)
    return SafeguardsOf(
        path=str(path),
        card=str(card) if card else "",
        documents=tuple(map(str, licence_files_of(path))),
        folder=_names_beside(path),
        kept=kept,
    )


def _names_beside(path: Path) -> tuple[str, ...]:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if is_text(entry.name))
        return tuple(names[:MOST_NAMES])
    except OSError:
        # A folder that can't be listed shows no policy; nothing is said of one then.
        return ()
