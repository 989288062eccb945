"""The menu entry and the opener of links: written whole, shown before, taken back without a trace."""

import configparser
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from app.desktop.entry import DesktopEntry, own_command, quoted, with_line, without_line
from runner.errors import RunnerError

OTHERS = "[Added Associations]\ntext/plain=vi.desktop;\n\n[Default Applications]\ntext/html=web.desktop\n"
PATIENCE_S = 10.0


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_shown_is_written_and_taken_back(tmp_path: Path, home: dict[str, str]) -> None:
    listed = tmp_path / ".config/mimeapps.list"
    listed.parent.mkdir()
    listed.write_text(OTHERS)
    before = everything(tmp_path)
    entry = DesktopEntry(("/opt/light well/run",), home)
    wanted = {str(one.path.relative_to(tmp_path)): one.content for one in entry.wanted()}
    assert not entry.is_there
    entry.install()
    assert entry.is_there
    assert everything(tmp_path) == wanted
    assert set(before) < set(wanted)
    # Again: nothing is written twice.
    entry.install()
    assert everything(tmp_path) == wanted
    assert not DesktopEntry(("/elsewhere/run",), home).is_there
    assert DesktopEntry(("/elsewhere/run",), home).is_anywhere
    entry.remove()
    assert everything(tmp_path) == before
    assert not entry.is_anywhere


def test_a_list_that_was_not_there_is_gone_again(tmp_path: Path, home: dict[str, str]) -> None:
    entry = DesktopEntry(("/opt/run",), home)
    entry.install()
    entry.remove()
    assert everything(tmp_path) == {}


def test_the_entry_is_one_that_desktops_read(tmp_path: Path, home: dict[str, str]) -> None:
    entry = DesktopEntry(("/opt/run",), home)
    entry.install()
    read = configparser.RawConfigParser()
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(tmp_path / ".local/share/applications/lightwell.desktop")
    fields = read["Desktop Entry"]
    assert fields["Exec"] == "/opt/run %u"
    assert fields["MimeType"] == "x-scheme-handler/lightwell;"
    icon = tmp_path / ".local/share/icons/hicolor/scalable/apps" / f"{fields['Icon']}.svg"
    assert "#000000" not in icon.read_text()
    if checker := shutil.which("desktop-file-validate"):
        subprocess.run([checker, entry.wanted()[0].path], check=True)


@pytest.mark.parametrize("word", ["/a b/run", '/a"$`b/run', "/a\\b/run", "/100%/run"])
def test_a_command_of_odd_signs_is_read_as_it_is(word: str) -> None:
    value = quoted(word).replace("\\\\", "\\").replace("%%", "%")
    # In quotes, an entry's words are read as a shell reads them.
    said = subprocess.run(["sh", "-c", f"printf %s {value}"], capture_output=True, check=True)
    assert said.stdout.decode() == word


@pytest.mark.parametrize(
    "content",
    ["", OTHERS, "[Default Applications]\n", "[Added Associations]\na=b\n", "a=b\n"],
)
def test_every_other_line_of_the_list_stays(content: str) -> None:
    added = with_line(content)
    assert "x-scheme-handler/lightwell=lightwell.desktop" in added.splitlines()
    assert with_line(added) == added
    kept = [line for line in without_line(added).splitlines() if line]
    assert kept == [line for line in content.splitlines() if line and kept]


def test_a_folder_that_refuses_is_told_and_nothing_stays(
    tmp_path: Path, home: dict[str, str]
) -> None:
    (tmp_path / ".config").write_text("a file in the place of a folder")
    entry = DesktopEntry(("/opt/run",), home)
    with pytest.raises(RunnerError) as refused:
        entry.install()
    assert refused.value.code == "desktop.not_written"
    assert not entry.is_anywhere


@pytest.mark.skipif(shutil.which("xdg-open") is None, reason="needs the desktop's own opener")
def test_the_desktops_opener_hands_a_link_over(tmp_path: Path, home: dict[str, str]) -> None:
    told, program = tmp_path / "told", tmp_path / "a program"
    program.write_text(f'#!/bin/sh\nprintf %s "$*" > "{told}.new"\nmv "{told}.new" "{told}"\n')
    program.chmod(0o700)
    plain = tmp_path / "run"
    plain.symlink_to(program)
    DesktopEntry((str(plain),), home).install()
    link = "lightwell://huggingface/owner/name?quant=Q4_K_M"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "DISPLAY": ":0"}
    subprocess.run(["xdg-open", link], env=environment, timeout=20, check=True)
    until = time.monotonic() + PATIENCE_S
    while not told.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert told.read_text() == link


def test_a_checkout_starts_by_its_own_command() -> None:
    assert Path(own_command()[0]).is_file()
