"""The set-up: what it says, where it stops, and what the second start costs."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.setup.wheelhouse import Checkout

# A virtual environment takes seconds to make, and many of them where other work fills the machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that has been set up once by `./run`; tests leave it as they found it."""
    made = Checkout.make(tmp_path_factory.mktemp("setup"))
    first = made.call("run", "some", "words")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "started some words\n"
    for step in ("Build tools", "Libraries and llama.cpp", "Starter model", "Set-up done in"):
        assert step in first.stderr
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Checkout:
    """A checkout that nothing has been done in."""
    return Checkout.make(tmp_path)


def without(checkout: Checkout, *programs: str) -> str:
    """Returns a PATH on which everything is found but these programs."""
    folder = checkout.folder.parent / "bin"
    folder.mkdir()
    for place in ("/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for program in Path(place).iterdir():
            link = folder / program.name
            if program.name not in programs and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def test_second_start_adds_little(checkout: Checkout) -> None:
    times = []
    for _ in range(5):
        began = time.monotonic()
        again = checkout.call("packaging/setup.sh", "app")
        times.append(time.monotonic() - began)
        assert again.returncode == 0
        assert again.stderr == ""
    assert min(times) < 0.25, times


def test_root_is_told_in_one_sentence(checkout: Checkout) -> None:
    said = checkout.call("run").stderr
    if os.geteuid() == 0:
        assert said.count("\n") == 1
        assert said.startswith("Running as root:")
    else:
        assert said == ""


def test_changed_hash_stops_with_one_sentence(checkout: Checkout) -> None:
    file = checkout.requirements("starter")
    before = file.read_text()
    digest = before.split("sha256:")[1].strip()
    file.write_text(before.replace(digest, "0" * 64).replace("tinystarter", "tinyother"))
    try:
        shutil.copy(
            checkout.wheels / "tinystarter-1.0-py3-none-any.whl",
            checkout.wheels / "tinyother-1.0-py3-none-any.whl",
        )
        stopped = checkout.call("packaging/setup.sh", "app")
    finally:
        file.write_text(before)
    assert stopped.returncode == 32
    last = stopped.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "Set-up stopped: tinyother==1.0 is not the file that requirements/ names"
    )
    assert not checkout.stamp.exists()
    assert checkout.call("packaging/setup.sh", "app").returncode == 0


def test_without_network_one_sentence(checkout: Checkout) -> None:
    file = checkout.requirements("app")
    before, stamp = file.read_text(), checkout.stamp.read_text()
    file.write_text(before + f"tinyabsent==1.0 --hash=sha256:{'1' * 64}\n")
    try:
        stopped = checkout.call(
            "packaging/setup.sh",
            "app",
            PIP_NO_INDEX="0",
            PIP_INDEX_URL="http://127.0.0.1:9/simple",
            PIP_RETRIES="1",
        )
    finally:
        file.write_text(before)
    assert stopped.returncode == 33, stopped.stderr
    assert "no network" in stopped.stderr.strip().splitlines()[-1]
    # Nothing was installed; that the way on is open, the test before has shown.
    checkout.stamp.write_text(stamp)


def test_cmake_arguments_compile_anew_and_stay(checkout: Checkout) -> None:
    def built_with() -> str:
        python = checkout.folder / ".venv/bin/python"
        code = "import llama_cpp; print(llama_cpp.ARGS)"
        return subprocess.check_output([python, "-c", code], text=True).strip()

    assert built_with() == ""
    assert checkout.call("packaging/setup.sh", "app", CMAKE_ARGS="-DGGML_X=on").returncode == 0
    assert built_with() == "-DGGML_X=on"
    again = checkout.call("packaging/setup.sh", "app")
    assert again.stderr == ""
    assert built_with() == "-DGGML_X=on"
    assert checkout.call("packaging/setup.sh", "app", CMAKE_ARGS="").returncode == 0
    assert built_with() == ""


def test_tests_get_their_tools_and_the_vocabularies(checkout: Checkout) -> None:
    ready = checkout.call("packaging/setup.sh", "dev")
    assert ready.returncode == 0, ready.stderr
    models = checkout.folder / ".venv/share/lightwell/llama.cpp-models"
    found = sorted(str(path.relative_to(models)) for path in models.rglob("*") if path.is_file())
    assert found == ["ggml-vocab-tiny.gguf", "templates/tiny.jinja"]


def test_missing_packages_are_named_before_anything_is_done(bare: Checkout) -> None:
    path = without(bare, "c++", "g++", "clang++", "Xvfb", "strace")
    told = bare.call("packaging/setup.sh", "app", PATH=path)
    assert told.returncode == 31
    assert "install --yes --no-install-recommends g++\n" in told.stderr
    listed = bare.call("packaging/setup.sh", "missing", "dev", PATH=path)
    assert listed.stdout.split() == ["g++", "xvfb", "strace"]
    assert not (bare.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("processor", "library", "told"),
    [
        ("x86_64", "2.31", "glibc 2.31, and Qt's packages for x86_64 ask for 2.34"),
        ("aarch64", "2.36", "glibc 2.36, and Qt's packages for aarch64 ask for 2.39"),
        ("aarch64", "2.39", ""),
        ("x86_64", "2.100", ""),
    ],
)
def test_an_old_c_library_is_told_of_before_anything_is_done(
    bare: Checkout, processor: str, library: str, told: str
) -> None:
    path = without(bare, "getconf", "uname", "c++", "g++", "clang++")
    answers = {
        "getconf": f"echo glibc {library}",
        "uname": f'[ "$1" = -m ] && echo {processor} || echo Linux',
    }
    for name, answer in answers.items():
        program = Path(path) / name
        program.write_text(f"#!/bin/sh\n{answer}\n")
        program.chmod(0o755)
    ended = bare.call("packaging/setup.sh", "app", PATH=path)
    assert ended.returncode == 31
    assert (told or "g++") in ended.stderr
    assert ("can't be set up here" in ended.stderr) == bool(told)
    assert not (bare.folder / ".venv").exists()


def test_window_libraries_are_looked_for_once_there_is_a_display(checkout: Checkout) -> None:
    table = checkout.folder / "packaging/system-packages.txt"
    before = table.read_text()
    table.write_text(before + "window   libnowhere.so.9   libnowhere9\n")
    try:
        assert checkout.call("packaging/setup.sh", "app").returncode == 0
        told = checkout.call("packaging/setup.sh", "app", DISPLAY=":99")
        assert told.returncode == 31
        assert "libnowhere9" in told.stderr
    finally:
        table.write_text(before)
    assert checkout.call("packaging/setup.sh", "app", DISPLAY=":99").stderr == ""


def test_after_the_tests_the_app_is_set_up_too(checkout: Checkout) -> None:
    assert checkout.call("packaging/setup.sh", "dev").returncode == 0
    assert checkout.call("packaging/setup.sh", "app").stderr == ""


def test_python_without_environments_names_its_package(bare: Checkout, tmp_path: Path) -> None:
    python = tmp_path / "python-in-parts"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\n'
        f'exec {bare.environment["LIGHTWELL_PYTHON"]} "$@"\n'
    )
    python.chmod(0o755)
    listed = bare.call("packaging/setup.sh", "missing", "app", LIGHTWELL_PYTHON=str(python))
    version = ".".join(map(str, sys.version_info[:2]))
    assert listed.stdout.split() == [f"python{version}-venv"]


def test_interrupted_set_up_goes_on(bare: Checkout, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.touch()
    # Where the tests run in the background of a script, Ctrl+C is ignored, and so by all below.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = subprocess.Popen(
        [str(bare.folder / "packaging/setup.sh"), "app"],
        env={**bare.environment, "SLOW": str(slow)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, before)
    log = bare.folder / ".venv/setup.log.step"
    deadline = time.monotonic() + 200
    while not (log.exists() and "[1/2] Building" in log.read_text()):
        assert time.monotonic() < deadline
        assert started.poll() is None
        time.sleep(0.1)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "Run it again: it goes on where it was." in said
    slow.unlink()
    again = bare.call("packaging/setup.sh", "app")
    assert again.returncode == 0
    # What was there is kept: no second virtual environment.
    assert "Virtual environment" not in again.stderr


def test_a_linked_environment_of_another_checkout_is_left_alone(
    checkout: Checkout, bare: Checkout
) -> None:
    (bare.folder / ".venv").symlink_to(checkout.folder / ".venv")
    told = bare.call("packaging/setup.sh", "app")
    assert told.returncode == 36
    assert "is a link to an environment that was not made here" in told.stderr
    assert checkout.call("packaging/setup.sh", "app").stderr == ""
    assert checkout.call("run", "still", "there").stdout == "started still there\n"


def test_moved_checkout_gets_an_environment_of_its_own(checkout: Checkout, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(checkout.folder, moved, symlinks=True)
    copy = replace(checkout, folder=moved)
    started = copy.call("run")
    assert started.stdout == "started\n"
    assert "Virtual environment" in started.stderr
    code = "import llama_cpp; print(llama_cpp.__file__)"
    where = subprocess.check_output([moved / ".venv/bin/python", "-c", code], text=True)
    assert where.startswith(str(moved))
