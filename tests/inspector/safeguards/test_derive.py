"""What the rules make of a model's papers: each by hand, then real cards."""

from collections.abc import Sequence

import pytest

from inspector.cards.front_matter import split
from inspector.cards.read import card_from_bytes
from inspector.facts import Source, SourceKind
from inspector.safeguards.catalogue import catalogue, pattern
from inspector.safeguards.derive import safeguards
from inspector.safeguards.evidence import Papers
from inspector.safeguards.values import By, Inspection, Level, Presence, SafeguardReport
from tests.support.shared_data import shared

EIGHT = [
    "moderation",
    "governance",
    "release-strategy",
    "disclosures",
    "audits",
    "safety-tuning",
    "policies",
    "refusal",
]


def report(
    card: str = "",
    *,
    names: Sequence[str] = (),
    template: str = "",
    folder: Sequence[str] = (),
) -> SafeguardReport:
    _, at, _ = split(card)
    return safeguards(
        Papers(
            document="small.gguf",
            card=card_from_bytes(card.encode(), "README.md") if card else None,
            card_lines=card[at:].split("\n") if card else (),
            card_first=card.count("\n", 0, at) + 1,
            names=[(Source(kind=SourceKind.HEADER, where="general.name"), name) for name in names],
            templates=[("tokenizer.chat_template", template)] if template else (),
            folder=folder,
        )
    )


def test_the_eight_of_the_framework_in_its_order() -> None:
    made = report()
    assert [one.id for one in made.eight] == EIGHT
    assert [one.id for one in made.layers] == [
        "aligned-weights",
        "programmable",
        "guard-models",
        "system-prompts",
    ]
    assert made.level is Level.WEIGHTS
    assert all(set(one.control) == set(Level) == set(one.remove) for one in made.eight)


def test_a_file_without_papers_is_mostly_unknown_and_never_closed() -> None:
    made = report()
    found = {one.id: one.presence for one in (*made.eight, *made.layers)}
    absent = {name for name, presence in found.items() if presence is Presence.ABSENT}
    assert absent == {"moderation", "disclosures", "programmable", "guard-models"}
    assert Presence.PRESENT not in found.values()
    assert made.find("governance").declared_by == ()


@pytest.mark.parametrize(
    ("sentence", "name", "rule"),
    [
        ("We did DPO on the base.", "safety-tuning", "card-preference"),
        ("It went through safety fine-tuning.", "aligned-weights", "card-safety-tuning"),
        ("Experts did red-teaming.", "audits", "card-audit"),
        ("Please report issues to us.", "audits", "card-report"),
        ("See the Acceptable Use Policy.", "policies", "card-policy"),
        ("The model refuses some requests.", "refusal", "card-refusal"),
        ("Our oversight board decides.", "governance", "card-governance"),
        ("A staged release was chosen.", "release-strategy", "card-staged"),
    ],
)
def test_what_a_card_says_counts_as_its_word(sentence: str, name: str, rule: str) -> None:
    found = report(f"# Small\n\n{sentence}\n").find(name)
    assert found.presence is Presence.PRESENT
    assert found.decided_by == rule
    assert found.declared_by == (By.CARD,)
    source = found.evidence[0].fact.source
    assert source is not None
    assert source.line == 3
    assert source.quote == sentence


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The model has no safety fine-tuning.", "safety-tuning"),
        ("It was released without red-teaming.", "audits"),
        ("This model does not have a refusal mechanism and never refuses.", "refusal"),
    ],
)
def test_a_card_that_says_it_is_not_there(sentence: str, name: str) -> None:
    found = report(f"# Small\n\nOne. {sentence}\n").find(name)
    assert found.presence is Presence.ABSENT
    assert found.evidence[0].negated


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Safety tuning was not done.", "safety-tuning"),
        ("Safety fine-tuning of the model has not been done yet.", "safety-tuning"),
        ("Red-teaming wasn't performed.", "audits"),
        ("Safety evaluations are missing.", "audits"),
        ("RLHF for this checkpoint was skipped.", "safety-tuning"),
        ("The model has undergone\nno safety tuning.", "safety-tuning"),
        ("Safety tuning of the base model\nwas not done.", "safety-tuning"),
        ("**Safety tuning** was *never* done, see below.", "safety-tuning"),
    ],
)
def test_a_no_after_the_words_or_in_the_next_line_counts_too(sentence: str, name: str) -> None:
    found = report(f"# Small\n\n{sentence}\n").find(name)
    assert found.presence is Presence.ABSENT, found
    assert found.evidence[0].negated


@pytest.mark.parametrize(
    "sentence",
    [
        "Safety tuning was not only done but measured.",
        "Safety evaluations are not sufficient to show every harm.",
        "Safety tuning lowers answers that are not wanted.",
        "Safety tuning was done, and red teaming was not.",
        "It went through safety tuning.\n\nNothing else was not done.",
        "- It went through safety tuning\n- Context length is not extended",
    ],
)
def test_a_no_to_something_else_negates_nothing(sentence: str) -> None:
    made = report(f"# Small\n\n{sentence}\n")
    name = "audits" if "evaluations" in sentence else "safety-tuning"
    assert made.find(name).presence is Presence.PRESENT, made.find(name)


@pytest.mark.parametrize(
    "sentence",
    [
        "Developers should perform safety testing tailored to their applications.",
        "Before deploying it, perform safety tests and red teaming.",
        "Perform safety testing of your own.",
        "We recommend that users run safety evaluations.",
        "Please conduct red-teaming for your use case.",
    ],
)
def test_what_others_are_told_to_do_is_no_test_that_was_done(sentence: str) -> None:
    found = report(f"# Small\n\n{sentence}\n").find("audits")
    assert found.presence is Presence.UNKNOWN
    assert not found.decided_by
    assert not found.declared_by
    assert found.evidence[0].advice
    both = report(f"# Small\n\n{sentence}\n\nWe did red teaming with experts.\n").find("audits")
    assert both.presence is Presence.PRESENT


def test_no_in_another_sentence_negates_nothing() -> None:
    found = report("# Small\n\nIt has no vision. It went through safety tuning.\n")
    assert found.find("safety-tuning").presence is Presence.PRESENT


def test_a_guard_that_the_card_names_is_not_in_the_file() -> None:
    made = report("# Small\n\nDeploy it with Llama Guard, Prompt Guard or Llama Guard.\n")
    assert [fact.text for fact in made.named_guards] == ["Llama Guard", "Prompt Guard"]
    assert made.find("guard-models").presence is Presence.ABSENT
    assert {"moderation", "guard-models", "system-prompts"} <= set(made.stay_behind)


@pytest.mark.parametrize("word", ["abliterated", "Uncensored", "heretic", "no-refusal"])
def test_a_sign_of_removal_is_a_claim_and_leaves_it_unknown(word: str) -> None:
    made = report("# Small\n\nTrained with RLHF.\n", names=[f"Small {word} 1B"])
    assert [one.word.lower() for one in made.removed] == [word.lower()]
    for name in ("safety-tuning", "refusal", "aligned-weights"):
        assert made.find(name).presence is Presence.UNKNOWN
        assert made.find(name).decided_by == "removed"


@pytest.mark.parametrize(
    ("template", "presence", "rule"),
    [
        (
            "{{ 'You are a kind helper. You must refuse what is illegal.' }}",
            "present",
            "template-rules",
        ),
        ("{{ 'You are a helpful assistant named Small' }}", "absent", "template-prompt"),
        ("{% for m in messages %}{{ m.content }}{% endfor %}", "absent", "template-none"),
    ],
)
def test_the_templates_own_system_prompt(template: str, presence: str, rule: str) -> None:
    found = report(template=template).find("system-prompts")
    assert (found.presence, found.decided_by) == (presence, rule)
    assert found.inspect is Inspection.YES


def test_a_policy_beside_the_file_and_a_gate_in_the_fields() -> None:
    made = report(
        "---\nextra_gated_prompt: Agree first\n---\n# Small\n", folder=["USE_POLICY.md", "a.gguf"]
    )
    assert made.find("policies").decided_by == "folder-policy"
    assert made.find("release-strategy").decided_by == "front-gate"


def test_a_real_card() -> None:
    text = shared("cards/llama-3.2/MODEL_CARD.md").read_text(encoding="utf-8")
    made = report(text)
    assert {one.id: one.presence.value for one in made.eight} == {
        "moderation": "absent",
        "governance": "unknown",
        "release-strategy": "unknown",
        "disclosures": "absent",
        "audits": "present",
        "safety-tuning": "present",
        "policies": "present",
        "refusal": "present",
    }
    assert [fact.text for fact in made.named_guards] == [
        "Llama Guard",
        "Prompt Guard",
        "Code Shield",
    ]


def test_every_pattern_is_one_and_takes_little_time_on_a_long_line() -> None:
    long = "a harmful " * 800
    for rule in catalogue().rule:
        if rule.words:
            pattern(rule.words).search(long)
    assert report(f"# Small\n\n{long}\n").find("audits").presence is Presence.UNKNOWN
