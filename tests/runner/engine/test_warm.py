"""Reading a cold file before it is mapped: progress, and a chance to stop."""

import os

import pytest

from runner.engine.llama.warm import STEP, warm


@pytest.fixture
def cold_file(tmp_path):
    """A file of several steps that is on disk and no longer in memory."""
    file = tmp_path / "cold.gguf"
    file.write_bytes(os.urandom(STEP) * 5)
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    try:
        os.preadv(descriptor, [bytearray(1)], 2 * STEP, os.RWF_NOWAIT)
    except BlockingIOError:
        return file
    except OSError:
        pass
    finally:
        os.close(descriptor)
    pytest.skip("not run: this file system keeps files in memory, or can't say whether it does")


def test_all_of_it_is_read_with_progress(cold_file):
    told = []

    def going_on(share: float) -> bool:
        told.append(share)
        return True

    assert warm(cold_file, going_on)
    assert told
    assert told == sorted(told)
    assert all(0 <= share < 1 for share in told)

    again = []
    assert warm(cold_file, lambda share: bool(again.append(share)) or True)
    assert again == []


def test_it_stops_when_told(cold_file):
    told = []

    def going_on(share: float) -> bool:
        told.append(share)
        return False

    assert not warm(cold_file, going_on)
    assert len(told) == 1
