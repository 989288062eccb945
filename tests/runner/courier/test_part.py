"""A part on the disk: what is believed of it, and what a full disk leaves."""

import hashlib
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from runner.courier.part import PartFile
from runner.courier.writer import Writer
from runner.errors import RunnerError

CONTENT = os.urandom(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def part_at(path: Path, sha256: str = SHA256, blob: str = "") -> PartFile:
    part = PartFile(path, len(CONTENT), sha256, blob)
    part.read_what_is_there(lambda _: None, lambda: False)
    return part


def bring(writer: Writer, data: bytes) -> None:
    """Brings bytes as a connection does, as much at once as there is room for."""
    while data:
        room = writer.room()
        piece = room[: min(len(room), len(data))]
        piece[:], data = data[: len(piece)], data[len(piece) :]
        writer.put(room, piece)


def test_a_part_is_gone_on_with_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.part"
    first = part_at(path)
    first.write(CONTENT[:100_000])
    first.close()
    again = part_at(path)
    assert again.length == 100_000
    with Writer(again) as writer:
        bring(writer, CONTENT[100_000:])
    again.finish()
    assert path.read_bytes() == CONTENT


def test_nothing_waits_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = part_at(tmp_path / "x.part")
    goes_on = threading.Event()
    take = part.take
    monkeypatch.setattr(part, "take", lambda data: goes_on.wait(10) and take(data))
    with Writer(part) as writer:
        for at in range(0, 250_000, 50_000):
            room = writer.room()
            room[:50_000] = CONTENT[at : at + 50_000]
            writer.put(room, room[:50_000])
            # Were the process killed now, all of it would be here.
            assert part.path.stat().st_size == at + 50_000
        assert part.length == 0
        goes_on.set()
    assert part.length == 250_000


@pytest.mark.parametrize("place", [0, 150_000, 299_999])
def test_a_byte_that_changed_meanwhile_is_found(tmp_path: Path, place: int) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(CONTENT[:place] + bytes([CONTENT[place] ^ 1]) + CONTENT[place + 1 :])
    part = part_at(path)
    with pytest.raises(RunnerError, match=r"fetch\.wrong_hash"):
        part.finish()
    assert path.stat().st_size == 0, "nothing of it is believed"


def test_more_than_the_whole_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(CONTENT + b"more")
    assert part_at(path).length == 0


def test_a_small_file_has_gits_name(tmp_path: Path) -> None:
    name = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT, usedforsecurity=False).hexdigest()
    part = part_at(tmp_path / "x.part", "", name)
    part.write(CONTENT)
    part.finish()
    other = part_at(tmp_path / "y.part", "", name)
    other.write(CONTENT[::-1])
    with pytest.raises(RunnerError, match=r"fetch\.wrong_hash"):
        other.finish()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / "soft.part").symlink_to(victim)
    with pytest.raises(RunnerError, match=r"fetch\.cannot_write"):
        part_at(tmp_path / "soft.part")
    os.link(victim, tmp_path / "hard.part")
    with pytest.raises(RunnerError, match=r"fetch\.bad_part"):
        part_at(tmp_path / "hard.part")
    assert victim.read_bytes() == b"mine"


def test_one_that_was_replaced_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "x.part"
    part = part_at(path)
    part.write(b"GGUF")
    assert part.is_there()
    path.rename(tmp_path / "aside")
    path.write_bytes(b"GGUF")
    assert not part.is_there()


def test_a_full_disk_names_itself_and_keeps_what_came(tmp_path: Path) -> None:
    # A limit on the size of files stands for a disk that is full.
    incoming = tmp_path / ".incoming"
    incoming.mkdir()
    script = """
    import resource, shutil, signal, sys
    from pathlib import Path
    from runner.courier.part import PartFile
    from runner.courier.writer import Writer
    from runner.errors import RunnerError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    path = Path(sys.argv[1])
    part = PartFile(path, 300_000, "0" * 64, "")
    part.keep_free = shutil.disk_usage(path.parent).free + 50_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        with Writer(part) as writer:
            for _ in range(3):
                room = writer.room()
                room[:100_000] = bytes(100_000)
                writer.put(room, room[:100_000])
    except RunnerError as error:
        missing = error.context["missing_mb"]
        print(error.code, 40 < missing < 60, error.context["folder"], part.length)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    part.write(bytes(100_000))
    print(part.length)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(incoming / "x.part")],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert ran.stdout.split() == ["fetch.no_space", "True", str(tmp_path), "200000", "300000"]
    assert (incoming / "x.part").stat().st_size == 300_000
