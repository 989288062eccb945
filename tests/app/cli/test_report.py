"""`lightwell report` and `lightwell check`, as a person calls them: real processes."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from app.cli.check import exit_code, model_of, report_file
from app.cli.report import _turn, chosen_from
from app.report.papers import copy_papers
from app.words.checked import CheckedWords, own_words, parcel_words
from inspector.claims.rules import rules
from inspector.errors import InspectorError
from inspector.report.compare import Outcome, recheck
from inspector.report.file import ReportRead, read_report
from inspector.report.values import ClaimJudged, Conclusion, Document
from runner.errors import RunnerError
from runner.library.paths import database_file, models_folder
from runner.store import Store
from runner.store.judged_file import JudgedFile
from runner.store.papers import CARD
from runner.store.sources import Source
from runner.store.values import Recipe, TurnState
from tests.support import reports

ROOT = Path(__file__).parents[3]


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text(reports.CARD)
    return reports.model(folder)


def test_a_report_holds_until_model_or_report_changes(model, tmp_path):
    (model.parent / "README.md").write_text(
        reports.CARD.replace("---\n", "---\nbase_model: a/b\n", 1)
    )
    base = models_folder() / "a" / "b" / "README.md"
    base.parent.mkdir(parents=True)
    base.write_text("# B\n\nIt has a context length of 8192 tokens.\n")
    made = call(
        "report",
        model,
        "-o",
        tmp_path / "out",
        "--reviewer",
        " Ada ",
        "--conclusion",
        "Fit for a laptop.",
        "--papers",
    )
    assert made.returncode == 0, made.stderr
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "README.md",
        "report.html",
        "report.json",
    ]
    assert "report.html" in made.stdout
    assert "Nothing was asked of the network" in made.stderr
    report = model.parent / "report.json"
    shutil.copy(tmp_path / "out" / "report.json", report)
    read = read_report(report.read_bytes(), report.name)
    assert read.is_unchanged
    assert read.content.conclusion == Conclusion(reviewer="Ada", text="Fit for a laptop.")
    assert "Fit for a laptop." in (tmp_path / "out" / "report.html").read_text()
    assert (
        "hand over: report.json, report.html, tiny.gguf, README.md, the card of a/b." in made.stderr
    )
    assert "given: “Ada: Fit for a laptop.”" in made.stderr
    held = call("check", report)
    assert "Fit for a laptop." in held.stdout, "read back, as a person's word"
    assert held.returncode == 0, held.stderr
    assert "That is no signature" in held.stdout
    assert "None of those that were checked has changed." in held.stdout
    assert "CTX@a/b" not in held.stdout, "the base model's card is here, so its claims hold"
    sheet = model.parent / "report.html"
    shutil.copy(tmp_path / "out" / "report.html", sheet)
    assert "report.html is the page of this report" in call("check", report).stdout
    sheet.write_text(sheet.read_text().replace("Fit for a laptop.", "Fit for all."))
    false = call("check", sheet)
    assert false.returncode == 4, false.stderr
    assert "report.html is not the page of this report" in false.stdout

    reports.model(model.parent, licence="llama3.2")
    base.unlink()
    report.write_text(report.read_text().replace('"mit"', '"gpl-3.0"', 1))
    changed = call("check", report, "--json")
    assert changed.returncode == 4, changed.stderr
    told = json.loads(changed.stdout)
    assert told["schema"] == "lightwell.check/1"
    assert not told["digest"]["fits"]
    assert told["counts"]["differs"] >= 3
    outcomes = {one["id"]: (one["outcome"], one.get("why")) for one in told["checked"]}
    assert outcomes["claim:CTX@a/b"] == ("not checked", "document"), "its card is gone"
    assert "fact:licence" in {one["id"] for one in told["checked"] if one["outcome"] == "differs"}


def test_how_a_check_ends(model):
    report = reports.content(model)
    reports.model(model.parent, licence="llama3.2")
    now = reports.content(model)
    same, other = recheck(report, report), recheck(report, now)
    assert exit_code(ReportRead(report, "a", "a"), same) == 0
    assert exit_code(ReportRead(report, "a", "a"), other) == 3
    assert exit_code(ReportRead(report, "a", "b"), same) == 4
    assert exit_code(ReportRead(report, "a", "b"), other) == 4


def test_the_model_of_a_report_is_looked_for_here(model, tmp_path, monkeypatch):
    monkeypatch.chdir(model.parent)
    assert model_of(reports.content(model), tmp_path / "report.json", "", None) == model.resolve()


def test_a_report_without_its_model_says_what_to_name(model, tmp_path):
    told = reports.content(model)
    assert model_of(told, model.parent / "report.json", "", None) == model
    assert model_of(told, tmp_path / "report.json", str(model), None) == model
    with pytest.raises(RunnerError) as missing:
        model_of(told, tmp_path / "report.json", "", None)
    assert missing.value.code == "report.no_model"
    with Store.open(tmp_path / "data" / "lightwell.sqlite") as store:
        store.files.adopt(model).result()
        assert model_of(told, tmp_path / "report.json", "", store) == model


@pytest.mark.parametrize("name", ["x" * 300, "~nobody-has-this/report.json"])
def test_a_place_that_cannot_be_looked_at_is_no_report(name):
    checked = call("check", name)
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    assert "report.no_file" in checked.stderr


def test_where_no_chat_is_kept_that_is_said():
    listed = call("report", "--chats")
    assert (listed.returncode, listed.stdout) == (0, "")
    assert listed.stderr == "No chat is kept here.\n"


def test_turns_of_a_chat_are_listed_and_put_into_the_report_one_by_one(model, tmp_path):
    database_file().parent.mkdir(parents=True, exist_ok=True)
    with Store.open(database_file()) as store:
        chat = store.chats.create().result()
        size = model.stat().st_size
        recipe = Recipe(
            file_name=model.name, file_size=size, template="file", template_sha256="a" * 64
        )
        first = store.chats.ask(chat.id, None, "What is a llama?", recipe=recipe).result()
        store.chats.finish(first.id, "An animal.", TurnState.DONE, "end token").result()
        second = store.chats.ask(chat.id, first.id, "And an alpaca?").result()
        store.chats.finish(second.id, "Another one.", TurnState.DONE, "end token").result()
    listed = call("report", "--turns", chat.id)
    assert [line.split(maxsplit=1)[1] for line in listed.stdout.splitlines()] == [
        "What is a llama?",
        "And an alpaca?",
    ]
    made = call("report", model, "--quick", "-o", tmp_path / "out", "--turn", second.id)
    assert made.returncode == 0, made.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [run["question"] for run in report["content"]["runs"]] == ["And an alpaca?"]
    assert len(report["content"]["runs_seen"]) == 1
    assert "“--alone” leaves all of that out" in made.stderr
    alone = call("report", model, "--quick", "--alone", "-o", tmp_path / "alone")
    assert "of a person's own" not in alone.stderr
    told = json.loads((tmp_path / "alone" / "report.json").read_text())["content"]
    assert not told["runs_seen"]
    assert not told["claims_here"]
    with Store.open(database_file()) as store, pytest.raises(RunnerError) as none:
        _turn(store, second.id + 1)
    assert (none.value.code, none.value.context["number"]) == ("report.no_turn", second.id + 1)


def test_what_was_kept_of_a_download_is_checked_too(model, tmp_path):
    (model.parent / "README.md").unlink()
    database_file().parent.mkdir(parents=True, exist_ok=True)
    with Store.open(database_file()) as store:
        file = store.files.adopt(model).result()
        source = Source(
            repository="a/b", revision="main", commit="c" * 40, path=model.name, sha256=""
        )
        store.sources.keep(file.id, source).result()
        store.papers.keep("a/b", source.commit, CARD, reports.CARD).result()
    made = call("report", model, "--quick", "-o", tmp_path / "out")
    assert made.returncode == 0, made.stderr
    told = call("check", tmp_path / "out" / "report.json", "--quick", "--json")
    outcomes = {one["id"]: one["outcome"] for one in json.loads(told.stdout)["checked"]}
    assert outcomes[f"document:card:{CARD}"] == "holds", told.stderr


def test_a_check_speaks_in_the_reports_words_and_asks_for_what_it_lacks(tmp_path):
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there, here):
        folder.mkdir()
    (there / "README.md").write_text(reports.CARD)
    report = reports.content(reports.model(there))
    present = reports.content(reports.model(here, licence="llama3.2"))
    found, words = recheck(report, present), CheckedWords(report, present)
    told = {one.id: (words.name(one), words.said(one), words.now(one)) for one in found.checked}
    assert told["fact:licence"][0] == "Licence"
    assert told["licence:weights:osi"][0] == "Weights: Approved by OSI"
    name, said, _ = told["claim:QUANT"]
    assert name == "Quantisation"
    assert said == "not stated: Neither name nor header has a label. All tensors: 2 × F32."
    name, said, now = told["finding:compressed-weights"]
    assert name == "Compressed weights"
    assert said == "public, open licence (mit) (said of: this file)"
    assert "_" not in now
    assert not [name for name, *_ in told.values() if name in rules()], "no rule by its id alone"


def test_a_check_that_lacks_papers_says_so_and_does_not_end_as_if_all_were_well(tmp_path):
    """A stranger with the model alone saw "none has changed", and half had not been looked at."""
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there, here):
        folder.mkdir()
    (there / "README.md").write_text(reports.CARD)
    report, bare = (reports.content(reports.model(folder)) for folder in (there, here))
    whole, half = recheck(report, report), recheck(report, bare)
    assert whole.lacking == ()
    assert half.lacking == ("README.md",)
    assert not half.of(Outcome.DIFFERS)
    assert exit_code(ReportRead(report, "a", "a"), whole) == 0
    assert exit_code(ReportRead(report, "a", "a"), half) == 5
    assert exit_code(ReportRead(report, "a", "b"), half) == 4, "that it was changed weighs more"
    shutil.copy(there / "README.md", here)
    reports.model(here, licence="llama3.2")
    assert (
        exit_code(
            ReportRead(report, "a", "a"), recheck(report, reports.content(here / "tiny.gguf"))
        )
        == 3
    )


def test_what_to_hand_over_names_every_file(model, tmp_path):
    report = reports.content(model)
    told = parcel_words(report)
    for name in ("report.json", "report.html", "tiny.gguf", "README.md"):
        assert name in told
    (model.parent / "README.md").unlink()
    bare = parcel_words(reports.content(model))
    assert "tiny.gguf" in bare
    assert "No paper lay beside" in bare
    kept = msgspec.structs.replace(
        report,
        documents=(Document(kind="card", name="README.md", size=1, sha256="a", revision="c" * 40),),
    )
    assert "README.md as it stood in its repository at commit cccccccccccc" in parcel_words(kept)


def test_only_the_papers_that_were_read_are_copied_and_nothing_is_written_over(model, tmp_path):
    (model.parent / "LICENSE").write_text("Do as you like.")
    report = reports.content(model)
    assert {one.name for one in report.documents} == {"README.md", "LICENSE"}
    (tmp_path / "whole").mkdir()
    assert copy_papers(report, model, tmp_path / "whole") == ()
    assert (tmp_path / "whole" / "README.md").read_text() == reports.CARD
    assert copy_papers(report, model, tmp_path / "whole") == (), "they are there already"
    assert copy_papers(report, model, model.parent) == (), "beside the model they lie anyway"
    other = tmp_path / "other"
    other.mkdir()
    (other / "README.md").write_text("Mine.")
    (model.parent / "LICENSE").write_text("Do as I say.")
    assert set(copy_papers(report, model, other)) == {"README.md", "LICENSE"}
    assert (other / "README.md").read_text() == "Mine."
    assert not (other / "LICENSE").exists()


def test_a_parcel_with_the_papers_can_be_checked_whole(model, tmp_path):
    """The folder that was made, with the model's file laid into it, is all that a stranger needs."""
    report = reports.content(model)
    copy_papers(report, model, tmp_path)
    shutil.copy(model, tmp_path)
    found = recheck(report, reports.content(tmp_path / model.name))
    assert not found.lacking
    assert not found.of(Outcome.DIFFERS)


def test_a_persons_own_words_are_counted_and_the_conclusion_is_shown(model):
    answers = [
        {"question": "Who are you?", "answer": "I."},
        {"question": "And now?", "answer": "I."},
    ]
    judged = ClaimJudged(
        claim="IDENT", changed=datetime(2026, 11, 21, tzinfo=UTC), entry={"rule": "IDENT", "answers": answers}
    )  # fmt: skip
    own = Conclusion(reviewer="Ada", text="Not what\nit is called.")
    report = msgspec.structs.replace(reports.content(model), judged=(judged,), conclusion=own)
    told = own_words(report)
    assert "word for word: 2" in told
    assert "“Ada: Not what it is called.”" in told
    assert not own_words(reports.content(model))


@pytest.mark.parametrize("named", [".", "report.html", "report.json"])
def test_the_folder_or_the_page_of_a_report_leads_to_the_file(named, tmp_path):
    (tmp_path / "report.json").write_text("{}")
    (tmp_path / "report.html").write_text("x")
    assert report_file(str(tmp_path / named)) == (tmp_path / "report.json").resolve()


@pytest.mark.parametrize("named", ["", "report.json", "report.html"])
def test_where_no_report_lies_it_is_a_report_that_is_asked_for(named, tmp_path):
    with pytest.raises(RunnerError) as missing:
        report_file(str(tmp_path / named))
    assert missing.value.code == "report.no_file"


def test_the_page_alone_is_called_a_page(tmp_path):
    sheet = tmp_path / "report.html"
    sheet.write_text("<!DOCTYPE html>\n<html></html>")
    assert report_file(str(sheet)) == sheet.resolve()
    with pytest.raises(InspectorError) as refused:
        read_report(sheet.read_bytes(), sheet.name)
    assert refused.value.code == "report.is_page"


def test_what_is_a_persons_own_can_be_left_out(model, tmp_path):
    with Store.open(tmp_path / "kept.db") as store:
        file = JudgedFile(name=model.name, size=model.stat().st_size, sha256="")
        store.claims.put(file, "CTX", '{"claim":"CTX","rule":"CTX","note":"Mine."}').result()
        assert [one.claim for one in chosen_from(store, model, None, (), alone=False).judged] == [
            "CTX"
        ]
        without = chosen_from(store, model, None, (), alone=True)
    assert not without.judged
    assert without.ledger is not None


def test_a_folder_must_be_named(model):
    assert call("report", model).returncode == 2
