"""What the checks of a template bring."""

from enum import StrEnum

import msgspec

SCHEMA = "lightwell.template/1"


class Grade(StrEnum):
    """How much a finding asks of a person."""

    REVIEW = "review this"
    NOTE = "note"


class TemplateFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One place in a template that a rule speaks of.

    Attributes:
        rule: code of the rule; `resources/texts/en/templates.toml` has its title, why it matters,
            and what an honest template might use the same thing for.
        line: from 1; 0 where it is about the whole.
        excerpt: the place, short, with every sign in it made visible.
        detail: what exactly the rule met, made visible too.
    """

    rule: str
    grade: Grade = Grade.REVIEW
    line: int = 0
    excerpt: str = ""
    detail: str = ""


class TemplateCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What all rules say of one template.

    Attributes:
        key: the metadata key that holds the template, or a file's name.
        characters: its length.
        rules: how many rules looked at it; where none found anything, that is all that is known.
        rendered: whether it was also tried with harmless conversations.
        skipped: rules that could not look at it.
        findings: by line.
        more: findings left out, because there were too many.
    """

    key: str = ""
    characters: int
    sha256: str
    rules: int
    rendered: bool = False
    skipped: tuple[str, ...] = ()
    findings: tuple[TemplateFinding, ...] = ()
    more: int = 0

    @property
    def to_review(self) -> tuple[TemplateFinding, ...]:
        """The findings that a person should look at."""
        return tuple(one for one in self.findings if one.grade is Grade.REVIEW)
