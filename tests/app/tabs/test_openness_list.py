"""The fingerprints of a list: read off the window's thread, kept, and made anew where that is due."""

import os
import shutil
import time

import pytest

from app.models_page.table.open_cell import open_cell
from app.review.openness import Reviews
from app.tabs.openness.list_desk import FingerprintDesk
from app.tabs.openness.small_picture import SmallPictures
from inspector.findings import fingerprint
from inspector.findings.values import Availability, Review, Tile
from runner.store.files import look_at
from runner.store.judged_file import JudgedFile
from tests.support import reports
from tests.support.window import running_parts


@pytest.fixture(scope="module")
def context(qapp):
    with running_parts(qapp, pages=()) as parts:
        yield parts.context
    qapp.setStyleSheet("")


@pytest.fixture
def desk(context):
    desk = FingerprintDesk(context)
    yield desk
    desk.close()
    desk.deleteLater()


def wanted(path):
    return [(path, look_at(path), "")]


def waited(qtbot, desk, path):
    size = path.stat().st_size
    qtbot.waitUntil(lambda: desk.of_file(path, size) is not None, timeout=30_000)
    return desk.of_file(path, size)


def test_a_file_is_read_once_and_again_when_a_card_is_put_beside_it(
    context, desk, qtbot, tmp_path, monkeypatch
):
    path = reports.model(tmp_path)
    desk.want_files(wanted(path))
    assert desk.of_file(path, path.stat().st_size) is None
    alone = fingerprint.tiles_of(waited(qtbot, desk, path))
    assert alone["pretraining-dataset"] is Tile.UNKNOWN

    class Unasked:
        def close(self):
            pass

        def ask(self, *_, **__):
            raise AssertionError("what is kept is not read again")

    qtbot.waitUntil(lambda: f"file:{path}" in context.store.fingerprints.every())
    later = FingerprintDesk(context)
    later._reader = Unasked()
    later.want_files(wanted(path))
    assert later.of_file(path, path.stat().st_size) == fingerprint.letters_of(alone)
    with monkeypatch.context() as patch:
        patch.setattr("app.tabs.openness.list_desk.rules_stamp", lambda: "of a later version")
        assert later.of_file(path, path.stat().st_size) is None, "made by other rules"
    later.deleteLater()

    (tmp_path / "README.md").write_text(reports.CARD)
    os.utime(tmp_path, ns=(1, 1))
    desk.want_files(wanted(path))
    with_card = fingerprint.tiles_of(waited(qtbot, desk, path))
    assert with_card["pretraining-dataset"] is Tile.CLOSED


def test_a_reviewers_word_is_in_the_lists_picture_too(context, desk, qtbot, tmp_path):
    path = reports.model(tmp_path)
    size = path.stat().st_size
    desk.want_files(wanted(path))
    assert fingerprint.tiles_of(waited(qtbot, desk, path))["training-code"] is Tile.UNKNOWN
    said = Review(
        part="training-code", availability=Availability.NOT_RELEASED, reason="r", source="s"
    )
    file = JudgedFile(name=path.name, size=size)
    Reviews(context.store).put(file, said).result(timeout=10)
    desk.want_files(wanted(path))
    assert fingerprint.tiles_of(desk.of_file(path, size))["training-code"] is Tile.CLOSED
    Reviews(context.store).take_back(file, "training-code").result(timeout=10)


def test_what_cannot_be_read_says_so_and_is_not_closed(desk, qtbot, tmp_path):
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\xff" * 100)
    desk.want_files(wanted(bad))
    letters = waited(qtbot, desk, bad)
    cells = [open_cell(one, "look") for one in (letters, None, fingerprint.letters_of({}))]
    assert len({cell.text for cell in cells}) == 3
    assert not any("closed" in cell.text for cell in cells)
    assert [bool(cell.picture) for cell in cells] == [False, False, True]


def test_a_hundred_files_hold_no_turn_of_the_loop(context, desk, qtbot, tmp_path):
    first = reports.model(tmp_path)
    paths = [first]
    for number in range(99):
        paths.append(tmp_path / f"copy-{number}.gguf")
        shutil.copy(first, paths[-1])
    began = time.thread_time()
    desk.want_files([(path, look_at(path), "") for path in paths])
    assert time.thread_time() - began < 0.032
    longest = []
    gather = desk._gather

    def timed():
        start = time.thread_time()
        gather()
        longest.append(time.thread_time() - start)

    desk._turns.timeout.disconnect()
    desk._turns.timeout.connect(timed)
    qtbot.waitUntil(lambda: not desk._todo and not desk._batch, timeout=30_000)
    # A frame of the screen, and as much again for what others take of the machine.
    assert max(longest) < 0.032


def test_pictures_are_made_once_and_differ_in_grey(context):
    pictures = SmallPictures(context.theme)
    every = [fingerprint.letters_of({"base-weights": tile}) for tile in Tile]
    images = [pictures.pixmap(one, 1.0, mirrored=False).toImage() for one in every]
    flat = [one.convertToFormat(one.Format.Format_Alpha8) for one in images]
    grey = {bytes(one.constBits()) for one in flat}  # bits that live as long as their image
    assert len(grey) == len(Tile)
    assert (
        pictures.pixmap(every[0], 1.0, mirrored=False).cacheKey()
        == pictures.pixmap(every[0], 1.0, mirrored=False).cacheKey()
    )
    assert pictures.pixmap(every[0], 2.0, mirrored=True).size() == 2 * pictures.size
