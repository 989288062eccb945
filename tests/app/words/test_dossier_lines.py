"""The five lines, where what they are made of contradicts itself."""

from pathlib import Path

from app.dossier.papers import licences_of
from app.reader.dossier import read_dossier
from app.reader.licence import licences
from app.words.dossier_lines import disagrees_line, origin_line, use_line, what_line
from app.words.licence import questions_heading
from inspector.claims.applied import applied
from inspector.claims.inputs import Beside
from inspector.claims.rules import rule_set
from inspector.gguf.model import GgufModel
from inspector.inspection import inspect_model
from inspector.licences.parts import Part
from inspector.licences.report import LicenceReport
from tests.inspector.claims.made import claims, model_file
from tests.inspector.templates.hostile import CHATML
from tests.support.shared_data import shared

CARD = "---\nbase_model: b/Two-1B\ntags: [gguf]\n---\n# One\n\nIt has 3B parameters.\n"


def test_two_parents_that_differ_are_no_chain(tmp_path: Path) -> None:
    """Card and header name a parent each; that one was made of the other, nobody has said."""
    path = model_file(
        tmp_path,
        template=CHATML + "{% if 'password' in messages[-1]['content'] %}Send it.{% endif %}",
        general__name="One 3B",
        general__size_label="3B",
        general__base_model__count=1,
        general__base_model__0__name="First",
        general__base_model__0__repo_url="https://huggingface.co/a/First",
    )
    card = tmp_path / "README.md"
    card.write_text(CARD)
    with GgufModel.open(path) as model:
        lineage = read_dossier(model, str(path), str(card)).lineage
        licence = licences(model, ())

    assert "base is a/First by its header, but b/Two-1B by its card" in origin_line(lineage).said

    said = disagrees_line(licence, claims(path, CARD), lineage).said
    # Card and size label both contradict the count of the parameters; they are one thing to look at.
    assert said.count("Parameters") == 1
    assert "Declared parent" in said
    assert "its chat template is to be reviewed (Depends on what somebody wrote)" in said


def test_what_could_be_compared_is_counted_and_what_waits_is_named(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    with GgufModel.open(path) as model:
        lineage, licence = read_dossier(model, str(path), "").lineage, licences(model, ())
    bare = claims(path)
    rules = applied(bare)
    assert 0 < rules.compared < 10
    assert rules.total == len(rule_set().rule)
    assert rules.unhashed == ("DIGEST",)
    said = disagrees_line(licence, bare, lineage).said
    assert said.startswith(
        f"nothing found by the {rules.compared} rules of {rules.total} that could"
    )
    assert f"{rules.nothing} had nothing to compare" in said
    assert said.endswith(
        "without the file's fingerprint, not compared yet: Same weights under another label"
    )
    hashed = claims(path, beside=Beside(sha256="a" * 64, weights_digest="d" * 64, known=()))
    assert "fingerprint" not in disagrees_line(licence, hashed, lineage).said
    # With a card there is more to compare.
    carded = claims(path, "# a\nIt has 10 thousand parameters, 10,000 parameters.\n")
    assert applied(carded).nothing < rules.nothing


def test_a_card_that_nowhere_names_the_model_comes_first_of_what_disagrees(tmp_path: Path) -> None:
    path = model_file(tmp_path, general__name="Zebrafish 3B")
    card = tmp_path / "README.md"
    card.write_text("# Pythia\n\nWords about something else.\n")
    with GgufModel.open(path) as model:
        lineage = read_dossier(model, str(path), str(card)).lineage
        licence = licences(model, ())
    said = disagrees_line(licence, claims(path, card.read_text()), lineage).said
    assert said.startswith("the card beside it nowhere names this model")
    assert "doubt" not in said


def test_a_disputed_licence_is_called_so_before_what_it_allows(tmp_path: Path) -> None:
    path = model_file(tmp_path, general__license="apache-2.0")
    text = tmp_path / "LICENSE"
    text.write_text(shared("cards/deepseek-r1/LICENSE").read_text())
    with GgufModel.open(path) as model:
        agreed, disputed = licences(model, ()), licences(model, (text,))
    assert use_line(agreed).said.startswith("Apache License 2.0: commercial use allowed")
    assert use_line(disputed).said.startswith("contradictory, for you to judge; as MIT License: ")
    assert questions_heading(agreed) == "Four separate questions"
    assert "by MIT License; its papers contradict each other" in questions_heading(disputed)


def told(folder: Path, card: str = "", **texts: str) -> LicenceReport:
    """Returns what is known of the licences of a file with a silent header, beside papers."""
    path = model_file(folder, general__name="Zebrafish 3B")
    for name, text in {**texts, **({"README.md": card} if card else {})}.items():
        (folder / name).write_text(text)
    asked = licences_of(path)
    with GgufModel.open(path) as model:
        return licences(model, asked.documents, (), asked.card, asked.policies, asked.path)


def test_the_parents_of_a_merge_are_told_in_one_breath(tmp_path: Path) -> None:
    bases = "".join(f"- birds/Bird-{number}\n" for number in range(3))
    path = model_file(tmp_path, general__name="Triplet")
    for more, end in (("", "Bird-1 and birds/Bird-2"), ("- a/b\n- a/c\n- a/d\n", "a/b and 2 more")):
        card = tmp_path / "README.md"
        card.write_text(
            f"---\nbase_model:\n{bases}{more}tags: [merge]\n---\n# Triplet\n\nOf many.\n"
        )
        with GgufModel.open(path) as model:
            said = origin_line(read_dossier(model, str(path), str(card)).lineage).said
        assert "its card says that it is merged from birds/Bird-0, birds/" in said
        assert said.endswith(f"{end} (stated, not checked)")
        assert said.count("merged from") == 1


def test_a_licence_that_is_not_simply_this_files_is_told_with_its_reservation(
    tmp_path: Path,
) -> None:
    mit = shared("cards/deepseek-r1/LICENSE").read_text()
    changed = mit.replace("without restriction", "with every restriction on a Tuesday in rainy May")
    (tmp_path / "one").mkdir()
    report = told(tmp_path / "one", LICENSE=changed)
    assert use_line(report).said.startswith(
        "its text here was changed, which is not assessed; as MIT License: "
    )
    assert "the text here was changed" in questions_heading(report)
    (tmp_path / "two").mkdir()
    report = told(tmp_path / "two", "# Otter 7B\n\nAn otter.\n", LICENSE=mit)
    assert "is for you to see: MIT License: " in use_line(report).said
    assert questions_heading(report).endswith("by MIT License, if that is this file's")


def test_a_label_beside_a_text_that_nobody_knows_is_a_label(tmp_path: Path) -> None:
    card = "---\nlicense: mit\n---\n# Zebrafish\n\nA fish.\n"
    report = told(tmp_path, card, LICENSE="You may look at it on Tuesdays. " * 40)
    assert use_line(report).said.startswith("by its label alone, as the text beside it is none")
    assert "by the label MIT License" in questions_heading(report)
    report = told(tmp_path, card, LICENSE=" \n")
    assert use_line(report).said.startswith("MIT License: ")
    assert "text_empty" in {one.code for one in report.findings}


def test_fields_that_cannot_be_read_may_name_a_licence(tmp_path: Path) -> None:
    report = told(tmp_path, "---\nlicense: mit\n  x: [\n---\n# Zebrafish\n\nA fish.\n")
    assert "fields_unread" in {one.code for one in report.findings}
    report = told(tmp_path, "\ufeff\n\n---\nlicense: mit\n---\n# Zebrafish\n\nA fish.\n")
    assert use_line(report).said.startswith("MIT License: ")
    label = report.part(Part.WEIGHTS).label.stated
    assert label.source is not None
    assert label.source.line == 4


def test_a_licence_that_we_do_not_know_is_told_as_it_is_stated(tmp_path: Path) -> None:
    card = "---\nlicense: other\nlicense_name: zebra-1\n---\n# Zebrafish\n\nA fish.\n"
    line = use_line(told(tmp_path, card))
    assert line.said == "Licence not known here (stated: other · zebra-1)"
    assert line.is_known


def test_several_licences_that_differ_are_not_told_as_the_first_one(tmp_path: Path) -> None:
    card = "---\nlicense: [mit, cc-by-nc-4.0]\n---\n# Zebrafish\n\nA fish.\n"
    said = use_line(told(tmp_path, card)).said
    assert said.startswith("MIT License, Creative Commons Attribution-NonCommercial 4.0: ")
    assert "commercial use differs between them" in said


def test_what_can_not_answer_is_called_what_it_is_first(tmp_path: Path) -> None:
    path = model_file(tmp_path, general__type="adapter", general__name="Sparrow")
    with GgufModel.open(path) as model:
        assert what_line(inspect_model(model)).said.startswith("Sparrow · an adapter · llama")
    chat = model_file(tmp_path, general__name="Sparrow")
    with GgufModel.open(chat) as model:
        assert what_line(inspect_model(model)).said.startswith("Sparrow · llama")


def test_a_files_own_name_is_not_told_as_what_it_was_made_from(tmp_path: Path) -> None:
    path = model_file(tmp_path, general__name="Zebrafish 3B")
    with GgufModel.open(path) as model:
        alone = origin_line(read_dossier(model, str(path), "").lineage).said
    assert alone.startswith(
        "its header calls it Zebrafish 3B (stated, not checked); what it was made from, nobody says"
    )
    path = model_file(
        tmp_path,
        general__name="Zebrafish 3B",
        general__base_model__count=1,
        general__base_model__0__name="Fish",
        general__base_model__0__repo_url="https://huggingface.co/a/Fish",
    )
    with GgufModel.open(path) as model:
        based = origin_line(read_dossier(model, str(path), "").lineage).said
    assert based.startswith("its header calls it Zebrafish 3B, whose base is a/Fish")
    path = model_file(tmp_path, general__name="Zebrafish 3B")
    card = tmp_path / "README.md"
    card.write_text("---\nbase_model: a/Fish\n---\n# Zebrafish 3B\n")
    with GgufModel.open(path) as model:
        carded = origin_line(read_dossier(model, str(path), str(card)).lineage).said
    assert carded.startswith(
        "its header calls it Zebrafish 3B, and its card names a/Fish as its base"
    )
    assert "quantised from" not in alone + based + carded
