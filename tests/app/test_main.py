"""The start: which face opens, and how little the porter holds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.cli.arguments import file_to_open
from app.main import has_display, main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_display_is_known_before_qt_aborts(
    environment: dict[str, str], platform: str, expected: bool
) -> None:
    assert has_display(environment, platform) is expected


@pytest.mark.parametrize(
    ("word", "is_file"),
    [
        ("model.gguf", True),
        ("MODEL.GGUF", True),
        ("./run", True),
        ("/tmp/nonesuch", True),
        ("there", True),
        ("nonesuch", False),
        ("run", False),
        ("--version", False),
    ],
)
def test_a_file_is_told_from_a_command(
    word: str, is_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    (tmp_path / "run").touch()
    expected = str(tmp_path / word) if is_file else None
    found = file_to_open([word])
    assert (found and Path(found)) == (expected and Path(expected))
    assert file_to_open([word, "more"]) is None


def test_elsewhere_one_sentence_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert (ROOT / "docs/other-systems.md").is_file()


def test_a_file_without_a_display_is_chatted_with(starter_model: Path) -> None:
    done = without_display(str(starter_model))
    assert done.returncode == 0, done.stderr
    assert f"Chatting with {starter_model.name}" in done.stderr


def test_a_missing_file_without_a_display_is_named() -> None:
    done = without_display("nonesuch.gguf")
    assert done.returncode == 1
    assert "There is no file" in done.stderr
    assert "nonesuch.gguf" in done.stderr


def test_too_few_open_files_are_told_in_a_sentence() -> None:
    started = f'ulimit -n 64; exec "{sys.executable}" -c "from app.main import main; main()" doctor'
    done = subprocess.run(
        ["sh", "-c", started], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Lightwell can't start: the system refuses it")
    assert "ulimit -n 1024" in done.stderr
    assert "Traceback" not in done.stderr


def without_display(*arguments: str) -> subprocess.CompletedProcess[str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_display_one_sentence_and_a_chat(starter_model: Path) -> None:
    done = without_display()
    assert done.returncode == 0, done.stderr
    first, second = done.stderr.splitlines()[:2]
    assert first.startswith("There is no display here, so Lightwell opens a chat in this terminal")
    assert second.startswith(f"Chatting with {starter_model.name}")


def test_porter_imports_the_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import app.main; "
        "tops = {name.split('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(tops - set(sys.stdlib_module_names) - {'app', 'runner'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize(("number", "is_told"), [(signal.SIGKILL, True), (signal.SIGTERM, False)])
def test_a_window_that_is_killed_is_told_of_in_the_terminal(
    number: signal.Signals, is_told: bool
) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    window = None
    while window is None:
        children = psutil.Process(started.pid).children()
        window = next(
            (one for one in children if "app.window_process" in " ".join(one.cmdline())), None
        )
    window.send_signal(number)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 128 + number
    assert ("The window was ended by signal 9." in said) is is_told
    assert "Traceback" not in said
