"""Safeguards in words, where a few of them must say more than whether something is there."""

from app.words.safeguards import presence_words, safeguard_texts
from inspector.safeguards.catalogue import catalogue
from inspector.safeguards.values import Inspection, Presence, Safeguard


def told(rule: str) -> str:
    return presence_words(
        Safeguard(
            id="system-prompts", presence=Presence.ABSENT, inspect=Inspection.YES, decided_by=rule
        )
    )


def test_a_default_prompt_without_rules_is_no_absent_prompt() -> None:
    assert told("template-prompt").startswith("absent: the template's default system prompt")
    assert told("template-none") == "absent"


def test_every_short_word_is_of_a_rule() -> None:
    assert safeguard_texts().short_rules.keys() <= {rule.id for rule in catalogue().rule}
