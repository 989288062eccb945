"""A comparison in words: the same lines for the window, the command line and what is copied. Knows no Qt."""

from collections.abc import Iterator, Sequence

import msgspec

from app.words.facts import fact_sources, fact_texts
from app.words.licence import licence_texts
from app.words.openness import fact_line, openness_words, said_of
from app.words.quantities import bytes_in_words, count_in_words
from app.words.summary import parameters_in_words
from inspector.comparison import Comparison, FactLine, How, LicenceLine, PartLine, VerdictLine
from inspector.facts import Fact
from inspector.findings.values import Finding
from inspector.licences.names import title_of
from inspector.untrusted import shown
from resources import table

_LONGEST = 200
_ORDER = (How.DIFFERS, How.UNSETTLED, How.SAME)


class CompareTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `compare.toml`."""

    how: dict[str, str]
    verdict: dict[str, str]
    heading: dict[str, str]
    fact: dict[str, str]
    said: dict[str, str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a comparison in words.

    Attributes:
        mark: how it compares, in words.
        cells: what stands of each, and `beneath` a paler line under each.
        tips: where each came from, or what would settle it.
    """

    key: str
    label: str
    how: How
    mark: str
    cells: tuple[str, ...]
    beneath: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[Line, ...]


def compare_texts() -> CompareTexts:
    """Returns the words."""
    read: CompareTexts = table("texts/en/compare.toml", CompareTexts)
    return read


def counts_words(found: Comparison) -> str:
    """Returns how many parts compare how, in a sentence."""
    counts = {how.value: found.count(how) for how in How}
    return compare_texts().said["counts"].format(all=len(found.parts), **counts)


def sections(found: Comparison) -> tuple[Section, ...]:
    """Returns the comparison under its headings; those without a line are left out."""
    headings = compare_texts().heading
    made = [
        Section(key=how.value, title=headings[how.value], lines=tuple(_parts(found, how)))
        for how in _ORDER
    ]
    made.insert(
        1, Section(key="verdicts", title=headings["verdicts"], lines=tuple(_verdicts(found)))
    )
    made.insert(
        2, Section(key="licences", title=headings["licences"], lines=tuple(_licences(found)))
    )
    made.insert(3, Section(key="facts", title=headings["facts"], lines=tuple(_facts(found.facts))))
    return tuple(one for one in made if one.lines)


def part_line(line: PartLine) -> Line:
    """Returns the line of a part of the stack."""
    words = openness_words()
    return Line(
        key=line.part,
        label=line.name,
        how=line.how,
        mark=compare_texts().how[line.how.value],
        cells=tuple(words.tile[tile.value] for tile in line.tiles),
        beneath=tuple(_beneath(one) for one in line.findings),
        tips=tuple(_evidence(one) for one in line.findings),
    )


def plain_text(found: Comparison) -> str:
    """Returns everything as plain text, a block for each line, to be copied."""
    lines = [" | ".join(map(_name, found.names)), "", counts_words(found)]
    for section in sections(found):
        lines += ["", section.title]
        for line in section.lines:
            lines.append(f"  {line.label} ({line.mark})" if line.mark else f"  {line.label}")
            for name, cell, beneath in zip(
                found.names, line.cells, line.beneath or [""] * len(found.names), strict=True
            ):
                said = f"{cell}: {beneath}" if beneath and beneath != cell else cell
                lines.append(f"    {_name(name)}: {said}")
    return "\n".join(lines) + "\n"


def _name(untrusted_name: str) -> str:
    return shown(untrusted_name, _LONGEST)


def _parts(found: Comparison, how: How) -> Iterator[Line]:
    # The heading says how they compare.
    every = (part_line(line) for line in found.parts if line.how is how)
    return (msgspec.structs.replace(line, mark="") for line in every)


def _beneath(finding: Finding) -> str:
    words = openness_words()
    if finding.availability.value == "unknown":
        return ""
    return f"{said_of(finding)} · {words.link[finding.link.value]}"


def _evidence(finding: Finding) -> str:
    told = [shown(fact_line(fact), 2 * _LONGEST) for fact in finding.facts]
    return "\n".join([*told, openness_words().confidence.get(finding.confidence, "")]).strip()


def _verdicts(found: Comparison) -> Iterator[Line]:
    texts, sentence = compare_texts(), openness_words().sentence
    for line in found.verdicts:
        ranges = tuple(
            sentence["range"].format(worst=one.worst, best=one.best)
            if one.worst != one.best
            else ""
            for one in line.readings
        )
        yield _verdict(line, texts, ranges)


def _verdict(line: VerdictLine, texts: CompareTexts, ranges: tuple[str, ...]) -> Line:
    return Line(
        key=line.framework,
        label=line.short,
        how=line.how,
        mark=texts.verdict[line.how.value],
        cells=tuple(one.reading or texts.said["no_verdict"] for one in line.readings),
        tips=tuple(
            "\n".join(filter(None, (f"{line.title}, {line.version}", one))) for one in ranges
        ),
    )


def _licences(found: Comparison) -> Iterator[Line]:
    texts, said = licence_texts(), compare_texts()
    named = tuple(", ".join(map(title_of, one)) for one in found.licences)
    how = _same(named)
    yield Line(
        key="licence",
        label=said.said["licence"],
        how=how,
        mark=said.how[how.value],
        cells=tuple(one or said.said["no_licence"] for one in named),
    )
    for line in found.questions:
        yield Line(
            key=line.question,
            label=texts.questions[line.question],
            how=line.how,
            mark=said.how[line.how.value],
            cells=_answers(line),
        )


def _answers(line: LicenceLine) -> tuple[str, ...]:
    texts = licence_texts()
    return tuple(
        texts.answers.get(f"{line.question}.{one.reason}", texts.answers[one.answer])
        for one in line.answers
    )


def _same(names: Sequence[str]) -> How:
    told = {one for one in names if one}
    if not told:
        return How.UNKNOWN
    if len(told) > 1:
        return How.DIFFERS
    return How.SAME if all(names) else How.UNSETTLED


def _facts(lines: Sequence[FactLine]) -> Iterator[Line]:
    texts = compare_texts()
    for line in lines:
        yield Line(
            key=line.key,
            label=texts.fact[line.key],
            how=line.how,
            mark=texts.how[line.how.value],
            cells=tuple(_fact(line.key, one) for one in line.facts),
            tips=tuple(map(fact_sources, line.facts)),
        )


def _fact(key: str, fact: Fact) -> str:
    """Returns a fact's value as people say it."""
    said = fact_texts().said
    if not fact.is_known:
        return said["unknown"]
    if isinstance(fact.value, bool):
        return said["in_file"] if fact.value else said["no_template"]
    number = fact.number
    if number is None:
        return shown(fact.text, _LONGEST)
    if key == "parameters":
        return parameters_in_words(number)
    if key == "file_bytes":
        return bytes_in_words(int(number))
    if key == "bits_per_weight":
        return f"{number:.2f}"
    return said["tokens"].format(count=count_in_words(int(number)))
