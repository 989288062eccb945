"""Papers that were kept at a download are read where nothing lies beside the file, and named as what they are."""

from pathlib import Path

import msgspec
import pytest

from app.dossier.claims import LARGEST_KEPT, claims_of, known_beside
from app.dossier.openness import openness_asked
from app.dossier.papers import dossier_of, kept_of, licences_of, safeguards_of
from app.reader.arguments import ReportOf
from app.reader.dossier import read_dossier
from app.reader.licence import licences
from app.reader.report import report_parts
from app.reader.safeguards import read_safeguards
from app.report.gather import Chosen, content_of
from inspector.gguf.model import GgufModel
from inspector.licences.parts import Part
from inspector.report.compare import Outcome, recheck
from inspector.report.values import Content
from inspector.safeguards.values import Presence
from runner.store import Store
from runner.store.papers import CARD
from runner.store.sources import Source
from tests.support import reports

COMMIT = "c" * 40
CARD_TEXT = (
    "---\nlicense: mit\nbase_model: somebody/base\n---\n# Tiny\n\nIt went through safety tuning.\n"
)
MIT = (
    "MIT License\n\nCopyright (c) 2026 Somebody\n\nPermission is hereby granted, free of charge, to any person "
    "obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software "
    "without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, "
    "sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, "
    "subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be included in "
    "all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY "
    "KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR "
    "PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR "
    "OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE "
    "SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n"
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data" / "lightwell.sqlite") as opened:
        yield opened


@pytest.fixture
def path(store, tmp_path) -> Path:
    """A file that was downloaded: its papers are in the store alone."""
    folder = tmp_path / "models"
    folder.mkdir()
    made = reports.model(folder)
    file = store.files.adopt(made).result()
    store.sources.keep(
        file.id,
        Source(
            repository="somebody/tiny", revision="main", commit=COMMIT, path=made.name, sha256=""
        ),
    ).result()
    store.papers.keep("somebody/tiny", COMMIT, CARD, CARD_TEXT).result()
    store.papers.keep("somebody/tiny", COMMIT, "LICENSE", MIT).result()
    policy = "You will not:\n\n- harm animals\n"
    store.papers.keep("somebody/tiny", COMMIT, "USE_POLICY.md", policy).result()
    return made


def content(path: Path, store: Store | None) -> Content:
    beside = known_beside(store, store.files, path) if store else None
    with GgufModel.open(path) as model:
        asked = ReportOf(
            openness=openness_asked(None, path)[0],
            claims=claims_of(path, beside),
            safeguards=safeguards_of(path, beside.kept if beside else ()),
        )
        return content_of(report_parts(model, asked), None, Chosen())


def test_every_reader_takes_what_was_kept(store, path):
    kept = kept_of(store, path)
    assert {one.name for one in kept} == {CARD, "LICENSE", "USE_POLICY.md"}
    with GgufModel.open(path) as model:
        guards = read_safeguards(model, safeguards_of(path, kept))
        licence = licences(model, licences_of(path, kept).documents, kept)
        asked = dossier_of(path, kept)
        origin = read_dossier(model, asked.path, asked.card, asked.kept)
    tuning = guards.find("safety-tuning")
    assert tuning.presence is Presence.PRESENT
    source = tuning.evidence[0].fact.source
    assert source is not None
    assert (source.document, source.revision, source.line) == (CARD, COMMIT, 7)
    assert licence.texts[0].source.revision == COMMIT
    assert licence.part(Part.WEIGHTS).licences == ("MIT",)
    (policy,) = licence.policies
    assert (policy.source.revision, policy.lists[0].entries[0].line) == (COMMIT, 3)
    assert origin.card is not None
    assert origin.card.revision == COMMIT
    assert any("somebody/base" in node.repository for node in origin.lineage.nodes)


def test_what_lies_beside_the_file_goes_first(store, path):
    (path.parent / "README.md").write_text("# Tiny\n\nSafety tuning was not done.\n")
    kept = kept_of(store, path)
    with GgufModel.open(path) as model:
        guards = read_safeguards(model, safeguards_of(path, kept))
    assert guards.find("safety-tuning").presence is Presence.ABSENT


def test_a_report_names_them_and_holds_where_they_are(store, path):
    report = content(path, store)
    named = {(one.kind, one.name, one.revision) for one in report.documents}
    assert named == {("card", CARD, COMMIT), ("licence", "LICENSE", COMMIT)}
    again = recheck(report, content(path, store))
    assert not again.of(Outcome.DIFFERS)
    elsewhere = recheck(report, content(path, None))
    left = {one.id: one.why for one in elsewhere.of(Outcome.NOT_CHECKED)}
    assert left["safeguard:safety-tuning"] == "document"
    assert left[f"document:card:{CARD}"] == "document"
    assert not [one for one in elsewhere.of(Outcome.DIFFERS) if one.id.startswith("safeguard")]


def test_a_file_that_nobody_downloaded_has_none(store, tmp_path):
    assert kept_of(store, reports.model(tmp_path)) == ()
    assert kept_of(None, tmp_path) == ()
    assert msgspec.json.decode(msgspec.json.encode(licences_of(tmp_path)))["kept"] == []


def test_a_paper_that_is_too_long_takes_the_room_of_no_other(store, path):
    store.papers.keep("somebody/tiny", COMMIT, "NOTICE", "x" * LARGEST_KEPT + "x").result()
    assert {one.name for one in kept_of(store, path)} == {CARD, "LICENSE", "USE_POLICY.md"}
