"""The command line as a person and a program meet it: real processes, the echo engine."""

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
LIGHTWELL = [sys.executable, "-m", "app"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A file that the echo engine takes for a model."""
    file = tmp_path / "any.gguf"
    file.write_bytes(b"GGUF")
    return file


def call(*arguments: str | Path, text: str | bytes = "") -> subprocess.CompletedProcess[str]:
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(
        [*LIGHTWELL, *map(str, arguments)], cwd=ROOT, input=data, capture_output=True, timeout=60
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def test_prompt_is_answered_on_standard_output(model: Path) -> None:
    done = call("run", model, "--echo", "-p", "hello there", "--seed", "7")
    assert done.returncode == 0
    assert "hello there" in done.stdout
    assert "seed 7" in done.stderr
    assert "the model ended it" in done.stderr


def test_prompt_from_standard_input(model: Path) -> None:
    assert "from a pipe" in call("run", model, "--echo", "-p", "-", text="from a pipe").stdout


def test_json_holds_the_answer_and_the_recipe(model: Path) -> None:
    done = call("run", model, "--echo", "-p", "hi", "--seed", "3", "--json")
    report = json.loads(done.stdout)
    assert report["schema"] == "lightwell.run/1"
    assert report["prompt"] == "hi"
    assert report["seed"] == 3
    assert report["stop_reason"] == "end token"
    assert "hi" in report["answer"]
    assert report["sampling"]["temperature"] == {"value": 0.8, "source": "Lightwell's default"}
    assert done.stderr == ""


def test_token_limit_is_kept(model: Path) -> None:
    done = call("run", model, "--echo", "-p", "!long 50", "--max-tokens", "5", "--json")
    report = json.loads(done.stdout)
    assert report["answer_tokens"] == 5
    assert report["stop_reason"] == "token limit"


def test_escape_sequences_of_a_model_do_nothing(model: Path) -> None:
    hostile = "\x1b]0;owned\x07 \x9b31m \u202e right \x00 end"
    done = call("run", model, "--echo", "-p", "-", text=hostile)
    assert done.returncode == 0
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)
    assert "end" in done.stdout
    as_json = call("run", model, "--echo", "-p", "-", "--json", text=hostile)
    assert as_json.stdout.isascii()
    assert json.loads(as_json.stdout)["prompt"] == hostile


def test_bytes_that_are_no_text_are_replaced(model: Path) -> None:
    done = call("run", model, "--echo", "-p", "-", text=b"a \xff\xfe b")
    assert done.returncode == 0
    assert "\N{REPLACEMENT CHARACTER}" in done.stdout


@pytest.mark.parametrize("size", [10_000_000, 20_000_000])
def test_prompt_that_is_too_long_gets_a_sentence(model: Path, size: int) -> None:
    done = call("run", model, "--echo", "-p", "-", text="x" * size)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.search("too long|longer than", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("prompt", ["", "  \n "])
def test_empty_prompt_gets_a_sentence(model: Path, prompt: str) -> None:
    done = call("run", model, "--echo", "-p", "-", text=prompt)
    assert done.returncode == 1
    assert done.stderr.startswith("The prompt is empty.")


def test_missing_file_gets_a_sentence() -> None:
    done = call("run", "/no/such.gguf", "-p", "hi")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no file /no/such.gguf.")


@pytest.mark.parametrize("order", ["!crash", "!abort", "!kill"])
def test_engine_that_ends_is_told_and_nothing_is_left(model: Path, order: str) -> None:
    done = call("run", model, "--echo", "-p", order)
    assert done.returncode == 1
    assert "was ended by the system." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["run", "--json"], ["run", "--seed", "-1"], ["run", "--max-tokens", "0"], ["fly"]],
)
def test_wrong_arguments_end_before_anything_starts(arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: lightwell")


def test_reader_that_leaves_early_is_no_error(model: Path) -> None:
    command = [*LIGHTWELL, "run", str(model), "--echo", "-p", "!long 20000"]
    # A pipe that holds half of what is to come: the command can't be done before the reader leaves.
    started = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, pipesize=4096
    )
    assert started.stdout is not None
    started.stdout.read(10)
    started.stdout.close()
    assert started.stderr is not None
    said = started.stderr.read()
    assert started.wait(20) == 141
    assert b"Traceback" not in said
    started.stderr.close()


def test_chat_reads_lines_until_the_end(model: Path) -> None:
    done = call("run", model, "--echo", text="first\nsecond\n")
    assert done.returncode == 0
    assert "first" in done.stdout
    assert "second" in done.stdout
    assert "This chat is not kept." in done.stderr


def test_chat_survives_its_engine(model: Path) -> None:
    done = call("run", model, "--echo", text="!kill\nstill here\n")
    assert done.returncode == 0
    assert "was ended by the system." in done.stderr
    assert "The model is loaded again" in done.stderr
    assert "still here" in done.stdout


class Terminal:
    """A person at a terminal."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execv(sys.executable, [*LIGHTWELL, *arguments])
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def wait_for(self, words: str, times: int = 1, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self.seen.count(words) < times:
            left = deadline - time.monotonic()
            assert left > 0, self.seen
            if select.select([self._descriptor], [], [], left)[0]:
                self.seen += os.read(self._descriptor, 65536).decode(errors="replace")

    def end(self) -> int:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self._descriptor)
                return os.waitstatus_to_exitcode(status)
            if select.select([self._descriptor], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._descriptor, 65536).decode(errors="replace")
                except OSError:
                    time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError(f"it did not end: {self.seen}")


def test_ctrl_c_stops_the_answer_and_then_leaves(model: Path) -> None:
    person = Terminal("run", str(model), "--echo")
    person.wait_for("> ")
    person.type("!slow 200 one two three four five six seven eight nine ten\n")
    # The first time is what the terminal shows of the typing.
    person.wait_for("one two", times=2)
    person.type("\x03")
    person.wait_for("you stopped it")
    person.wait_for("> ", times=2)
    # The line editor misses a key that comes just as it begins to wait; a person presses again.
    time.sleep(0.3)
    person.type("\x03")
    assert person.end() == 0


def test_ctrl_d_leaves(model: Path) -> None:
    person = Terminal("run", str(model), "--echo")
    person.wait_for("> ")
    person.type("hello again\n")
    person.wait_for("> ", times=2)
    person.type("\x04")
    assert person.end() == 0


def test_engine_that_ends_between_questions_is_started_again(model: Path) -> None:
    person = Terminal("run", str(model), "--echo")
    person.wait_for("> ")
    (engine,) = descendants(person.pid, "runner.engine.process")
    os.kill(engine, signal.SIGSEGV)
    log = Path(os.environ["XDG_STATE_HOME"]) / "lightwell/porter.log"
    while "ended 1 echo" not in log.read_text():
        time.sleep(0.1)
    person.type("still there\n")
    person.wait_for("The model is loaded again")
    person.wait_for("> ", times=2)
    assert person.seen.count("still there") == 2  # as typed, and as answered
    person.type("\x04")
    assert person.end() == 0


def descendants(pid: int, module: str) -> list[int]:
    """Returns the processes below `pid` that run a module."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if module in process.cmdline():
                found.append(process.pid)
    return found
