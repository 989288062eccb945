"""The app's folders are below the person's own, and for their eyes only."""

import os
import stat
from pathlib import Path

import pytest

from runner.library import paths


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


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_a_folder_is_made_for_its_owner_only():
    folder = paths.make_private(paths.data_folder())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert paths.make_private(folder) == folder
