"""The page's way from a framework's line to the findings that it read, and to the places of these. Knows no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from app.report import html
from app.words.facts import source_words
from app.words.openness import answer_words, label_words, said_of
from app.words.report import report_words
from app.words.rules import asked
from inspector.facts import Fact, Source
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import Profile
from inspector.frameworks.shapes import Kind
from inspector.frameworks.verdict import Line, Verdict

_MOST_PLACES = 3
"""Places of a finding that stand beside each line that read it; all stand with the finding."""


def anchor(part: str) -> str:
    """Returns the id on the page of what is held of a part or of one of its items."""
    return f"part-{part.replace('/', '--')}"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of each part and item, as far as it stands on the page."""

    findings: Mapping[str, Finding]

    @classmethod
    def of(cls, read: Profile) -> "Held":
        """Returns what a profile holds, without this app's and this machine's parts."""
        rows = [row.finding for row in read.rows if not row.ours]
        return cls({one.part: one for one in (*rows, *read.items)})

    def is_known(self, part: str) -> bool:
        """Whether anything is known of a part or item."""
        found = self.findings.get(part)
        return found is not None and found.availability is not Availability.UNKNOWN

    def link(self, part: str) -> str:
        """Returns a part's name, as a link where it stands on the page."""
        name = html.safe(stack().name(part))
        return f'<a href="#{anchor(part)}">{name}</a>' if part in self.findings else name


def fact_lines(finding: Finding) -> list[str]:
    """Returns what a finding rests on, each fact beside the places that it was read in."""
    return list(dict.fromkeys(line for fact in finding.facts if (line := _fact_line(fact))))


def _fact_line(fact: Fact) -> str:
    places = [_place(fact, one) for one in fact.sources]
    # A heading or a key that the place names already is not said twice; a quote stands in its place.
    is_said = any(fact.text in (one.where, one.quote) for one in fact.sources)
    return " · ".join(filter(None, ("" if is_said else fact.text, "; ".join(places))))


def _place(fact: Fact, source: Source, *, is_short: bool = False) -> str:
    """Returns where a fact stands; of one that is a whole section, that it is from its line on.

    Args:
        fact: what was read.
        source: one of its places.
        is_short: leaves out the words, which stand with the finding.
    """
    if source.line and source.where == fact.text and not source.quote:
        form = report_words().said["from_line"]
        where = form.format(where=source.where, line=source.line)
        source = msgspec.structs.replace(source, where=where, line=0)
    if is_short:
        source = msgspec.structs.replace(source, quote="", read_at=None)
    return source_words(source)


def decided(verdict: Verdict, held: Held) -> str:
    """Returns every line of a verdict: what it asks, its answer, and what it read of which part."""
    said = report_words().said
    rules = next((one for one in frameworks() if one.id == verdict.framework), None)
    asks = asked(rules) if rules is not None else {}
    heads = [said["line"], said["answered"], said["rests"]]
    has_groups = len({one.group for one in verdict.decided if one.group}) > 1
    rows = [
        _row(one, verdict.kind, asks.get((one.group, one.id), ""), one.group if has_groups else "", held)
        for one in verdict.decided
    ]  # fmt: skip
    for table in verdict.tables:
        rows += [
            _row(one, Kind.CHECKLIST, asks.get((table.id, one.id), ""), table.title, held)
            for one in table.lines
        ]
    return html.fold(said["decided"], html.grid(heads, rows, look="grid first"))


def _row(line: Line, kind: Kind, asks: str, group: str, held: Held) -> tuple[str, str, str]:
    label = f"{group}: {label_words(line)}" if group else label_words(line)
    return (
        html.safe(label) + html.source(asks),
        html.safe(answer_words(line, kind)),
        _rests(line, held),
    )


def _rests(line: Line, held: Held) -> str:
    """Returns the parts that a line read, those first of which something is known, with its places."""
    parts = dict.fromkeys(line.parts)
    told = [_known(part, held) for part in parts if held.is_known(part)]
    silent = [held.link(part) for part in parts if not held.is_known(part)]
    if silent:
        lead = html.safe(report_words().said["nothing_of"])
        told.append(f'<span class="source">{lead} {", ".join(silent)}</span>')
    return "".join(told)


def _known(part: str, held: Held) -> str:
    found = held.findings[part]
    places = dict.fromkeys(
        _place(fact, source, is_short=True) for fact in found.facts for source in fact.sources
    )  # fmt: skip
    return (
        f"<div>{held.link(part)}: {html.safe(said_of(found))}</div>"
        + html.source("\n".join(list(places)[:_MOST_PLACES]))
    )  # fmt: skip
