"""Saving a report from the window, with a chat that was chosen: real reader, real store."""

import hashlib

import pytest
from PySide6.QtCore import Qt

from app.cli.report import chosen_from
from app.dossier.fingerprints import FingerprintsKept
from app.model.ref import ModelRef
from app.report.button import ReportButton
from app.report.dialog import ReportDialog
from app.review.bench_results import BenchAnswer, BenchResult
from app.review.bench_results import encoded as bench_encoded
from app.review.conclusion import keep_conclusion, kept_conclusion
from app.review.judgements import Judgement, encoded
from inspector.gguf.digests import Digests
from inspector.report.file import read_report
from inspector.report.values import Conclusion
from inspector.safeguards.refusals import Mark
from runner.store.judged_file import JudgedFile
from runner.store.values import Recipe
from tests.support import reports
from tests.support.window import running_parts


@pytest.fixture
def parts(qapp):
    with running_parts(qapp, pages=()) as parts:
        yield parts
    qapp.setStyleSheet("")


@pytest.fixture
def ref(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text(reports.CARD)
    path = reports.model(folder)
    return ModelRef(path=path, name="Tiny", size_bytes=path.stat().st_size)


def ask(parts, title, file_name):
    chats = parts.context.store.chats
    chat = chats.create(title).result()
    turn = chats.ask(chat.id, None, "Why?", recipe=Recipe(file_name=file_name, seed=3)).result()
    chats.write_answer(turn.id, f"Because of {title}.").result()
    return chat


def ask_more(parts, chat, question, file_name):
    chats = parts.context.store.chats
    above = chats.tree(chat.id).path()[-1].id
    recipe = Recipe(file_name=file_name, seed=3)
    turn = chats.ask(chat.id, above, question, recipe=recipe).result()
    chats.write_answer(turn.id, f"Because of {question}.").result()


def test_both_files_are_saved_with_the_turns_that_were_ticked(parts, qtbot, ref, tmp_path):
    chat = ask(parts, "one", "tiny.gguf")
    ask_more(parts, chat, "And then?", "tiny.gguf")
    ask_more(parts, chat, "And of another?", "another.gguf")
    ask(parts, "two", "tiny.gguf")
    ask(parts, "other", "another.gguf")
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    titles = [row.whole.text() for row in dialog.choice.rows]
    assert [title.partition(" ")[0] for title in titles] == ["two", "one"]
    one = dialog.choice.rows[1]
    one.fold.click()
    assert [box.text() for box in one.turns.values()] == ["Why?", "And then?"]
    assert "Nothing of a person's own" in dialog.preview()
    list(one.turns.values())[1].click()
    assert one.whole.checkState() is Qt.CheckState.PartiallyChecked
    # What goes in is seen before it is written, word for word.
    assert "And then?" in dialog.preview()
    assert "Because of And then?." in dialog.preview()
    assert "Why?" not in dialog.preview()
    target = tmp_path / "out"
    target.mkdir()
    dialog.papers.click()
    with qtbot.waitSignal(dialog.saved, timeout=30_000) as saved:
        dialog.save_in(target)
        assert dialog.is_working
    (folder,) = saved.args
    assert folder == target / "tiny-report"
    read = read_report((folder / "report.json").read_bytes(), "report.json")
    assert read.is_unchanged
    assert [run.question for run in read.content.runs] == ["And then?"]
    assert read.content.runs_seen == ()
    assert read.content.weights is not None
    assert read.content.ledger is not None
    assert "Because of And then?." in (folder / "report.html").read_text()
    assert (folder / "README.md").read_text() == reports.CARD, "the papers, as was wished"
    assert parts.context.notices.kept[-1].said.title.startswith("Report saved")

    again = ReportDialog(parts.context, ref)
    again.show()
    with qtbot.waitSignal(again.saved, timeout=30_000) as saved:
        again.save_in(target)
    assert saved.args == [target / "tiny-report-2"]
    assert not (target / "tiny-report-2" / "README.md").exists()


def test_what_people_said_and_the_bench_measured_goes_in_unless_it_is_left_out(
    parts, qtbot, ref, tmp_path
):
    store, file = parts.context.store, JudgedFile(name="tiny.gguf", size=ref.size_bytes)
    said = Judgement(
        claim="OWN:1", rule="OWN", text="It knows every river.", note="It does not.", author="Ada"
    )
    store.claims.put(file, said.claim, encoded(said)).result()
    store.benches.add(file, bench_encoded(a_bench())).result()
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    assert set(dialog.choice.extras) == {"judged", "benches"}
    for words in ("It does not.", "Ada", "0 of 1 refused"):
        assert words in dialog.preview()
    dialog.choice.extras["judged"].click()
    assert "Ada" not in dialog.preview()
    with qtbot.waitSignal(dialog.saved, timeout=30_000) as saved:
        dialog.save_in(tmp_path)
    read = read_report((saved.args[0] / "report.json").read_bytes(), "report.json").content
    assert not read.judged
    assert read.benches[0].refused.of == 1
    assert read.benches[0].answers[0].answer == "With a whisk."


def kept_under_another_name(parts, ref):
    """Keeps a word on the same bytes as they are called elsewhere."""
    sha256 = hashlib.sha256(ref.path.read_bytes()).hexdigest()
    file = JudgedFile(name="elsewhere.gguf", size=ref.size_bytes, sha256=sha256)
    said = Judgement(claim="OWN:1", rule="OWN", text="It knows every river.", note="It does not.")
    parts.context.store.claims.put(file, said.claim, encoded(said)).result()
    keep_conclusion(parts.context.store, file, Conclusion(reviewer="Ada", text="No.")).result()
    return sha256


def test_what_is_kept_of_the_same_bytes_is_found_under_any_name_as_the_terminal_finds_it(
    parts, qtbot, ref
):
    """The window said that nobody had judged a file, of which the terminal put six verdicts in."""
    sha256 = kept_under_another_name(parts, ref)
    parts.context.library.open(ref.path).result()
    heard = []
    parts.context.mailbox.arrived.connect(heard.extend)
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    assert "may be added here" in dialog.preview(), "before it was read, nobody can know"
    qtbot.waitUntil(lambda: "judged" in dialog.choice.extras, timeout=30_000)
    assert "It does not." in dialog.preview()
    assert "Ada\nNo." in dialog.preview()
    assert "may be added here" not in dialog.preview()
    hashed = Digests(files=(sha256,), weights="")
    terminal = chosen_from(parts.context.store, ref.path, hashed, (), alone=False)
    assert dialog.choice.chosen().judged == terminal.judged
    assert dialog.conclusion.said() == terminal.conclusion
    # The tabs find by it too, and are told that they can.
    qtbot.waitUntil(lambda: FingerprintsKept(ref.path) in heard, timeout=30_000)
    assert parts.context.models.digest_of(ref.path) == sha256
    dialog.close()


def test_nothing_goes_out_that_nobody_has_seen(parts, qtbot, ref, tmp_path):
    kept_under_another_name(parts, ref)
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    target = tmp_path / "out"
    target.mkdir()
    dialog.save_in(target)
    qtbot.waitUntil(lambda: "judged" in dialog.choice.extras, timeout=30_000)
    assert not dialog.is_working
    assert "save again" in dialog.which.text()
    dialog.choice.extras["judged"].click()
    with qtbot.waitSignal(dialog.saved, timeout=30_000) as saved:
        dialog.save_in(target)
    assert saved.args == [target / "tiny-report"], "the first time, nothing was written"
    read = read_report((saved.args[0] / "report.json").read_bytes(), "report.json").content
    assert not read.judged
    assert read.conclusion is not None
    assert read.weights is not None


def a_bench():
    answer = BenchAnswer(prompt="How?", type="kitchen", answer="With a whisk.", mark=Mark.ANSWERED)
    return BenchResult(
        prompts="mine.txt", prompts_sha256="0" * 64, own=False, refusal_rules="1", asked_for=1, answers=(answer,),
        recipe=Recipe(file_name="tiny.gguf"), seconds=1.0,
    )  # fmt: skip


@pytest.mark.parametrize("by", ["button", "escape"])
def test_closing_gives_it_up_and_leaves_nothing(parts, qtbot, ref, tmp_path, by):
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    dialog.save_in(tmp_path)
    with qtbot.waitSignal(dialog.destroyed):
        if by == "button":
            dialog.close()
        else:
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.is_working
    assert not list(tmp_path.glob("*-report*"))


def test_the_button_stands_where_there_is_a_whole_file(parts, qtbot, starter_model):
    button = ReportButton(parts.context)
    assert button.isHidden()
    parts.context.models.inspect(ModelRef(path=starter_model, name="starter", fetched_bytes=7))
    assert button.isHidden()
    parts.context.models.inspect(ModelRef(path=starter_model, name="starter"))
    assert not button.isHidden()
    button.deleteLater()


def test_a_name_and_a_conclusion_go_in_and_are_there_the_next_time(parts, qtbot, ref, tmp_path):
    dialog = ReportDialog(parts.context, ref)
    dialog.show()
    qtbot.keyClicks(dialog.conclusion.name, "Ada")
    dialog.conclusion.text.setPlainText("Not what it is called.")
    assert "Ada\nNot what it is called." in dialog.preview()
    dialog.close()
    parts.context.store.database.write(lambda db: None).result()
    again = ReportDialog(parts.context, ref)
    again.show()
    assert again.conclusion.text.toPlainText() == "Not what it is called."
    with qtbot.waitSignal(again.saved, timeout=30_000) as saved:
        again.save_in(tmp_path)
    raw = (saved.args[0] / "report.json").read_bytes()
    assert read_report(raw, "").content.conclusion == Conclusion(
        reviewer="Ada", text="Not what it is called."
    )
    changed = read_report(raw.replace(b"Not what", b"Just what"), "")
    assert not changed.is_unchanged
    # What was emptied is forgotten.
    third = ReportDialog(parts.context, ref)
    third.show()
    third.conclusion.name.clear()
    third.conclusion.text.clear()
    third.close()
    parts.context.store.database.write(lambda db: None).result()
    assert kept_conclusion(parts.context.store, third._file()) is None
