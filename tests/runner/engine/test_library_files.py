"""What the engine was built with, from the real library's file and from damaged ones."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from runner.engine.library_files import COMPUTES, built_with, read_build

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the libraries are ELF files there")


def folder() -> Path:
    found = importlib.util.find_spec("llama_cpp")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "lib"


def test_the_installed_library_names_its_compiler_and_what_it_needs():
    build = built_with()
    assert build is not None
    assert build.package.startswith("llama-cpp-python ")
    raw = (folder() / COMPUTES).read_bytes()
    assert build.compiler
    assert build.compiler.encode() in raw
    assert build.libraries
    assert all(one.encode() in raw for one in build.libraries)
    assert not any(one.startswith("libggml") for one in build.libraries)
    assert "cpu" not in build.devices


def test_a_library_for_a_device_is_seen(tmp_path):
    shutil.copy(folder() / COMPUTES, tmp_path / COMPUTES)
    assert read_build(tmp_path).devices == ()
    (tmp_path / "libggml-vulkan.so").touch()
    (tmp_path / "libggml-base.so").touch()
    assert read_build(tmp_path).devices == ("vulkan",)


@pytest.mark.parametrize(
    ("at", "word"),
    [(60, b"\0\0"), (62, b"\xff\xff"), (40, b"\xff" * 8)],
    ids=["no sections, as some who strip leave it", "names beyond the sections", "a place nowhere"],
)
def test_a_table_of_sections_that_leads_nowhere_is_not_known(tmp_path, at, word):
    raw = (folder() / COMPUTES).read_bytes()
    (tmp_path / COMPUTES).write_bytes(raw[:at] + word + raw[at + len(word) :])
    assert read_build(tmp_path) is None


def test_what_is_no_library_or_was_cut_is_not_known(tmp_path):
    assert read_build(tmp_path) is None
    path = tmp_path / COMPUTES
    raw = (folder() / COMPUTES).read_bytes()
    for content in (
        b"",
        b"no library",
        raw[:64],
        raw[: len(raw) // 2],
        b"\x7fELF\x01\x01" + raw[6:],
    ):
        path.write_bytes(content)
        read = read_build(tmp_path)
        assert read is None or not read.compiler
