"""What the Hub said is kept with its date, in bounds, and a damaged file costs nothing but itself."""

import threading
from pathlib import Path

from app.models_page.hub.hub_memory import FILE, LONGEST_TEXT, MOST_LISTED, HubMemory, Listed
from runner.protocol.courier import Find, RemoteFile, Repository


def listed(name: str, card: str = "# A card", seen: float = 1.0) -> Listed:
    return Listed(
        repository=Repository(repository=name, commit="c" * 40),
        files=(RemoteFile(path="m.gguf", size=1, blob="b"),),
        seen=seen,
        texts={"README.md": card, "LICENSE": "Some licence"},
    )


def written(memory: HubMemory) -> None:
    """Waits until the other thread has written."""
    for thread in threading.enumerate():
        if thread.name == "hub memory":
            thread.join(10)
    assert not memory._writing.locked()


def test_finds_and_pages_are_there_after_a_start(tmp_path: Path) -> None:
    memory = HubMemory(tmp_path)
    memory.note_found([Find(repository="a/Small-GGUF", tags=("en",))], 5.0)
    memory.note_listed(listed("a/Small-GGUF", seen=6.0))
    written(memory)
    again = HubMemory(tmp_path)
    (seen,) = again.find("small EN")
    assert (seen.find.repository, seen.seen) == ("a/Small-GGUF", 5.0)
    assert again.find("small", author="A")
    assert again.find("small", author="b") == []
    page = again.listed("a/Small-GGUF")
    assert page is not None
    assert (page.card, page.licences, page.seen) == ("# A card", {"LICENSE": "Some licence"}, 6.0)


def test_it_stays_in_bounds(tmp_path: Path) -> None:
    memory = HubMemory(tmp_path)
    for number in range(MOST_LISTED + 5):
        memory.note_listed(listed(f"a/model-{number}"))
    memory.note_listed(listed("a/long", card="x" * (LONGEST_TEXT + 1)))
    written(memory)
    assert memory.listed("a/model-0") is None
    assert memory.listed("a/model-104") is not None
    long = memory.listed("a/long")
    assert long is not None
    assert long.card == ""
    assert long.licences


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"{damaged")
    memory = HubMemory(tmp_path)
    assert memory.find("") == []
    memory.note_found([Find(repository="a/b")], 1.0)
    written(memory)
    assert len(HubMemory(tmp_path).find("")) == 1
