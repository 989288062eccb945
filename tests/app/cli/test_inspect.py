"""`lightwell inspect` with real processes, on the starter model and on files that are none."""

import json
import subprocess
import sys
from pathlib import Path

from tests.inspector.gguf.hostile import string, tiny

ROOT = Path(__file__).parents[3]


def inspect(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "inspect", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        encoding="utf-8",
    )


def test_rows_say_what_the_starter_is(starter_model: Path):
    done = inspect(starter_model)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = {line.strip().split("  ")[0]: line for line in done.stdout.splitlines()}
    assert "134,515,008" in lines["Parameters"]
    assert "5.74 bits per weight" in lines["Quantisation"]
    assert "apache-2.0" in lines["Licence"]
    assert lines["Quantised by"].endswith("unknown")


def test_every_value_has_its_source(starter_model: Path):
    done = inspect(starter_model, "--sources")
    rows = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    values = [line for line in rows if line[2] != " "]
    sources = [line for line in rows if line[2] == " "]
    assert len(sources) >= len(values)
    assert any("general.license" in line and "byte 361" in line for line in sources)
    assert any("What would settle it" in line for line in sources)


def test_json_is_versioned_and_holds_sources_and_fingerprints(starter_model: Path):
    told = json.loads(inspect(starter_model, "--json", "--hash").stdout)
    assert told["schema"] == "lightwell.inspect/1"
    assert told["summary"]["parameters"]["value"] == 134_515_008
    assert told["summary"]["licence"]["sources"][0]["where"] == "general.license"
    assert told["summary"]["quantised_by"]["settle"] == "settle.quantised_by"
    assert told["tensors_total"] == len(told["tensors"]) == 272
    assert told["digests"]["files"] == [
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    ]
    assert len(told["digests"]["weights"]) == 64


def test_what_is_no_model_ends_in_a_sentence(tmp_path: Path):
    page = tmp_path / "model.gguf"
    page.write_bytes(b"<!doctype html><title>Sign in</title>")
    done = inspect(page)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "This is a web page, not a model." in done.stderr


def test_a_files_words_cannot_act_on_the_terminal(tmp_path: Path):
    path = tmp_path / "model.gguf"
    path.write_bytes(tiny(name=string("general.name", "a\x1b[2Jb\u202ec")).build())
    for form in ((), ("--sources",), ("--json",)):
        done = inspect(path, *form)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
