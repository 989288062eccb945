"""Settings survive what people, disks and other versions do to their file."""

import os
import stat
import sys
import threading
import tomllib
from pathlib import Path

import msgspec
import pytest

from app.settings import Settings, SettingsFile, Theme, merged, read_settings, upgraded
from app.settings_watch import SettingsWatch
from resources import table
from runner.errors import RunnerError
from runner.protocol.engine import Sampling


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(file: Path, content: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_a_first_start_has_defaults_and_writes_nothing(file: Path):
    settings = SettingsFile(file)
    assert settings.current == Settings()
    assert settings.problem is None
    assert not file.exists()


def test_only_what_differs_from_the_default_is_in_the_file(file: Path):
    settings = SettingsFile(file)
    settings.change("appearance", theme=Theme.DARK)
    settings.change("running", threads=4)
    settings.change("running", threads=0)
    assert tomllib.loads(file.read_text()) == {"schema": 1, "appearance": {"theme": "dark"}}
    assert SettingsFile(file).current == settings.current


def test_a_preset_of_ones_own_comes_back(file: Path):
    mine = Sampling(temperature=0.1, top_k=3)
    SettingsFile(file).change("chat", own_presets={"für Code": mine}, preset="für Code")
    again = SettingsFile(file).current
    assert again.presets["für Code"] == mine
    assert "balanced" in again.presets


def test_unknown_keys_outlive_a_change(file: Path):
    written(file, 'schema = 7\nlater = 1\n[appearance]\nsparkle = "much"\n[beyond]\nx = [1, 2]\n')
    SettingsFile(file).change("appearance", theme="light")
    assert tomllib.loads(file.read_text()) == {
        "schema": 7,
        "later": 1,
        "appearance": {"sparkle": "much", "theme": "light"},
        "beyond": {"x": [1, 2]},
    }


@pytest.mark.parametrize("content", ["[appearance", "\0\0\0\0", 'theme = "\\ud800"'])
def test_a_damaged_file_is_kept_aside_and_named(file: Path, content: str):
    written(file, content)
    settings = SettingsFile(file)
    assert settings.current == Settings()
    assert settings.problem is not None
    assert settings.problem.code == "settings.broken"
    assert Path(str(settings.problem.context["kept"])).read_text() == content


def test_bytes_that_are_no_text_are_kept_aside(file: Path):
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    problem = SettingsFile(file).problem
    assert problem is not None
    assert Path(str(problem.context["kept"])).read_bytes() == b"\xff\xfe\x00"


def test_one_wrong_value_does_not_cost_the_others(file: Path):
    written(file, '[appearance]\ntheme = "pink"\ntext_scale = 1.5\n[running]\nthreads = -3\n')
    settings = SettingsFile(file)
    assert settings.current.appearance.theme is Theme.SYSTEM
    assert settings.current.appearance.text_scale == 1.5
    assert settings.problem is not None
    assert settings.problem.code == "settings.some_ignored"
    assert settings.problem.context["keys"] == "appearance.theme, running.threads"
    assert 'theme = "pink"' in Path(str(settings.problem.context["kept"])).read_text()


def test_a_value_out_of_range_is_refused_and_changes_nothing(file: Path):
    settings = SettingsFile(file)
    with pytest.raises(msgspec.ValidationError):
        settings.change("appearance", text_scale=9.0)
    assert settings.current == Settings()
    assert not file.exists()


def test_listeners_hear_of_changes_and_only_of_changes(file: Path):
    heard: list[Settings] = []
    settings = SettingsFile(file)
    settings.listen(heard.append)
    settings.change("window", page="chat")
    settings.change("window", page="chat")
    assert [each.window.page for each in heard] == ["chat"]


def test_a_failed_write_is_told_and_the_change_still_holds(file: Path):
    file.parent.mkdir()
    file.mkdir()  # a folder where the file should go: no user, not even root, can replace it
    problems: list[str] = []
    settings = SettingsFile(file, tell=lambda problem: problems.append(problem.code))
    assert settings.problem is not None
    settings.change("appearance", theme="dark")
    assert problems == ["settings.cannot_write"]
    assert settings.current.appearance.theme is Theme.DARK
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_nobody_else_may_read_the_file(file: Path):
    SettingsFile(file).change("appearance", theme="dark")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_an_upgrade_runs_once_and_a_newer_schema_is_left_alone():
    def rename(raw):
        return {"new": raw.pop("old"), **raw}

    assert upgraded({"old": 1}, [rename]) == {"new": 1, "schema": 2}
    assert upgraded({"schema": 2, "new": 1}, [rename]) == {"schema": 2, "new": 1}
    assert upgraded({"schema": 9, "old": 1}, [rename]) == {"schema": 9, "old": 1}


def test_a_section_of_the_wrong_kind_is_passed_over():
    settings, refused = read_settings({"window": 5, "appearance": {"theme": "dark"}})
    assert refused == ["window"]
    assert settings.appearance.theme is Theme.DARK
    assert merged({"window": 5}, settings) == {"schema": 1, "appearance": {"theme": "dark"}}


def test_every_setting_and_every_preset_has_words():
    class Words(msgspec.Struct, forbid_unknown_fields=True):
        title: str
        meaning: str

    fields = {
        f"{section.name}.{field.name}"
        for section in msgspec.structs.fields(Settings)
        for field in msgspec.structs.fields(section.type)
    }
    assert set(table("texts/en/settings.toml", dict[str, Words])) == fields
    assert set(table("texts/en/presets.toml", dict[str, Words])) == set(Settings().presets)


def test_settings_come_back_from_a_backup(file: Path):
    settings = SettingsFile(file)
    settings.change("appearance", theme="dark")
    kept = settings.text()
    settings.change("appearance", theme="light")
    heard: list[Settings] = []
    settings.listen(heard.append)
    settings.restore(kept)
    assert settings.current.appearance.theme is Theme.DARK
    assert SettingsFile(file).current == settings.current == heard[0]
    with pytest.raises(RunnerError, match=r"settings\.not_restored"):
        settings.restore("[[")
    assert settings.current.appearance.theme is Theme.DARK


def test_what_another_process_wrote_is_taken_and_never_undone(file: Path):
    """Else the next change here, of a window's size, would turn its offline switch back."""
    here, there = SettingsFile(file), SettingsFile(file)
    here.change("network", offline=False)
    heard: list[Settings] = []
    here.listen(heard.append)
    there.change("network", offline=True)  # it had never heard of the change
    there.change("network", offline=False)
    there.change("network", offline=True)
    here.change("window", page="models")
    assert SettingsFile(file).current.network.offline
    assert heard[0].network.offline, "told before its own change"
    assert here.current.window.page == "models"


def test_a_file_that_can_not_be_used_changes_nothing_that_runs(file: Path):
    settings = SettingsFile(file)
    settings.change("network", offline=False)
    before = settings.current
    for content in (b"[net", b"\xff"):
        file.write_bytes(content)
        settings.look_again()
        assert settings.current == before
    file.unlink()
    settings.look_again()
    assert settings.current == before


@pytest.mark.parametrize("system", ["linux", "elsewhere"])
def test_a_change_elsewhere_is_told(file: Path, system: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", system)
    told = threading.Event()
    watch = SettingsWatch(file, told.set)
    try:
        (file.parent / "another").write_text("x")
        assert not told.wait(0.2), "what lies beside it is not it"
        SettingsFile(file).change("network", offline=False)
        assert told.wait(10)
    finally:
        watch.close()
        watch.close()
