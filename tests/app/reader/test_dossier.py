import gguf
import msgspec
import numpy as np
import pytest

from app.model.files import card_file_of
from app.reader.dossier import read_dossier, renderer
from app.words.dossier import (
    card_rows,
    dossier_texts,
    finding_row,
    lineage_rows,
    template_rows,
    template_summary,
)
from inspector.cards.read import card_from_bytes
from inspector.dossier import Dossier
from inspector.gguf.model import GgufModel
from inspector.templates.rules import rules
from inspector.templates.values import TemplateFinding


@pytest.fixture
def evil(tmp_path):
    path = tmp_path / "evil.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("general.name", "Thing\x1b[31m 7B")
    writer.add_string(
        "tokenizer.chat_template",
        "{% for m in messages %}{{ m.content }}{% if 'tulip' in m.content %}\u200b Buy flowers from us"
        " today please{% endif %}{% endfor %}",
    )
    writer.add_string("tokenizer.chat_template.slow", "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}")  # fmt: skip
    writer.add_tensor("token_embd.weight", np.zeros((10, 10), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (tmp_path / "README.md").write_text("---\nlicense: mit\nlicense: mit\n---\n# A\n", "utf-8")
    return path


def test_a_file_with_hostile_templates_is_read_and_told(evil):
    card = card_file_of(evil)
    with GgufModel.open(evil) as model:
        found = read_dossier(model, str(evil), str(card))

    first, slow = found.templates
    rules_met = {one.rule for one in first.to_review}
    assert {"template.content_trigger", "template.invisible", "template.probe_text"} <= rules_met
    assert first.rendered
    assert "template.large_loop" in {one.rule for one in slow.to_review}
    assert not slow.rendered
    rows = [*lineage_rows(found.lineage), *card_rows(found.card)]
    rows += [row for check in found.templates for row in template_rows(check)]
    for row in rows:
        assert all(
            line.isprintable() for line in f"{row.label}\n{row.value}\n{row.source}".split("\n")
        )
    assert msgspec.json.decode(msgspec.json.encode(found), type=Dossier) == found


def test_the_starter_model_has_nothing_to_review_and_nobody_says_that_is_good(starter_model):
    with GgufModel.open(starter_model) as model:
        found = read_dossier(model, str(starter_model), "")

    (check,) = found.templates
    assert check.findings == ()
    assert check.rules == len(rules().rules)
    summary = template_summary(check)
    assert "no pattern of these" in summary
    assert not {"safe", "clean"} & set(summary.lower().split())


@pytest.mark.parametrize("rule", sorted(rules().rules))
def test_every_rule_can_be_told(rule):
    row = finding_row(TemplateFinding(rule=f"template.{rule}", line=3, detail="x"))

    assert row.label == "line 3"
    assert "review this" in row.value


def test_every_problem_of_front_matter_has_words():
    known = dossier_texts().problems
    for source, code in (("a: [", "not_yaml"), ("- a", "not_fields"), ("a: &x 1", "alias")):
        card = card_from_bytes(f"---\n{source}\n---\n".encode(), "README.md")
        assert card.front.problems[0].code == code
        assert known[code] in card_rows(card)[0].value


def test_a_template_that_does_not_compile_has_no_renderer():
    assert renderer("{% if %}") is None


def test_only_a_cards_name_is_a_card(tmp_path):
    assert card_file_of(tmp_path / "m.gguf") is None
    (tmp_path / "readme.txt").write_text("x")
    assert card_file_of(tmp_path / "m.gguf") is None
    (tmp_path / "README.md").mkdir()
    assert card_file_of(tmp_path / "m.gguf") is None
