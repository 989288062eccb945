"""`lightwell inspect` prints all that is known: of the file, of the papers beside it, and of what is kept here."""

import json
from pathlib import Path

import pytest

from app.review.bench_results import encoded as bench_encoded
from app.review.judgements import Judgement, encoded
from inspector.claims.values import Verdict
from runner.library.paths import database_file
from runner.store import Store
from runner.store.judged_file import JudgedFile
from runner.store.values import Recipe, TurnState
from tests.app.cli.test_inspect import inspect
from tests.app.report.test_dialog import a_bench
from tests.support import reports


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text(reports.CARD)
    return reports.model(folder)


def claims_of(told: dict) -> dict[str, str]:
    return {one["rule"]: one["verdict"] for one in told["claims"]["claims"]}


def test_every_part_is_there_and_an_absent_store_is_told(model: Path):
    done = inspect(model)
    assert done.returncode == 0, done.stderr
    for said in (
        "May I use it", "What is unknown",  # the five lines
        "Parameters", "MIT License", "The eight of the Columbia framework", "Not measured yet.",
        "How open it is", "Model Openness Framework", "Nothing is kept on this computer yet",
    ):  # fmt: skip
        assert said in done.stdout, said
    told = json.loads(inspect(model, "--json").stdout)
    assert told["kept"] == "absent"
    assert told["openness"]["schema"] == "lightwell.openness/1"
    assert told["judged"] == told["benches"] == []


def test_rules_on_runs_answer_as_in_the_window_while_the_window_has_the_store(model: Path):
    file = JudgedFile(name=model.name, size=model.stat().st_size)
    said = Judgement(claim="OWN:1", rule="OWN", text="It knows rivers.", verdict=Verdict.STATED)
    # It stays open and locked, as while the window runs.
    with Store.open(database_file()) as store:
        chat = store.chats.create("A chat").result()
        recipe = Recipe(file_name=file.name, file_size=file.size, template="none", seed=3)
        turn = store.chats.ask(chat.id, None, "Why?", recipe=recipe).result()
        store.chats.finish(turn.id, "Because.", TurnState.DONE, "end token").result()
        store.claims.put(file, said.claim, encoded(said)).result()
        store.benches.add(file, bench_encoded(a_bench())).result()
        told = json.loads(inspect(model, "--json").stdout)
        assert told["kept"] == "read"
        assert claims_of(told)["TMPL-USED"] == "stated"
        assert told["judged"][0]["entry"]["text"] == "It knows rivers."
        assert told["benches"][0]["refused"]["of"] == 1
        printed = " ".join(inspect(model).stdout.split())
        for words in ("It knows rivers.", "mine.txt", "0 of 1", "Nothing is kept"):
            assert (words in printed) is (words != "Nothing is kept"), words


def test_a_store_that_cannot_be_read_is_told(model: Path):
    database_file().parent.mkdir(parents=True)
    database_file().write_bytes(b"no database " * 1000)
    done = inspect(model)
    assert done.returncode == 0
    assert "can't be read now" in " ".join(done.stdout.split())
