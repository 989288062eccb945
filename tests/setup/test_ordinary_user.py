"""The set-up by an ordinary user, and a checkout that the user can't write to."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup.wheelhouse import Checkout
from tests.support.ordinary_user import NOBODY, as_ordinary_user, ordinary_home

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    """A fresh checkout of theirs; its path has a space in it."""
    with ordinary_home() as home:
        made = Checkout.make(home)
        _give(home, NOBODY)
        yield made


def call(checkout: Checkout, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*as_ordinary_user(), str(checkout.folder / command[0]), *command[1:]],
        env=checkout.environment, cwd="/", text=True, capture_output=True, timeout=250,
    )  # fmt: skip


def test_an_ordinary_user_sets_it_up(checkout: Checkout) -> None:
    assert " " in str(checkout.folder)
    first = call(checkout, "run", "some", "words")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "started some words\n"
    assert "root" not in first.stderr
    assert "Set-up done in" in first.stderr
    assert {path.stat().st_uid for path in checkout.folder.rglob("*") if path.exists()} <= {
        NOBODY,
        0,  # the interpreter, by a link
    }
    assert checkout.stamp.stat().st_uid == NOBODY


def test_a_checkout_of_somebody_else_runs_for_who_may_only_read_it(checkout: Checkout) -> None:
    """As where an administrator has set it up for everybody: nothing is compiled, nothing said."""
    _give(checkout.folder, 0)
    (checkout.folder / "started.py").touch()  # compiled modules are older than their source
    before = {path: path.stat().st_mtime_ns for path in checkout.folder.rglob("*")}
    again = call(checkout, "run", "once", "more")
    assert (again.returncode, again.stdout, again.stderr) == (0, "started once more\n", "")
    assert {path: path.stat().st_mtime_ns for path in checkout.folder.rglob("*")} == before


def _give(folder: Path, owner: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)
