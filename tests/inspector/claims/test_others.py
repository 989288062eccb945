"""Claims of other models' cards, and cards whose sentences the rules can't read."""

from pathlib import Path

import pytest

from app.dossier.claims import CardAsked, claims_of
from app.reader.claims import claims
from app.words.claims import claim_words, owner_words, report_notes
from inspector.claims.inputs import KeptText
from inspector.claims.reading import reading_of
from inspector.claims.text import CardText
from inspector.claims.values import Claim, ClaimReport, Reading, Verdict
from inspector.findings.values import Link as Place
from inspector.gguf.model import GgufModel
from tests.inspector.claims.made import model_file

OTHER = """---
license: mit
---
# The base

It was trained with a context length of 8,192 tokens.

## Contact

mail@maker.example
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other")
    made = model_file(folder, "model-7B-Q4_K_M.gguf", llama__context_length=4096)
    (folder / "README.md").write_text("# Its own card\n\nA context length of 4096 tokens.\n")
    return made


def read(path: Path, asked: CardAsked | None) -> ClaimReport:
    with GgufModel.open(path) as model:
        return claims(model, claims_of(path, None, asked))


def of(report: ClaimReport, rule: str) -> Claim:
    (claim,) = report.of(rule)
    return claim


@pytest.mark.parametrize(
    ("place", "verdict"),
    [(Place.BASE_MODEL, Verdict.PERSON), (Place.END_MODEL, Verdict.DIFFERS)],
)
def test_a_base_model_may_differ_and_what_was_quantised_may_not(
    path: Path, place: Place, verdict: Verdict
) -> None:
    asked = CardAsked(
        text=KeptText(name="README.md", text=OTHER, revision="c" * 40),
        name="maker/base",
        place=place,
    )
    report = read(path, asked)
    context = of(report, "CTX")

    assert (context.verdict, context.id) == (verdict, "CTX@maker/base")
    assert context.passages[0].line == 6
    assert context.about is not None
    assert owner_words(context.about) == f"maker/base ({place.value.replace('_', ' ')})"
    assert "8,192" in claim_words(context).sentence
    assert of(report, "CONTACT").verdict is Verdict.STATED
    assert any("maker/base" in note for note in report_notes(report))


def test_what_is_of_the_file_is_not_told_again_for_another_card(path: Path, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text(OTHER)
    report = read(path, CardAsked(path=card, name="maker/base", place=Place.BASE_MODEL))

    assert report.failed == ()
    assert {one.rule for one in report.claims}.isdisjoint(
        ["QUANT", "HASH", "TMPL-RISK", "SEEDREC", "LIC-TXT", "REQUANT", "PARENT"]
    )
    # The size in the file's name is the file's own claim.
    assert [one.id for one in report.of("PARAMS")] == ["PARAMS@maker/base"]
    assert all(one.about == report.about for one in report.claims)


def test_a_card_that_a_person_opened_is_the_files_own(path: Path, tmp_path: Path) -> None:
    card = tmp_path / "opened.md"
    card.write_text(OTHER)
    report = read(path, CardAsked(path=card))
    context = of(report, "CTX")

    assert (context.verdict, context.id) == (Verdict.DIFFERS, "CTX")
    assert (report.card, report.about, context.about) == ("opened.md", None, None)
    assert len(report.of("PARAMS")) == 2


def test_the_card_of_the_download_is_read_though_another_lies_beside_the_file(path: Path) -> None:
    kept = KeptText(name="README.md", text=OTHER, revision="c" * 40)

    assert of(read(path, CardAsked(text=kept)), "CTX").verdict is Verdict.DIFFERS
    assert of(read(path, None), "CTX").verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("body", "reading", "script"),
    [
        ("The model was trained on data of the web and it is licensed for all. " * 5, Reading.ENGLISH, ""),
        ("Das Modell wurde mit Texten aus dem Netz trainiert und darf frei genutzt werden. " * 5, Reading.OTHER, ""),
        ("Le modèle a été entraîné sur des textes du web et peut être utilisé librement. " * 5, Reading.OTHER, ""),
        ("本模型在网络文本上训练，可以自由使用。" * 5, Reading.OTHER, "Chinese"),
        ("Модель обучена на текстах из сети. " * 9, Reading.OTHER, "Cyrillic"),
        ("# Model\n\nSee the page.", Reading.TOO_SHORT, ""),
    ],
)  # fmt: skip
def test_a_card_that_is_not_english_is_known(body: str, reading: Reading, script: str) -> None:
    assert reading_of(CardText(body.encode(), "README.md")) == (reading, script)


def test_rules_that_could_not_read_the_sentences_say_so(path: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("# 模型\n\n" + "本模型在网络文本上训练，可以自由使用。" * 20)
    report = read(path, CardAsked(path=card))

    assert report.reading is Reading.OTHER
    assert any("does not read as English" in note for note in report_notes(report))
