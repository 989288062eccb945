"""The list of claims with the real reader, store, chat and an engine process that echoes."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.review.judgements import Judgement, decoded, encoded
from app.tabs.card.claims.judging import JudgingBox
from app.tabs.card.claims.looks import verdict_role, verdict_sign
from app.tabs.card.claims.model import Role
from app.tabs.card.claims.panel import ClaimsPanel
from app.tabs.card.claims.probes import languages_of
from app.window.application import Parts
from app.words.claims import OWN, claim_words, verdict_word
from inspector.claims.probes import Probe, Question
from inspector.claims.rules import rules
from inspector.claims.values import Claim, Grade, Verdict
from runner.session import SessionState
from runner.store.values import TurnState
from tests.support.claims import CARD, WAIT_MS, Shown, file_of, ref


def word(panel: ClaimsPanel, claim_id: str) -> str:
    return str(panel.model.index(panel.model.row_of(claim_id)).data(Role.WORD))


def claim(panel: ClaimsPanel, claim_id: str) -> Claim:
    return next(one for one in panel.model.claims if one.id == claim_id)


def test_rows_flags_and_the_way_between_card_and_list(shown: Shown, qtbot: QtBot) -> None:
    panel = shown()
    assert panel.model.rowCount() >= 42
    assert claim(panel, "CTX").verdict is Verdict.DIFFERS
    flags = {flag.claim_id: flag for flag in panel.flags}
    assert (flags["CTX"].line, flags["PARAMS"].line, flags["LIC-HDR"].line) == (7, 7, 2)
    number = flags["CTX"].number
    assert panel.model.claims[number - 1].id == "CTX"
    assert flags["CTX"].said == f"{number}. Context length: differs"
    with qtbot.waitSignal(panel.claim_chosen) as chosen:
        panel.choose("CTX")
    assert chosen.args == ["CTX"]
    told = panel.details.all_text()
    for words in (
        "128,000",
        "8,192",
        "file header",
        f"rule CTX, version {rules()['CTX'].version}",
        "Not looked at",
    ):
        assert words in told
    (button,) = [
        one
        for one in panel.details.findChildren(type(panel.details.judging._back))
        if one.property("line") == 7 and not one.isHidden()
    ]
    with qtbot.waitSignal(panel.show_in_card) as line:
        button.click()
    assert line.args == [7]


def test_the_filter_shows_what_it_names_and_says_how_many(shown: Shown) -> None:
    panel = shown()
    QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel
    )
    QAbstractItemModelTester(
        panel.filter, QAbstractItemModelTester.FailureReportingMode.Fatal, panel
    )
    panel._segments._buttons["differs"].click()
    rows = [panel.filter.index(at, 0) for at in range(panel.filter.rowCount())]
    shown_claims = [row.data(Role.CLAIM) for row in rows]
    assert {one.verdict for one in shown_claims} == {Verdict.DIFFERS}
    assert panel._segments._buttons["differs"].text() == f"Differs {len(rows)}"
    assert str(rows[0].data(Role.NUMBER)) in rows[0].data(Qt.ItemDataRole.AccessibleTextRole)
    # A flag in the margin leads to its row although the filter hid it.
    panel.choose("FILL")
    assert panel.chosen is not None
    assert panel.chosen.id == "FILL"
    assert panel.filter.rowCount() == panel.model.rowCount()


def test_a_claim_that_was_judged_stays_in_the_list_it_was_judged_in(shown: Shown) -> None:
    panel = shown()
    panel._choose_filter("person")
    before = panel.filter.rowCount()
    assert before > 1
    panel.list.setCurrentIndex(panel.filter.index(0, 0))
    judged = panel.chosen
    assert judged is not None
    box = panel.details.judging
    box._buttons["differs"].click()
    assert panel.filter.key == "person"
    assert panel.filter.rowCount() == before
    assert panel.chosen is not None
    assert panel.chosen.id == judged.id
    # The next time that the group is asked for, it has left it.
    panel._choose_filter("person")
    assert panel.filter.rowCount() == before - 1


def test_a_filter_without_claims_says_so(shown: Shown) -> None:
    panel = shown()
    nothing = panel._segments.nothing
    assert not nothing.isVisible()
    panel.model.show([one for one in panel.model.claims if one.verdict is not Verdict.DIFFERS])
    panel._choose_filter("differs")
    assert nothing.isVisible()
    assert "differs" in nothing.text()
    assert not panel.list.isVisible()
    panel._choose_filter("all")
    assert not nothing.isVisible()
    assert panel.list.isVisible()


def test_a_verdict_and_a_note_outlive_the_panel(shown: Shown, parts: Parts, qtbot: QtBot) -> None:
    panel = shown()
    panel.choose("CTX")
    judging = panel.details.judging
    judging._buttons["agrees in part"].click()
    judging._note.setPlainText("The card is about the larger model.")
    panel.choose("FILL")
    assert claim(panel, "CTX").verdict is Verdict.AGREES_IN_PART
    # That a person said it, and no rule, shows in the list and is read aloud.
    assert word(panel, "CTX") == "you: agrees in part"
    assert word(panel, "FILL") == verdict_word(claim(panel, "FILL").verdict)
    row = panel.model.index(panel.model.row_of("CTX"))
    assert "you: agrees in part" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    parts.context.store.database.write(lambda db: None).result()
    again = shown()
    assert claim(again, "CTX").verdict is Verdict.AGREES_IN_PART
    again.choose("CTX")
    assert again.details.judging._note.toPlainText() == "The card is about the larger model."
    qtbot.waitUntil(lambda: "The rule said: differs." in again.details.all_text(), timeout=WAIT_MS)
    again.details.judging._back.click()
    assert claim(again, "CTX").verdict is Verdict.DIFFERS
    assert word(again, "CTX") == "differs"


def test_words_of_a_card_never_make_a_claim_agree(shown: Shown) -> None:
    panel = shown()
    panel.choose("CONTACT")
    buttons = panel.details.judging._buttons
    assert not buttons["agrees"].isEnabled()
    assert not buttons["agrees in part"].isEnabled()
    assert buttons["differs"].isEnabled()
    assert "evidence" in buttons["agrees"].toolTip()
    panel.choose("CTX")
    assert buttons["agrees"].isEnabled()


def test_words_of_the_card_become_a_claim_of_the_persons(shown: Shown) -> None:
    panel = shown()
    rows = panel.model.rowCount()
    panel.add_claim("  It runs \n on a laptop. ", 8, 8)
    assert panel.model.rowCount() == rows + 1
    assert panel.chosen is not None
    own = panel.chosen
    assert (own.rule, own.text, own.verdict) == (OWN, "It runs on a laptop.", Verdict.PERSON)
    assert [flag.line for flag in panel.flags if flag.claim_id == own.id] == [8]
    # Several such claims are told apart by their words.
    assert claim_words(own).sentence.startswith("“It runs on a laptop.”")
    panel.details.judging._buttons["differs"].click()
    again = shown()
    assert claim(again, own.id).verdict is Verdict.DIFFERS
    again.choose(own.id)
    again.details.judging._back.click()
    assert again.model.rowCount() == rows


def test_a_changed_card_puts_a_verdict_out_of_date(shown: Shown, model: Path, qtbot: QtBot) -> None:
    panel = shown()
    panel.choose("CTX")
    panel.details.judging._buttons["differs"].click()
    card = model.with_name("README.md")
    card.write_text(CARD.replace("128k", "256k"))
    try:
        again = shown()
        assert claim(again, "CTX").verdict is Verdict.OUT_OF_DATE
        assert word(again, "CTX") == "out of date"
        again.choose("CTX")
        qtbot.waitUntil(lambda: "128k tokens" in again.details.all_text(), timeout=WAIT_MS)
    finally:
        card.write_text(CARD)


def test_a_verdict_that_was_kept_under_a_number_is_found_by_what_it_says(
    shown: Shown, parts: Parts, model: Path
) -> None:
    store = parts.context.store.claims
    lost = Judgement(
        claim="DIGEST/1", rule="DIGEST", verdict=Verdict.DIFFERS, text="gone.gguf", note="Mine."
    )
    store.put(file_of(parts, model), lost.claim, encoded(lost)).result()
    panel = shown()
    assert claim(panel, "DIGEST/gone.gguf").verdict is Verdict.OUT_OF_DATE
    panel.choose("DIGEST/gone.gguf")
    assert panel.details.judging._note.toPlainText() == "Mine."
    assert "gone.gguf" in panel.details.all_text()
    parts.context.store.database.write(lambda db: None).result()
    assert [one.claim for one in store.of(file_of(parts, model))] == ["DIGEST/gone.gguf"]


def test_a_probe_says_before_it_is_run_what_it_asks_and_looks_for(
    shown: Shown, qtbot: QtBot
) -> None:
    panel = shown()
    panel.choose("SAFE-STYLE")
    # Rows are seen a moment after they were added.
    qtbot.waitUntil(lambda: "days does a week have?" in panel.details.all_text(), timeout=WAIT_MS)
    told = panel.details.all_text()
    assert "Looked for in the answer: capital letters alone, of those from A to Z." in told
    panel.choose("IDENT")
    qtbot.waitUntil(lambda: "What is your name?" in panel.details.all_text(), timeout=WAIT_MS)
    assert "Looked for" not in panel.details.all_text()


def test_a_probe_needs_the_model(shown: Shown) -> None:
    panel = shown()
    panel.choose("IDENT")
    judging: JudgingBox = panel.details.judging
    assert judging._probe.isVisibleTo(judging)
    assert not judging._probe.isEnabled()
    assert "Load this model" in judging._progress.text()
    panel.choose("FILL")
    assert not judging._probe.isVisibleTo(judging)


@pytest.fixture
def loaded(parts: Parts, qtbot: QtBot, model: Path) -> None:
    context = parts.context
    if context.models.current == ref(model):
        # A second load would be ready before it had begun, by what is seen from here.
        return
    context.models.load(ref(model))
    qtbot.waitUntil(lambda: context.models.state is SessionState.READY, timeout=WAIT_MS)


@pytest.mark.usefixtures("loaded")
def test_a_probe_asks_in_a_chat_of_its_own_and_keeps_the_answers(
    shown: Shown, parts: Parts, qtbot: QtBot
) -> None:
    panel = shown()
    page = parts.window.page()
    page.composer.set_text("half a question")
    panel.choose("IDENT")
    panel.details.judging._probe.click()
    qtbot.waitUntil(
        lambda: (kept := panel.judgement("IDENT")) is not None and len(kept.answers) == 3,
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: not panel.probes.said_of("IDENT"), timeout=WAIT_MS)
    kept = panel.judgement("IDENT")
    assert kept is not None
    assert kept.answers[0].question == "What is your name?"
    assert kept.answers[0].counted == "", "nothing was looked for"
    assert {one.recipe.seed for one in kept.answers} == {42}
    assert all(one.recipe.file_name and one.answer for one in kept.answers)
    assert kept.grade is Grade.RUN
    # Each by itself: three roots in one chat, so that no answer sees another.
    tree = page.controller.chat.tree
    assert tree is not None
    assert [turn.parent_id for turn in tree.turns] == [None] * 3
    qtbot.waitUntil(lambda: page.controller.chat.tree.chat.title == "Probe: Says who it is")
    assert page.composer.text == "half a question"
    assert page.controller.seed is None
    assert "seed" not in page.composer._options.text()
    assert panel.details.judging._buttons["agrees"].isEnabled()
    judging = panel.details.judging
    assert judging._back.text() == "Remove the kept answers", "nobody has said anything yet"
    judging._buttons["differs"].click()
    assert judging._back.text() == "Take back what was said"
    judging._buttons["differs"].click()
    assert judging._back.text() == "Remove the kept answers"
    again = shown()
    there = again.judgement("IDENT")
    assert there is not None
    assert len(there.answers) == 3
    page.composer.clear()


@pytest.mark.usefixtures("loaded")
def test_asking_twice_lets_the_rule_compare(shown: Shown, parts: Parts, qtbot: QtBot) -> None:
    panel = shown()
    panel.choose("SEEDREC")
    panel.details.judging._probe.click()
    qtbot.waitUntil(lambda: claim(panel, "SEEDREC").verdict is Verdict.AGREES, timeout=WAIT_MS)
    assert claim(panel, "SEEDREC").grade is Grade.RUN
    turns = parts.window.page().controller.chat.path
    assert turns[-1].state is TurnState.DONE


@pytest.mark.usefixtures("loaded")
def test_another_chat_ends_a_probe_and_keeps_what_came(
    shown: Shown, parts: Parts, qtbot: QtBot
) -> None:
    panel = shown()
    page = parts.window.page()
    panel.choose("SAFE-OVER")
    panel.details.judging._probe.click()
    qtbot.waitUntil(lambda: panel.judgement("SAFE-OVER") is not None, timeout=WAIT_MS)
    page.new_chat()
    qtbot.waitUntil(lambda: not panel.probes.said_of("SAFE-OVER"), timeout=WAIT_MS)
    assert not page.probes.is_asking
    kept = panel.judgement("SAFE-OVER")
    assert kept is not None
    assert 1 <= len(kept.answers) < 10


@pytest.mark.usefixtures("loaded")
def test_stop_ends_a_probe_and_a_half_answer_is_evidence_only_by_hand(
    shown: Shown, parts: Parts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown()
    page = parts.window.page()
    slow = Probe(seed=42, ask=(Question(text="!slow 200 " + "word " * 40), Question(text="b?")))
    monkeypatch.setattr("app.tabs.card.claims.probes.probe", lambda *_, **__: slow)
    panel.choose("IDENT")
    panel.details.judging._probe.click()
    qtbot.waitUntil(
        lambda: (
            page.controller.live is not None and bool(page.controller.live.text.answer_text.strip())
        ),
        timeout=WAIT_MS,
    )
    assert panel.probes.said_of("IDENT") == "Asking 1 of 2…"
    assert not panel.details.judging._probe.isEnabled()
    page.stop()
    qtbot.waitUntil(lambda: not panel.probes.said_of("IDENT"), timeout=WAIT_MS)
    assert panel.judgement("IDENT") is None
    assert page.controller.chat.path[-1].state is TurnState.STOPPED
    # One that ran on and on is just what a person may want to keep.
    panel.details.judging._answer.click()
    qtbot.waitUntil(lambda: panel.judgement("IDENT") is not None, timeout=WAIT_MS)
    kept = panel.judgement("IDENT")
    assert kept is not None
    assert [(one.stopped, one.expected) for one in kept.answers] == [(True, None)]
    assert kept.of == 0
    told = [label.text() for label in panel.details.findChildren(QLabel)]
    assert any(text.endswith("(stopped before its end)") for text in told)


@pytest.mark.usefixtures("loaded")
def test_a_probe_that_does_not_fit_says_so(
    shown: Shown, parts: Parts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown()
    long = Probe(seed=42, ask=(Question(text="word " * 2_000_000),))
    monkeypatch.setattr("app.tabs.card.claims.probes.probe", lambda *_, **__: long)
    panel.choose("CTXLIVE")
    panel.details.judging._probe.click()
    qtbot.waitUntil(lambda: not panel.probes.said_of("CTXLIVE"), timeout=WAIT_MS)
    assert panel.judgement("CTXLIVE") is None
    assert not parts.window.page().probes.is_asking


@pytest.mark.usefixtures("loaded")
def test_the_answer_on_show_can_be_kept(shown: Shown, parts: Parts, qtbot: QtBot) -> None:
    panel = shown()
    page = parts.window.page()
    page.new_chat()
    panel.choose("CTX")
    panel.details.judging._answer.click()
    qtbot.waitUntil(lambda: not panel.probes._claim, timeout=WAIT_MS)
    assert panel.judgement("CTX") is None
    qtbot.waitUntil(lambda: page.controller.can_ask, timeout=WAIT_MS)
    page.controller.ask("hello there")
    qtbot.waitUntil(
        lambda: (
            bool(page.controller.chat.path)
            and page.controller.chat.path[-1].state is TurnState.DONE
        ),
        timeout=WAIT_MS,
    )
    panel.details.judging._answer.click()
    qtbot.waitUntil(lambda: panel.judgement("CTX") is not None, timeout=WAIT_MS)
    kept = panel.judgement("CTX")
    assert kept is not None
    assert kept.answers[0].question == "hello there"


def test_what_a_later_version_wrote_is_left_alone(parts: Parts, model: Path) -> None:
    store = parts.context.store.claims
    kept = store.put(file_of(parts, model), "X", '{"claim": 5}').result()
    assert decoded(kept) is None
    store.take_back(file_of(parts, model), "X").result()
    assert Judgement(claim="X", rule="CTX").grade is None


def test_every_verdict_has_a_colour_and_a_sign_of_its_own() -> None:
    assert len({verdict_sign(one) for one in Verdict}) == len(Verdict)
    assert all(verdict_role(one) for one in Verdict)


def test_the_probe_on_languages_asks_in_those_that_are_named(shown: Shown) -> None:
    panel = shown()
    assert languages_of(claim(panel, "LANG")) == ["en", "de"]
    assert languages_of(claim(panel, "FILL")) == ["en"]
