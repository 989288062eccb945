"""The porter runs no program that a process of the person's could have put in its way."""

import os
from pathlib import Path

import pytest

from runner.porter import tools


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A program of the name of one of the system's, before it in the path."""
    program = tmp_path / "bin/env"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\ntouch planted-was-here\n")
    program.chmod(0o755)
    return program


def test_a_planted_program_is_passed_over(planted: Path) -> None:
    path = {"PATH": f"{planted.parent}:/usr/bin:/bin"}
    found = tools.find("env", path)
    assert found is not None
    assert Path(found).parent in {Path("/usr/bin"), Path("/bin")}
    assert tools.find("env", {"PATH": str(planted.parent)}) is None


def test_a_link_of_the_systems_into_a_folder_of_the_persons_is_passed_over(
    planted: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to("/usr/bin/env")
    assert not tools.is_firm(link), "the link itself can be changed"
    assert not tools.is_firm(tmp_path / "nothing")
    assert tools.is_firm(Path("/usr/bin/env"))


def test_an_empty_part_of_the_path_is_not_the_present_folder(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(planted.parent)
    monkeypatch.setattr(tools, "is_firm", lambda path: True)
    assert tools.find("env", {"PATH": os.pathsep}) is None
