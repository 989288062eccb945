"""What `lightwell check` prints of each statement: once, and not a fingerprint for every run."""

import pytest

from app.cli.checked_lines import changed_lines, left_lines
from app.words.checked import CheckedWords
from inspector.report.compare import Outcome, recheck
from inspector.report.values import ClaimJudged
from tests.inspector.report.test_runs import WHEN
from tests.support import reports


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A report with two kept answers, checked against the same file under another name in its header."""
    there, here = (tmp_path_factory.mktemp(name) for name in ("there", "here"))
    path = reports.model(there)
    recipe = {"file_name": path.name, "file_sha256": reports.content(path).files[0].sha256}
    asked = ("Who are you?", "And where?")
    answers = [{"question": one, "answer": "I.", "recipe": recipe} for one in asked]
    judged = ClaimJudged(claim="IDENT", changed=WHEN, entry={"rule": "IDENT", "answers": answers})
    report = reports.content(path, reports.Chosen(judged=(judged,)))
    present = reports.content(reports.model(here, name="Tina"))
    return recheck(report, present), CheckedWords(report, present), report.files[0].sha256


def test_what_changed_alike_is_told_with_one_pair(found):
    checked, words, sha256 = found
    lines = list(changed_lines(checked.of(Outcome.DIFFERS), words))
    assert "    Who are you?; And where?" in lines
    assert sum(sha256 in line for line in lines) == 2, "of the file, and of all its runs"


def test_a_run_of_another_file_is_named_once(found):
    checked, words, _ = found
    differs = checked.of(Outcome.DIFFERS)
    lines = list(left_lines(checked.of(Outcome.NOT_CHECKED), words, differs))
    text = "\n".join(lines)
    assert "Who are you?" not in text
    assert "2 named above" in text
    alone = "\n".join(left_lines(checked.of(Outcome.NOT_CHECKED), words, ()))
    assert "Who are you?; And where?" in alone
    assert "named above" not in alone
