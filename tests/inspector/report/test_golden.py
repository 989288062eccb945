"""Golden dossiers: what is said of the starter model, alone and beside real documents, its own and others'.

What is said beside another model's papers rests on none of them, so that two have files of their names.

After a change that is meant, `python -m tests.inspector.report.test_golden` writes them anew; read the
difference before it is committed.
"""

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from inspector.report.statement import Area
from inspector.report.statements import statements
from runner.library.starter import starter
from tests.support import reports
from tests.support.shared_data import shared

GOLDEN = Path(__file__).parents[2] / "data/dossiers"
AREAS = (Area.FACTS, Area.DOCUMENTS, Area.LINEAGE, Area.LICENCE, Area.SAFEGUARDS)
"""Claims, findings and verdicts have golden files of their own kind in their packages."""

PAPERS = {
    "starter": (),
    "llama-3.2": ("MODEL_CARD.md", "LICENSE", "USE_POLICY.md"),
    "deepseek-r1": ("README.md", "LICENSE"),
    "pythia": ("README.md",),
    "smollm2": ("text-README.md",),
}
NAMED = {"llama-3.2": ("Llama 3.2 1B Instruct", "llama3.2"), "deepseek-r1": ("DeepSeek R1", "mit")}
"""Papers that lie beside a tiny file with the name and the licence that their model's header has."""


def dossier(name: str, folder: Path) -> dict[str, str]:
    """Returns every statement of some areas on a file beside the papers of `name`."""
    if name in NAMED:
        model = reports.model(folder, *NAMED[name])
    else:
        path = starter().path()
        assert path is not None
        model = folder / "model.gguf"
        model.symlink_to(path)
    for paper in PAPERS[name]:
        # A card is found by its name alone.
        to = "README.md" if paper.endswith("README.md") else paper
        shutil.copyfile(shared(f"cards/{name}/{paper}"), folder / to)
    every = statements(reports.content(model, whole=False))
    return {key: f"{one.says} [{one.basis}]" for key, one in every.items() if one.area in AREAS}


@pytest.mark.parametrize("name", PAPERS)
def test_a_dossier_says_what_it_said(name, tmp_path, starter_model) -> None:
    for paper in PAPERS[name]:
        shared(f"cards/{name}/{paper}")
    wanted = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert dossier(name, tmp_path) == wanted


def write() -> None:
    """Writes the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for name in PAPERS:
        with tempfile.TemporaryDirectory() as folder:
            text = json.dumps(dossier(name, Path(folder)), indent=1, ensure_ascii=False)
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
