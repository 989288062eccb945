"""The Compare page in the real window: files and reference points beside each other."""

from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.compare.page import ComparePage
from app.compare.table import CompareTable
from app.review.openness import Reviews
from app.window.pages import page_specs
from inspector.comparison import How
from inspector.findings.values import Availability, Review
from runner.store.judged_file import JudgedFile
from tests.support import reports
from tests.support.window import running_parts

POINTS = ("point:olmo-7b-instruct", "point:llama-3.1", "point:chatgpt-3.5")


@pytest.fixture(scope="module")
def parts(qapp):
    pages = tuple(one for one in page_specs() if one.key == "compare")
    with running_parts(qapp, pages=pages) as parts:
        parts.window.resize(1280, 800)
        parts.window.show()
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def page(parts, qtbot):
    page = parts.window.page()
    assert isinstance(page, ComparePage)
    wait_for(page, qtbot)
    return page


def wait_for(page, qtbot):
    qtbot.waitUntil(page.copy_button.isEnabled, timeout=30_000)


def known(parts, folder, name):
    """Puts a small model with a card into the library."""
    folder.mkdir()
    (folder / "README.md").write_text(reports.CARD)
    path = reports.model(folder)
    path = path.rename(path.with_name(name))
    parts.context.library.open(path).result(timeout=10)
    return path


def how_of(page):
    return {line.part: line.how for line in page.view.found.parts}


def test_at_first_a_file_of_this_computer_stands_beside_a_reference_point(page):
    first, second = page.view.sides
    assert (first.kind, second.kind) == ("file", "reference")
    assert first.name in page.text()
    assert "facts" in page.view.sections
    assert "llama" in page.text()


def test_three_points_and_what_differs_is_marked_in_the_pictures(page, qtbot):
    page.choose(*POINTS)
    wait_for(page, qtbot)
    assert [side.profile.subject for side in page.view.sides] == list(page.view.found.names)
    differ = {part for part, how in how_of(page).items() if how is How.DIFFERS}
    assert differ
    for picture in page.view.pictures:
        assert picture.marked == differ
    page.choose(*POINTS[:2])
    wait_for(page, qtbot)
    assert len(page.view.pictures) == 2


def test_a_tile_is_walked_to_in_all_pictures_at_once(page, qtbot):
    page.choose(*POINTS)
    wait_for(page, qtbot)
    first, second, third = page.view.pictures
    first.choose("base-weights")
    assert second.current == third.current == "base-weights"
    assert "restricted" in page.view.part_text()
    assert "differs" in page.view.part_text()
    QTest.keyClick(second, Qt.Key.Key_Right)
    assert first.current == second.current == third.current != "base-weights"
    first.choose("telemetry")
    assert page.view.part_text() == ""


def test_a_folded_section_is_made_when_it_is_opened(page, qtbot):
    page.choose(*POINTS[:2])
    wait_for(page, qtbot)
    section = page.view.sections[How.UNSETTLED.value]
    assert not section.is_open()
    assert section.findChild(CompareTable) is None
    section.set_open(True)
    assert section.findChild(CompareTable).text()


def test_two_files_and_a_reviewers_word_on_one(page, parts, qtbot, tmp_path):
    one = known(parts, tmp_path / "a", "one.gguf")
    two = known(parts, tmp_path / "b", "two.gguf")
    page.refresh()
    page.choose(f"file:{one}", f"file:{two}")
    wait_for(page, qtbot)
    assert How.DIFFERS not in how_of(page).values()
    said = Review(part="training-code", availability=Availability.PUBLIC, reason="r", source="s")
    file = JudgedFile(name="two.gguf", size=two.stat().st_size)
    Reviews(parts.context.store).put(file, said).result(timeout=10)
    page.refresh()
    qtbot.waitUntil(lambda: how_of(page)["training-code"] is How.UNSETTLED, timeout=30_000)
    assert [choice.currentData() for choice in page.choices] == [f"file:{one}", f"file:{two}", ""]
    wait_for(page, qtbot)
    assert page.with_reviewer.isVisible()
    page.with_reviewer.setChecked(False)
    assert how_of(page)["training-code"] is How.UNKNOWN
    page.with_reviewer.setChecked(True)
    assert how_of(page)["training-code"] is How.UNSETTLED
    page.choose(*POINTS[:2])
    wait_for(page, qtbot)
    assert not page.with_reviewer.isVisible()


def test_what_is_shown_can_be_taken_away(page, qtbot, tmp_path):
    page.choose(*POINTS[:2])
    wait_for(page, qtbot)
    page.save(tmp_path / "both.svg")
    assert len(ET.parse(tmp_path / "both.svg").getroot()) == 2
    page.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert all(name in copied for name in page.view.found.names)
    assert "Licence of the weights" in copied


def test_a_file_that_cannot_be_read_says_so_and_leaves_the_choice(page, parts, qtbot, tmp_path):
    bad = known(parts, tmp_path / "c", "bad.gguf")
    page.refresh()
    page.choose(f"file:{bad}", POINTS[0])
    wait_for(page, qtbot)
    bad.write_bytes(b"GGUF" + b"\xff" * 100)
    page._read()
    qtbot.waitUntil(lambda: page.stage.currentWidget() is page.stage._failure, timeout=30_000)
    assert not page.copy_button.isEnabled()
    page.choose(*POINTS[:2])
    wait_for(page, qtbot)
    assert page.stage.currentWidget() is page.view
