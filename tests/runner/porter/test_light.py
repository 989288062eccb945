"""The porter and the first lines of a child import next to nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from runner.porter.spawn import import_path

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("module", ["runner.porter.server", "app.processes", "runner.child.begin"])
def test_only_the_standard_library(module: str) -> None:
    script = f"import {module}, sys; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    # What the interpreter's own start brings along, by path files of other packages, is not ours.
    tops = {name.partition(".")[0] for name in ran.stdout.split()} - {"_distutils_hack"}
    foreign = {
        top for top in tops if top not in sys.stdlib_module_names and not top.startswith("__")
    }
    assert foreign <= {"runner", "app", "_virtualenv", "distutils-precedence"}
    assert "ssl" not in tops
    assert "asyncio" not in tops


def test_what_is_installed_is_found_without_running_path_files() -> None:
    script = "import sys, msgspec, runner.child.begin; print('site' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-P", "-S", "-s", "-c", script],
        env={"PYTHONPATH": import_path()},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.stdout.strip() == "False", ran.stderr
