"""The five lines, where what they are made of contradicts itself."""

from pathlib import Path

from app.reader.dossier import read_dossier
from app.reader.licence import licences
from app.words.dossier_lines import disagrees_line, origin_line
from inspector.gguf.model import GgufModel
from tests.inspector.claims.made import claims, model_file
from tests.inspector.templates.hostile import CHATML

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

    said = disagrees_line(licence, claims(path, CARD), lineage, 42).said
    # Card and size label both contradict the count of the parameters; they are one thing to look at.
    assert said.count("Parameters") == 1
    assert "Declared parent" in said
    assert "its chat template is to be reviewed (Depends on what somebody wrote)" in said
