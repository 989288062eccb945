"""The Openness tab over the real reader: tiles, evidence, frameworks, reference points."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import Qt

from app.model.ref import ModelRef
from app.network.door import Answer
from app.review.openness import Reviews, judged_file, judged_repository
from app.tabs.openness.fingerprint import FIRST
from app.tabs.openness.tab import OpennessTab
from inspector.findings.fingerprint import OURS, layout
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Terms
from inspector.frameworks import mof_file
from inspector.frameworks.load import frameworks
from tests.support.network import Person
from tests.support.repositories_hub import QUANTISED, RepositoriesHub
from tests.support.window import running_parts

GOLDEN = Path(__file__).parents[2] / "data/mof-golden"


@pytest.fixture
def parts(qapp):
    with running_parts(qapp, pages=()) as parts:
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def tab(parts, qtbot, starter_model):
    tab = OpennessTab(parts.context)
    tab.resize(424, 860)
    tab.show()
    tab.show_model(ModelRef(path=starter_model, name="starter"))
    qtbot.waitUntil(lambda: tab.shown is not None, timeout=30_000)
    yield tab
    tab.close()
    tab.deleteLater()


def choose(tab, words):
    """Chooses a reference point as a person does."""
    box = tab.choice.box
    index = next(at for at in range(box.count()) if words in box.itemText(at))
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_a_file_alone_shows_itself_and_says_so_to_everybody(tab):
    assert tab.view.evidence.text() == "Compressed weights: open"
    assert set(tab.view.verdicts.rows) == {one.id for one in frameworks()}
    assert "not shown to meet Class III" in tab.view.saving.text()
    for place in layout().places:
        assert tab.view.picture.rect().contains(tab.view.picture.rect_of(place.part)), place
    told = tab.view.picture.accessibleDescription()
    for part in stack().part:
        whose = f" ({OURS})" if part.id in stack().ours else ""
        assert f"{part.name}{whose}: " in told
    assert not any(field.toPlainText() for field in tab.view.worksheet.answers.values())
    tab.view.worksheet.answers["threat-model"].setPlainText("Somebody with a laptop.")
    text = tab.view.worksheet.text()
    assert "Somebody with a laptop." in text
    assert text.count("## ") == 6


def test_keys_and_clicks_choose_tiles_and_open_their_evidence(tab, qtbot):
    seen = set()
    qtbot.keyClick(tab.view.picture, Qt.Key.Key_Home)
    for row in range(layout().rows):
        for _ in range(layout().columns):
            seen.add(tab.view.picture.current)
            assert tab.view.evidence.text().startswith(stack().parts[tab.view.picture.current].name)
            assert tab.view.picture.accessibleName().startswith(
                stack().parts[tab.view.picture.current].name
            )
            qtbot.keyClick(tab.view.picture, Qt.Key.Key_Right)
        for _ in range(layout().columns):
            qtbot.keyClick(tab.view.picture, Qt.Key.Key_Left)
        if row + 1 < layout().rows:
            qtbot.keyClick(tab.view.picture, Qt.Key.Key_Down)
    assert seen == set(stack().parts)
    where = tab.view.picture.rect_of("pretraining-dataset").center()
    qtbot.mouseClick(tab.view.picture, Qt.MouseButton.LeftButton, pos=where)
    assert tab.view.picture.current == "pretraining-dataset"
    settles = stack().parts["pretraining-dataset"].settles
    assert settles in tab.view.picture.tip("pretraining-dataset")
    assert "this file" in tab.view.picture.tip("compressed-weights")
    qtbot.waitUntil(lambda: settles in tab.view.evidence.all_text())


def test_picking_a_framework_marks_its_parts_and_says_what_decided(tab):
    tab.view.verdicts.pick("osaid-1.0")
    row = tab.view.verdicts.rows["osaid-1.0"]
    assert row.is_open
    assert "training-code" in tab.view.picture.marked
    assert "telemetry" not in tab.view.picture.marked
    assert "Data preparation" in row.body_text()
    assert "https://opensource.org" in row.body_text()
    tab.view.verdicts.pick("")
    assert not tab.view.picture.marked


def test_reference_points_show_the_range_offline_and_can_be_saved(tab, tmp_path):
    choose(tab, "BLOOMZ")
    tab.view.picture.choose("adapted-weights")
    assert tab.view.evidence.text().endswith(": restricted")
    assert "Entered by hand" in tab.view.subject_text().replace("\u200b", "")
    choose(tab, "hosted only")
    tab.view.picture.choose("base-weights")
    assert tab.view.evidence.text().endswith(": closed")
    choose(tab, "Lightwell")
    assert not tab.view.verdicts.rows
    choose(tab, "This model")
    tab.view.picture.choose(FIRST)
    assert tab.view.evidence.text() == "Compressed weights: open"
    file = tmp_path / "openness.svg"
    tab.view.saving.save(file)
    assert ET.parse(file).getroot().tag.endswith("svg")
    choose(tab, "OLMo")
    for name in ("mof.yml", "mof.json"):
        tab.view.saving.save(tmp_path / name)
        release = mof_file.read((tmp_path / name).read_text())
        assert "Model parameters (Final)" in {one.name for one in release.components}


def test_a_file_that_is_none_says_so_and_keeps_the_reference_points(tab, qtbot, tmp_path):
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\xff" * 100)
    tab.show_model(ModelRef(path=bad, name="bad"))
    qtbot.waitUntil(lambda: bool(tab.stage.failure()), timeout=30_000)
    choose(tab, "OLMo")
    assert not tab.stage.failure()
    choose(tab, "This model")
    assert tab.stage.failure()


def test_a_disagreement_is_kept_beside_the_finding(tab, parts, qtbot):
    part, reviews = "pretraining-dataset", Reviews(parts.context.store)
    tab.view.picture.choose(part)
    form = tab.view.disagree
    assert not form.keep_button.isEnabled()
    form.fill(
        Availability.PUBLIC, Terms.OPEN, "It is on the project's page.", "https://example.org"
    )
    assert form.keep_button.isEnabled()
    form.keep_button.click()
    qtbot.waitUntil(lambda: tab.view.evidence.text().endswith(": open"))
    qtbot.waitUntil(lambda: "It is on the project's page." in tab.view.evidence.all_text())
    tab.view.with_reviewer.setChecked(False)
    assert tab.view.evidence.text().endswith(": unknown")
    qtbot.waitUntil(lambda: "It is on the project's page." in tab.view.evidence.all_text())
    kept = reviews.of(judged_file(tab.shown_ref))
    assert [one.part for one in kept] == [part]
    assert kept[0].date
    form.back_button.click()
    qtbot.waitUntil(tab.view.with_reviewer.isHidden)
    assert not reviews.of(judged_file(tab.shown_ref))


def test_a_repository_is_looked_at_once_a_person_lets_it(qapp, qtbot, starter_model, monkeypatch):
    with RepositoriesHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        with running_parts(qapp, pages=()) as parts:
            person = Person(Answer.NO, Answer.ONCE)
            parts.context.network.take_asker(person)
            tab = OpennessTab(parts.context)
            tab.resize(424, 860)
            tab.show()
            tab.show_model(ModelRef(path=starter_model, name="starter"))
            qtbot.waitUntil(lambda: tab.shown is not None, timeout=30_000)
            choose(tab, "repository")
            assert tab.stage.isHidden()
            assert not tab.choice.look_button.isEnabled()
            tab.choice.name.setText(QUANTISED)
            tab.choice.look_button.click()
            qtbot.waitUntil(lambda: bool(tab.stage.failure()))
            assert not hub.paths
            qtbot.keyClick(tab.choice.name, Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: tab.shown.subject == QUANTISED, timeout=30_000)
            assert [one.what for one in person.asked] == [person.asked[0].what] * 2
            assert QUANTISED in tab.view.subject_text().replace("\u200b", "")
            tab.view.picture.choose("training-code")
            assert tab.view.evidence.text().endswith(": closed")
            qtbot.waitUntil(lambda: "end model" in tab.view.evidence.all_text())
            tab.view.disagree.fill(Availability.PUBLIC, Terms.OPEN, "It is.", "https://example.org")
            tab.view.disagree.keep_button.click()
            qtbot.waitUntil(lambda: tab.view.evidence.text().endswith(": open"))
            assert Reviews(parts.context.store).of(judged_repository(QUANTISED))
            choose(tab, "This model")
            assert tab.view.evidence.text().endswith(": unknown")
            tab.close()
            tab.deleteLater()
    qapp.setStyleSheet("")


def test_the_worksheet_is_kept_with_its_model(tab, parts, qtbot):
    sheet, reviews = tab.view.worksheet, Reviews(parts.context.store)
    sheet.answers["threat-model"].setPlainText("Somebody with a laptop.")
    assert sheet.is_waiting
    choose(tab, "OLMo")
    assert not sheet.given()
    judged = judged_file(tab.shown_ref)
    qtbot.waitUntil(lambda: bool(reviews.worksheet(judged)))
    choose(tab, "This model")
    assert sheet.answers["threat-model"].toPlainText() == "Somebody with a laptop."
    assert not sheet.is_waiting
    assert not reviews.of(judged)
    sheet.answers["threat-model"].setPlainText("")
    qtbot.waitUntil(lambda: not reviews.worksheet(judged))


def test_a_release_file_is_read_by_every_framework(tab, qtbot, tmp_path):
    choose(tab, "release file")
    assert tab.stage.isHidden()
    file = next(GOLDEN.glob("Class2R*.yml"))
    tab.choice.release_wanted.emit(file)
    qtbot.waitUntil(lambda: tab.shown is not None and tab.shown.klass == 2, timeout=30_000)
    assert file.name in tab.view.subject_text().replace("\u200b", "")
    assert tab.view.disagree.isHidden()
    assert set(tab.view.verdicts.rows) == {one.id for one in frameworks()}
    bad = tmp_path / "bad.yml"
    bad.write_text("release: [")
    tab.open_release(bad)
    qtbot.waitUntil(lambda: bool(tab.stage.failure()), timeout=30_000)
    choose(tab, "This model")
    assert tab.view.evidence.text().startswith("Compressed weights")
