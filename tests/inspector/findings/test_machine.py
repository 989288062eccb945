"""This machine's rows: each with where it was read, and a licence only for what is known by name."""

from inspector.findings.evidence import derive
from inspector.findings.machine import machine_evidence
from inspector.findings.values import Tile
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import profile

HERE = {
    "chips": "A processor",
    "engine": "llama-cpp-python 0.0",
    "compilers": "GCC: (somewhere) 12.2.0",
    "libraries": "libgomp.so.1, libm.so.6, ld-linux-x86-64.so.2",
    "no-drivers": "none",
}


def tiles(parts):
    found = derive("a model", machine_evidence(parts)).all
    return {part: found[part].tile if part in found else Tile.UNKNOWN for part in ROWS}


ROWS = ("compilers", "libraries", "ml-frameworks", "drivers", "chips", "storage")


def test_what_names_itself_has_its_licence_and_its_place():
    found = derive("a model", machine_evidence(HERE)).all
    assert tiles(HERE) == dict.fromkeys(ROWS, Tile.UNKNOWN) | {
        "compilers": Tile.OPEN,
        "libraries": Tile.OPEN,
        "ml-frameworks": Tile.OPEN,
        "drivers": Tile.NOT_APPLICABLE,
    }
    assert found["compilers"].licence == "GPL-3.0-or-later"
    for part in ("compilers", "libraries", "ml-frameworks", "drivers", "chips"):
        assert all(fact.source.where for fact in found[part].facts)


def test_one_library_that_is_not_known_leaves_the_terms_unknown():
    other = HERE | {"libraries": "libgomp.so.1, libsomething.so.9", "compilers": "another compiler"}
    assert tiles(other)["libraries"] is Tile.UNKNOWN
    assert tiles(other)["compilers"] is Tile.UNKNOWN
    assert tiles({"drivers": "cuda"})["drivers"] is Tile.UNKNOWN


def test_no_framework_reads_them():
    without = profile(derive("a model", ()))
    beside = profile(derive("a model", machine_evidence(HERE)))
    assert len(without.verdicts) == len(frameworks())
    assert without.verdicts == beside.verdicts
