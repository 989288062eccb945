"""Whether somebody can take a model back: what its file and its licence say. Knows no Qt."""

import os
from pathlib import Path

from app.model.ref import ModelRef
from app.tabs.monitor.limits import synced_by
from app.tabs.monitor.words import Row, monitor_words
from app.words.licence import clause_words, edition, read_from
from app.words.quantities import bytes_in_words
from inspector.licences.catalogue import Licence, Sign, Topic
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport

Texts = dict[str, str]


def technical_rows(
    ref: ModelRef, sha256: str, *, is_closed: bool, is_gated: bool = False
) -> tuple[Row, ...]:
    """Returns what holds the copy here, from the file as it lies there now.

    Args:
        ref: the model.
        sha256: of its file, where that is on record.
        is_closed: it was proved and counted that no process of the app reaches a network.
        is_gated: a gate runs, and every other process is proved to be kept from the network.
    """
    texts = monitor_words().back
    try:
        size = ref.path.stat().st_size
    except OSError:
        gone = texts["gone"]
        return (Row(label=texts["technical"], value=gone, source=texts["copy_tip"]),)
    synced = synced_by(ref.path.parent)
    answer = texts["no_way" if is_closed else "gated" if is_gated else "not_proved"]
    if synced:
        answer = texts["synced"].format(folder=synced)
    mode = texts["writable" if os.access(ref.path, os.W_OK) else "read_only"]
    copy = texts["file"].format(path=_breakable(ref.path), size=bytes_in_words(size), mode=mode)
    return (
        Row(label=texts["technical"], value=answer, source=texts["technical_tip"]),
        Row(label=texts["copy"], value=copy, source=texts["copy_tip"]),
        Row(
            label=texts["print"],
            value=_grouped(sha256) if sha256 else texts["no_print"],
            source=texts["print_tip"],
        ),
    )


def legal_rows(report: LicenceReport | None, *, is_reading: bool) -> tuple[Row, ...]:
    """Returns what the licence says of its end and of changed terms."""
    texts = monitor_words().back
    topics = {"legal": Topic.TERMINATION, "later": Topic.LATER_CHANGES}
    assessed = report.part(Part.WEIGHTS).assessed if report is not None else ()
    if not assessed:
        value = texts["reading" if is_reading else "not_assessed"]
        return tuple(
            Row(label=texts[key], value=value, source=texts["not_assessed_tip"]) for key in topics
        )
    return tuple(_legal(texts, texts[key], topic, assessed) for key, topic in topics.items())


def _legal(texts: Texts, label: str, topic: Topic, assessed: tuple[Licence, ...]) -> Row:
    told = [_statement(texts, licence, topic) for licence in assessed]
    return Row(
        label=label,
        value=" ".join(told),
        source=texts["legal_tip"].format(read=" ".join(map(read_from, assessed))),
    )


def _statement(texts: Texts, licence: Licence, topic: Topic) -> str:
    said = licence.statements[topic]
    has_clause = bool(said.clause) and said.sign is not Sign.NOT_SAID
    return texts["clause" if has_clause else "no_clause"].format(
        says=said.says, clause=clause_words(said.clause), title=edition(licence)
    )


def _breakable(path: Path) -> str:
    """Returns a path that a narrow column can break."""
    return str(path).replace("/", "/\u200b")


def _grouped(digest: str) -> str:
    """Returns a digest that a narrow column can break."""
    return "\u200b".join(digest[at : at + 8] for at in range(0, len(digest), 8))
