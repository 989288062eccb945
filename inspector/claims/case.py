"""Everything that the rules may look at, and the one way in which they make claims."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inspector.cards.front_matter import Field
from inspector.cards.values import Card
from inspector.claims.inputs import Beside
from inspector.claims.rules import Rule
from inspector.claims.text import CardText, Hit
from inspector.claims.values import QUOTED, Claim, Grade, Passage, Verdict, may_say
from inspector.facts import Fact, Source, SourceKind, Value, known
from inspector.gguf.model import GgufModel
from inspector.licences.report import LicenceReport
from inspector.lineage.values import Lineage
from inspector.summary import Summary
from inspector.templates.rendered import Renderer
from inspector.templates.values import TemplateCheck
from inspector.untrusted import shortened, visible

MOST_PASSAGES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model with what was read of it.

    Attributes:
        card, text: the card beside it, as read and as lines; None where there is none.
        templates: the checks of its templates, and `renderer` renders with one of them.
        own: the file's own card, where `card` is that of another model.
        beside: what else is known; `files` are texts that lie beside it, by name.
    """

    model: GgufModel
    summary: Summary
    lineage: Lineage
    licence: LicenceReport
    templates: tuple[TemplateCheck, ...] = ()
    card: Card | None = None
    text: CardText | None = None
    own: Card | None = None
    renderer: Callable[[str], Renderer | None] | None = None
    beside: Beside = field(default_factory=Beside)
    files: tuple[tuple[str, str], ...] = ()

    def measured(self, value: Value, where: str) -> Fact:
        """Returns a fact that was counted in the file."""
        source = Source(
            kind=SourceKind.MEASURED,
            document=self.model.name,
            where=where,
            read_at=self.model.read_at,
        )
        return known(value, source)

    def header(self, key: str) -> Fact:
        """Returns a header value as a fact; unknown where the header has none."""
        metadata, source = self.model.metadata, self.model.source(key)
        value: Value | None = metadata.text(key)
        if value is None:
            value = metadata.integer(key)
        return Fact(sources=(source,)) if value is None else known(value, source)

    def named(self, value: Value) -> Fact:
        """Returns a fact that the file's name tells."""
        source = Source(kind=SourceKind.REPOSITORY, document=self.model.name, where="file name")
        return known(value, source)

    def stated(self, field: Field) -> tuple[Fact, Passage]:
        """Returns a front matter field as a fact, and where it stands."""
        document = self.card.document if self.card else ""
        source = Source(
            kind=SourceKind.FRONT_MATTER, document=document, where=field.path, line=field.line
        )
        quote = shortened(f"{field.path}: {visible(str(field.value))}", QUOTED)
        place = Passage(document=document, line=field.line, end=field.line, quote=quote)
        return known(field.value, source), place


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the claims of one rule, and refuses a verdict that its evidence can't carry."""

    rule: Rule
    case: Case

    def claim(
        self,
        verdict: Verdict,
        reason: str,
        grade: Grade | None = None,
        *,
        which: str = "",
        text: str = "",
        passages: Iterable[Passage] = (),
        evidence: Sequence[Fact] = (),
        context: Mapping[str, str | float] | None = None,
        **more: str | float,
    ) -> Claim:
        """Returns a claim.

        Args:
            verdict: what was found.
            reason: code of the sentence that says what was compared.
            grade: what the verdict rests on.
            which: tells several claims of one rule apart.
            text: the claim as written.
            passages: where it stands.
            evidence: what it was compared with.
            context: values for the sentence.
            **more: more of them.

        Raises:
            ValueError: the verdict is better than its evidence, or not one of the rule's.
        """
        if not may_say(verdict, grade) or verdict not in self.rule.verdicts:
            raise ValueError(f"{self.rule.id} can't say {verdict} by {grade}")
        places = tuple(passages)[:MOST_PASSAGES]
        said = text or (places[0].quote if places else "")
        return Claim(
            id=f"{self.rule.id}/{which}" if which else self.rule.id,
            rule=self.rule.id,
            version=self.rule.version,
            text=shortened(visible(said), QUOTED),
            passages=places,
            verdict=verdict,
            grade=grade,
            reason=reason,
            context={
                key: shortened(visible(value), QUOTED) if isinstance(value, str) else value
                for key, value in ({**(context or {}), **more}).items()
            },
            evidence=tuple(evidence)[:20],
            probe=self.rule.probe,
        )

    def no_card(self) -> Claim:
        """Returns that nobody has read a card, so that nobody knows what it states."""
        return self.claim(Verdict.UNKNOWN, "no_card")

    def not_stated(self, reason: str = "none", evidence: Sequence[Fact] = ()) -> Claim:
        """Returns that the card was read and does not state it."""
        return self.claim(Verdict.NOT_STATED, reason, Grade.CARD, evidence=evidence)

    def places(self, hits: Iterable[Hit]) -> Iterator[Passage]:
        """Yields where hits stand, each line once."""
        seen = set()
        for hit in hits:
            if self.case.text is not None and hit.line.number not in seen:
                seen.add(hit.line.number)
                yield self.case.text.passage(hit.line)


Checker = Callable[[Maker], Iterator[Claim]]
"""Looks at a case by one rule."""
