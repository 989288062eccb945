"""The app's folders are below the person's own, and for their eyes only."""

import os
import stat
from pathlib import Path

import platformdirs
import pytest

from runner.library import paths
from runner.porter.log import Log
from runner.store import Store


def test_each_folder_is_one_of_ours(tmp_path: Path):
    folders = {
        paths.config_folder(),
        paths.data_folder(),
        paths.cache_folder(),
        paths.state_folder(),
        paths.runtime_folder(),
    }
    assert len(folders) == 5
    assert all(folder.is_relative_to(tmp_path) and not folder.exists() for folder in folders)
    assert paths.database_file().parent == paths.models_folder().parent == paths.data_folder()


@pytest.mark.skipif(not paths.HAS_XDG, reason="elsewhere platformdirs is asked")
@pytest.mark.parametrize("is_set", [True, False])
def test_the_folders_are_those_that_platformdirs_names(
    is_set: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable, _ in paths.XDG.values():
        monkeypatch.setenv(variable, str(tmp_path / variable)) if is_set else monkeypatch.delenv(
            variable, raising=False
        )
    named = {kind: getattr(platformdirs, f"user_{kind}_path")(paths.APP) for kind in paths.XDG}
    assert named == {kind: getattr(paths, f"{kind}_folder")() for kind in paths.XDG}
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert paths.runtime_folder() == platformdirs.user_runtime_path(paths.APP)


@pytest.mark.skipif(not paths.HAS_XDG, reason="elsewhere platformdirs is asked")
def test_without_a_folder_of_the_session_sockets_lie_at_home_and_nothing_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert paths.runtime_folder().is_relative_to(tmp_path)
    assert not recwarn.list


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_a_folder_is_made_for_its_owner_only():
    folder = paths.make_private(paths.data_folder())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert paths.make_private(folder) == folder


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_whatever_the_umask_nobody_else_may_write_above_it(tmp_path: Path):
    """Whoever may could put a folder of their own in its place."""
    before = os.umask(0)
    try:
        paths.make_private(tmp_path / "a" / "b" / "cache")
        Store.open(tmp_path / "c" / "d" / "data.sqlite").close()
        written = Log(tmp_path / "e" / "f" / "porter.log")._file
        assert written is not None
        written.close()
    finally:
        os.umask(before)
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {path.name for path in made} >= set("abcdef")
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
