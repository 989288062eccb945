"""The reader's job on licences: a header, and the texts beside the file, become a report."""

from collections.abc import Sequence
from pathlib import Path

from app.reader.kept import kept_licences, kept_notice
from inspector.claims.inputs import KeptText
from inspector.gguf.model import GgufModel
from inspector.licences.assess import assess
from inspector.licences.documents import (
    LicenceText,
    Notice,
    is_notice_file,
    licence_text,
    notice,
    read_text,
)
from inspector.licences.from_header import labels_of, relatives_of
from inspector.licences.report import LicenceReport
from inspector.summary import summarise


def licences(
    model: GgufModel, documents: tuple[str, ...], kept: Sequence[KeptText] = ()
) -> LicenceReport:
    """Returns what is known of the licences of `model`.

    Args:
        model: the open file.
        documents: licence texts and notices that lie beside it.
        kept: texts of its repository, which are read where none lies beside it.
    """
    if not documents and (found_kept := kept_licences(kept)):
        return _of_kept(model, found_kept, kept_notice(kept))
    texts: list[LicenceText] = []
    found: Notice | None = None
    unreadable: list[str] = []
    for name in documents:
        path = Path(name)
        content = read_text(path)
        if content is None:
            unreadable.append(path.name)
        elif is_notice_file(path.name):
            found = found or notice(content, path.name)
        else:
            texts.append(licence_text(content, path.name))
    summary = summarise(model)
    return assess(
        labels_of(summary),
        texts,
        found,
        relatives_of(summary),
        looked_for_texts=True,
        unreadable=unreadable,
    )


def _of_kept(model: GgufModel, texts: Sequence[KeptText], found: KeptText | None) -> LicenceReport:
    summary = summarise(model)
    return assess(
        labels_of(summary),
        [licence_text(one.text, one.name, revision=one.revision) for one in texts],
        notice(found.text, found.name, found.revision) if found else None,
        relatives_of(summary),
        looked_for_texts=True,
    )
