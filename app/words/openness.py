"""Words of the openness profile, the same for the window, the command line and reports. No Qt."""

from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import UNSET

from app.dossier.repository_look import Looked
from app.words.wording import LANGUAGE
from app.words.wording import words as wording
from inspector.facts import Fact, Source
from inspector.findings.stack import stack
from inspector.findings.values import Finding, Review, Tile
from inspector.frameworks.profile import Profile
from inspector.frameworks.published import Rating
from inspector.frameworks.shapes import Answer, Kind
from inspector.frameworks.verdict import Line, Verdict
from inspector.untrusted import shown
from resources import table
from runner import hardware
from runner.engine.library_files import built_with


class OpennessWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word by its code, as `resources/texts/en/openness.toml` has them."""

    tile: dict[str, str]
    availability: dict[str, str]
    terms: dict[str, str]
    link: dict[str, str]
    answer: dict[str, str]
    step: dict[str, str]
    confidence: dict[str, str]
    kind: dict[str, str]
    rated: dict[str, str]
    sentence: dict[str, str]
    short: dict[str, str]
    place: dict[str, str]


_HAS_TERMS = frozenset({"public", "gated", "partly"})
HERE = "here"
"""The value of the step of a gradient that was reached."""

_ROMAN = {"1": "I", "2": "II", "3": "III"}
_NOT_APPLICABLE = Tile.NOT_APPLICABLE


@cache
def openness_words() -> OpennessWords:
    """Returns the words."""
    read: OpennessWords = table(f"texts/{LANGUAGE}/openness.toml", OpennessWords)
    return read


def said_of(finding: Finding) -> str:
    """Returns both values of a finding in words, with the licence where there is one."""
    words = openness_words()
    said = [words.availability[finding.availability.value]]
    if finding.at_least:
        said = [words.sentence["at_least"].format(said=said[0])]
    if finding.availability in _HAS_TERMS:
        terms = words.terms[finding.terms.value]
        said.append(f"{terms} ({finding.licence})" if finding.licence else terms)
    return ", ".join(said)


def fact_line(fact: Fact) -> str:
    """Returns what a finding rests on: the words themselves where a text was read, and their place."""
    quote = next((one.quote for one in fact.sources if one.quote), "")
    said = openness_words().sentence["quote"].format(words=quote) if quote else fact.text
    places = [
        ", ".join(filter(None, (one.kind.value, one.document, _line(one)))) for one in fact.sources
    ]
    return f"{said} ({'; '.join(places)})" if places else said


def place_of(source: Source) -> str:
    """Returns where something stands, and when it was read."""
    read = source.read_at.date().isoformat() if source.read_at else ""
    said = (source.kind.value, source.document, source.where, _line(source), read)
    return ", ".join(part for part in said if part)


def _line(source: Source) -> str:
    return openness_words().sentence["line"].format(line=source.line) if source.line else ""


def said_of_review(review: Review) -> str:
    """Returns a reviewer's reading with its reason and source."""
    words = openness_words()
    said = words.availability[review.availability.value]
    by = " ".join(filter(None, (review.author, review.date)))
    return f"{said}: {review.reason} ({', '.join(filter(None, (review.source, by)))})"


def breakable(text: str) -> str:
    """Returns a text that a narrow column can break inside addresses and long names."""
    return text.replace("/", "/\u200b").replace("_", "_\u200b")


def left_out_words(read: Profile) -> str:
    """Returns that a card beside the file counts for nothing here; empty where none is left out."""
    document = shown(read.left_out, 80)
    return openness_words().sentence["left_out"].format(document=document) if document else ""


def range_of(verdict: Verdict) -> str:
    """Returns what would change if the unknowns turned out closed or open."""
    sentence = openness_words().sentence
    if verdict.worst == verdict.best:
        return sentence["settled"]
    return sentence["range"].format(worst=verdict.worst, best=verdict.best)


def progress_of(verdict: Verdict) -> str:
    """Returns the progress towards each class in words; empty for what has no classes."""
    if verdict.progress is UNSET:
        return ""
    every = ", ".join(
        f"{_ROMAN[key]} {value:.0f}\N{NO-BREAK SPACE}%" for key, value in verdict.progress.items()
    )
    return openness_words().sentence["progress"].format(classes=every)


def line_words(line: Line, kind: Kind) -> str:
    """Returns what a rule set's line says: its answer, its value, its note, each once."""
    told, label = answer_words(line, kind), label_words(line)
    return f"{label}: {told}" if told else label


def label_words(line: Line) -> str:
    """Returns what a rule set calls a line, and whether its verdict does without it."""
    optional = openness_words().sentence["optional"]
    return optional.format(label=line.label) if line.optional else line.label


def answer_words(line: Line, kind: Kind) -> str:
    """Returns the answer to a rule set's line with its value and note, each once."""
    words = openness_words()
    answers = words.step if kind is Kind.GRADIENT else words.answer
    is_here = kind is Kind.GRADIENT and line.value == HERE
    answer = words.step[HERE] if is_here else answers[line.answer.value]
    said = ["" if line.answer is Answer.NOT_APPLICABLE else answer]
    said += [part for part in (line.value, line.note) if part != line.label]
    return "; ".join(dict.fromkeys(part for part in said if part))


def next_of(verdict: Verdict) -> str:
    """Returns what is missing for the next level; empty at the top."""
    if not verdict.next or not verdict.missing:
        return ""
    missing = ", ".join(verdict.missing)
    return openness_words().sentence["next"].format(next=verdict.next, missing=missing)


def short_line(profile: Profile) -> str:
    """Returns what is open in a few words, such as "weights open in part · data unknown"."""
    return short_line_of({row.part: row.tile for row in profile.rows})


def short_line_of(tiles: Mapping[str, Tile]) -> str:
    """Returns the same for the tiles of a fingerprint."""
    words = openness_words()
    said = []
    for group, name in words.short.items():
        every = {tiles.get(part.id, Tile.UNKNOWN) for part in stack().part if part.group == group}
        every.discard(_NOT_APPLICABLE)
        if not every:
            continue
        if len(every) == 1:
            said.append(f"{name} {words.tile[every.pop().value]}")
        elif Tile.OPEN in every:
            said.append(words.sentence["open_in_part"].format(name=name))
        else:
            said.append(words.sentence["mixed"].format(name=name))
    return " · ".join(said)


def group_lines(tiles: Mapping[str, Tile]) -> list[str]:
    """Returns a fingerprint in words, a line for each group: "Weights: 1 open, 3 unknown"."""
    words = openness_words()
    lines = []
    for group in stack().group:
        every = [
            tiles.get(part.id, Tile.UNKNOWN) for part in stack().part if part.group == group.id
        ]
        counts = ", ".join(
            f"{every.count(one)} {words.tile[one.value]}" for one in Tile if one in every
        )
        lines.append(f"{group.title}: {counts}")
    return lines


def rating_line(rating: Rating) -> str:
    """Returns a rating that others published: by whom, of what, when, and where."""
    rated = openness_words().rated[rating.kind]
    return f"{rating.author} on {rating.object} ({rated}), {rating.date}: {rating.value}  {rating.link}"


def looked_words(looked: Looked) -> str:
    """Returns which repositories were read, as what, and which were not."""
    words = openness_words()
    said = words.sentence
    each = [
        said["looked_at"].format(
            name=one.repository.name,
            place=words.link[one.place.value],
            commit=one.repository.commit[:12] or "?",
        )
        for one in looked.read
    ]
    date = looked.read[0].repository.read_at.date().isoformat()
    told = [said["looked"].format(date=date, names="; ".join(each))]
    if looked.unread:
        unread = ", ".join(
            f"{name} ({wording(error.code, **error.context).title})"
            for name, error in looked.unread.items()
        )
        told.append(said["unread"].format(names=unread))
    if looked.left:
        told.append(said["left"].format(names=", ".join(looked.left)))
    return " ".join(told)


def machine_parts() -> dict[str, str]:
    """Returns what this machine is made of, for the rows that are about it."""
    name = hardware.processor().name
    parts = {"chips": name} if name else {}
    build = built_with()
    if build is None:
        return parts
    if build.package:
        parts["engine"] = build.package
    if build.compiler:
        parts["compilers"] = build.compiler
    if build.libraries:
        parts["libraries"] = ", ".join(build.libraries)
    if build.devices:
        parts["drivers"] = ", ".join(build.devices)
    else:
        parts["no-drivers"] = openness_words().sentence["no_device"]
    return parts
