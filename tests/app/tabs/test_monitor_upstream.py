"""What differs upstream, by two answers side by side; and what is not known says so."""

import pytest

from app.tabs.monitor.upstream import Answered, licence_of, upstream_rows
from runner.errors import RunnerError
from runner.protocol.courier import RemoteFile, Repository
from runner.store.papers import CARD, Paper
from runner.store.sources import Source

OLD, NEW = "a" * 40, "b" * 40
TEXT = "---\nlicense: apache-2.0\n---\n# A card\n"
SOURCE = Source(repository="o/r", revision="main", commit=OLD, path="m.gguf", sha256="1" * 64)


def paper(text: str = TEXT) -> Paper:
    import hashlib

    digest = hashlib.sha256(text.encode()).hexdigest()
    return Paper(repository="o/r", commit=OLD, name=CARD, text=text, sha256=digest)


def file(path: str = "m.gguf", sha256: str = "1" * 64) -> RemoteFile:
    return RemoteFile(path=path, size=1, blob="", sha256=sha256)


def said(
    *, commit: str = OLD, licence: str = "apache-2.0", gated: str = "", private: bool = False
) -> Repository:
    return Repository(
        repository="o/r", commit=commit, licence=licence, gated=gated, private=private
    )


def told(now: Answered, *papers: Paper) -> dict[str, str]:
    return {row.label: row.value for row in upstream_rows(SOURCE, papers, now)}


def test_nothing_has_changed() -> None:
    rows = told(Answered(at=1.0, said=said(), files=[file()], card=TEXT), paper())
    assert rows["Upstream"].startswith("unchanged")
    assert rows["Weights there"].startswith("the same:")
    assert rows["Card there"] == "the same, letter by letter"
    assert rows["Licence there"] == "apache-2.0, as it was"
    assert rows["Access there"].startswith("open to everybody")


def test_everything_has_changed() -> None:
    now = Answered(
        at=1.0,
        said=said(commit=NEW, licence="other", gated="manual"),
        files=[file(sha256="2" * 64)],
        card="# Another",
    )
    rows = told(now, paper())
    assert rows["Upstream"].startswith("changed since: it is at commit bbbbbbbbbbbb")
    assert rows["Weights there"].startswith("replaced")
    assert rows["Card there"].startswith("changed since")
    assert rows["Licence there"].startswith("other; it was apache-2.0")
    assert rows["Access there"] == "asks for a name or for leave before a download (manual)"


@pytest.mark.parametrize(
    ("files", "begins"),
    [
        ([], "not known"),
        ([file("other.gguf", "3" * 64)], "taken away: m.gguf"),
        ([file("renamed.gguf")], "the same, under another name: renamed.gguf"),
        ([file(sha256="")], "not known: the Hub lists no SHA-256"),
    ],
)
def test_a_file_that_is_not_there_as_it_was(files: list[RemoteFile], begins: str) -> None:
    rows = told(Answered(at=1.0, said=said(), files=files, card=TEXT), paper())
    assert rows["Weights there"].startswith(begins)


def test_what_was_not_kept_is_not_known() -> None:
    rows = told(Answered(at=1.0, said=said(), files=[file()], card=TEXT))
    assert rows["Card there"].startswith("not known")
    assert rows["Licence there"].endswith("what it was then was not kept")
    rows = told(Answered(at=1.0, said=said(), files=[file()], card=None), paper())
    assert rows["Card there"].startswith("not known")
    assert told(Answered(at=1.0, said=said(), files=[file()], card=""), paper())[
        "Card there"
    ].startswith("taken away")


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("courier.not_found", "gone"),
        ("courier.gated", "no longer open"),
        ("courier.not_reached", "not known"),
    ],
)
def test_a_hub_that_says_nothing_more(code: str, begins: str) -> None:
    (row,) = upstream_rows(SOURCE, [], Answered(at=1.0, error=RunnerError(code)))
    assert row.value.startswith(begins)


def test_a_strangers_words_are_harmless() -> None:
    rows = told(Answered(at=1.0, said=said(licence="x\u202e\n" + "y" * 500), files=[file()]))
    assert "\u202e" not in rows["Licence there"]
    assert len(rows["Licence there"]) < 200


def test_the_licence_is_read_from_the_front_matter_alone() -> None:
    assert licence_of(TEXT) == "apache-2.0"
    assert licence_of("license: mit\n") == ""
    assert licence_of("---\nname: x\n---\nlicense: mit\n") == ""
