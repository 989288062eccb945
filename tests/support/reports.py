"""Reports made in this process, on a tiny model with papers beside it."""

from pathlib import Path

from app.dossier.claims import claims_of
from app.dossier.openness import openness_asked
from app.dossier.papers import safeguards_of
from app.reader.arguments import ReportOf
from app.reader.report import report_parts
from app.report.gather import Chosen, content_of
from inspector.claims.inputs import Beside, ListedFile
from inspector.gguf.digests import Digests, digests
from inspector.gguf.model import GgufModel
from inspector.report.values import Content
from runner.store import Store
from tests.inspector.gguf.hostile import string, tiny

CARD = """---
license: mit
datasets:
- a/data
---
# Tiny

A tiny model that says little and is only here to be looked at by tests of reports.

## Evaluation

| Test | Score |
| --- | --- |
| MMLU | 12.3 |

## Training Data

We do not release the training data.
"""

TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"


def model(
    folder: Path, name: str = "Tiny", licence: str = "mit", *, template: str = TEMPLATE
) -> Path:
    """Writes a tiny model and returns its path."""
    file = tiny(
        name=string("general.name", name),
        licence=string("general.license", licence),
        template=string("tokenizer.chat_template", template),
    )
    path = folder / "tiny.gguf"
    path.write_bytes(file.build())
    return path


def content(
    path: Path,
    chosen: Chosen | None = None,
    *,
    whole: bool = True,
    store: Store | None = None,
    listed: bool = False,
) -> Content:
    """Returns what a report on the file at `path` says, with what lies beside it.

    Args:
        whole: whether the file is read whole, for its fingerprints.
        listed: whether it is known what the Hub listed of it.
    """
    with GgufModel.open(path) as opened:
        hashed: Digests | None = digests(opened) if whole else None
        sha256 = hashed.files[0] if hashed else ""
        size = path.stat().st_size
        beside = Beside(
            sha256=sha256,
            weights_digest=hashed.weights if hashed else "",
            listing=(ListedFile(path=path.name, size=size, sha256=sha256),) if listed else None,
        )
        claims = claims_of(path, beside)
        about, _ = openness_asked(store, path)
        parts = report_parts(
            opened, ReportOf(openness=about, claims=claims, safeguards=safeguards_of(path))
        )
    return content_of(parts, hashed, chosen or Chosen())
