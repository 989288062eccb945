"""A card that names another model: what it says is not taken as this file's, and that is said."""

from pathlib import Path

from app.dossier.openness import openness_asked
from app.dossier.papers import licences_of, safeguards_of
from app.reader.licence import licences
from app.reader.openness import profile_of_model
from app.reader.safeguards import read_safeguards
from app.report.safeguards import safeguards as page
from app.words.licence import finding_words
from app.words.openness import left_out_words
from app.words.safeguards import not_of_it_sentence, not_read_sentence
from inspector.gguf.model import GgufModel
from inspector.licences.parts import Part
from inspector.licences.report import Basis, LicenceReport
from inspector.safeguards.values import Presence, SafeguardReport
from tests.app.cli.test_inspect_safeguards import printed_of
from tests.app.dossier.test_papers import MIT
from tests.inspector.claims.made import model_file
from tests.support import reports

OTTER = (
    "---\nlicense: apache-2.0\nbase_model: org/Otter-7B\nmodel_name: Otter uncensored\n---\n"
    "# Otter 7B Chat\n\nIt went through safety tuning and refuses what is illegal. Use Llama Guard.\n"
    "Experts did red-teaming; see the Acceptable Use Policy. The code is licensed under the MIT License.\n"
)


def beside(folder: Path, card: str, **texts: str) -> None:
    (folder / "README.md").write_text(card, encoding="utf-8")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def guards_of(path: Path) -> SafeguardReport:
    with GgufModel.open(path) as model:
        return read_safeguards(model, safeguards_of(path))


def licence_of(path: Path) -> LicenceReport:
    asked = licences_of(path)
    with GgufModel.open(path) as model:
        return licences(model, asked.documents, (), asked.card, asked.policies, asked.path)


def codes(report: LicenceReport) -> list[str]:
    return [one.code for one in report.findings]


def test_no_safeguard_rests_on_another_models_papers(tmp_path):
    path = model_file(tmp_path, general__name="Tiny Thing")
    alone = guards_of(path)
    beside(tmp_path, OTTER, LICENSE=MIT, USE_POLICY="You will not:\n\n- harm animals\n")
    made = guards_of(path)
    assert (made.eight, made.layers) == (alone.eight, alone.layers)
    assert (made.named_guards, made.removed) == ((), ())
    assert made.find("safety-tuning").presence is Presence.UNKNOWN
    assert not_of_it_sentence(alone) == ""
    told = not_of_it_sentence(made)
    assert told.startswith("README.md seems to be another model's card")
    assert told in " ".join(printed_of(made, sources=False).split())


def test_the_page_of_a_report_says_whose_card_it_is(tmp_path):
    path = reports.model(tmp_path)
    beside(tmp_path, OTTER)
    assert "seems to be another model&#x27;s card" in page(reports.content(path, whole=False))


def test_a_card_of_this_model_counts_as_before(tmp_path):
    path = model_file(tmp_path, general__name="Otter 7B Chat")
    beside(tmp_path, OTTER)
    made = guards_of(path)
    assert made.find("audits").presence is Presence.PRESENT
    assert not_of_it_sentence(made) == ""
    licence = licence_of(path)
    assert licence.part(Part.WEIGHTS).licences == ("Apache-2.0",)
    assert "card_of_another" not in codes(licence)


def test_another_models_licence_is_not_this_files(tmp_path):
    path = model_file(tmp_path, general__name="Tiny Thing")
    beside(tmp_path, OTTER)
    made = licence_of(path)
    assert {one.basis for one in made.parts} == {Basis.NOTHING}
    assert made.lineage == ()
    found, base = made.findings
    assert (found.code, base.code) == ("card_of_another", "base_of_another")
    assert finding_words(found).startswith("README.md seems to be another model's card")
    assert not found.disagrees
    assert "Apache License 2.0" in finding_words(found)
    assert "org/Otter-7B" in finding_words(base)
    assert [one.line for one in (*found.sources, *base.sources)] == [2, 9, 3]


def test_another_models_licence_contradicts_no_header(tmp_path):
    path = model_file(tmp_path, general__name="Tiny Thing", general__license="mit")
    beside(tmp_path, OTTER, LICENSE=MIT)
    made = licence_of(path)
    assert made.part(Part.WEIGHTS).licences == ("MIT",)
    assert not [one for one in made.findings if one.disagrees]
    (found,) = (one for one in made.findings if one.code == "text_of_another")
    assert finding_words(found).startswith("LICENSE lies beside")


GERMAN = (
    "# Otter\n\nOtter ist ein deutsches Sprachmodell mit einer Milliarde Parametern und einem Fenster von 8.192 Token.\n\n"
    "## Sicherheit\n\nDas Modell wurde nicht auf Sicherheit abgestimmt. Ein Red-Teaming fand vor der Freigabe nicht statt.\n"
    "Es kann falsche Aussagen machen, und niemand hat geprüft, wie oft es das tut, bevor es hier erschienen ist.\n"
)


def test_a_sentence_in_another_language_shows_no_safeguard(tmp_path):
    path = model_file(tmp_path, general__name="Otter")
    beside(tmp_path, GERMAN)
    made = guards_of(path)
    audit = made.find("audits")
    assert audit.presence is Presence.UNKNOWN
    assert [one.unread for one in audit.evidence] == [True], "it is told where the word stands"
    assert "README.md does not read as English" in not_read_sentence(made)
    assert not_read_sentence(made) in " ".join(printed_of(made, sources=False).split())
    beside(tmp_path, f"{GERMAN}\nIn English: the red-teaming of this model was done by experts.\n")
    assert guards_of(path).find("audits").presence is Presence.PRESENT


def test_a_card_with_nothing_but_fields_is_not_another_models(tmp_path):
    path = model_file(tmp_path, general__name="Tiny Thing")
    beside(tmp_path, "---\nlicense: mit\n---\n")
    report = licence_of(path)
    assert report.part(Part.WEIGHTS).licences == ("MIT",)
    assert not {"card_of_another", "text_of_another"} & set(codes(report))


def test_the_openness_profile_says_whose_card_counts_for_nothing(tmp_path):
    path = model_file(tmp_path, general__name="Tiny Thing")
    asked, _ = openness_asked(None, path)
    with GgufModel.open(path) as model:
        assert left_out_words(profile_of_model(model, asked)) == ""
    beside(tmp_path, OTTER)
    asked, _ = openness_asked(None, path)
    with GgufModel.open(path) as model:
        read = profile_of_model(model, asked)
    assert read.left_out == "README.md"
    assert "seems to be another model's card" in left_out_words(read)
