"""Fingerprints of licence texts: which known text a file holds, and how much of it.

A text becomes the set of its runs of five words, each as a 32-bit hash. We ship those sets and no
texts, because many licence texts may not be copied into a program. Marks that vary from copy to
copy (case, quotes, list numbers in Markdown, lines of copyright) are taken out before.
"""

import base64
import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from inspector.licences.names import LONGEST_LABEL, identify
from inspector.licences.words import split_words
from resources import data

RUN = 5
"""Words in a run: fewer meet by chance, more break at every small change."""

LONGEST = 256 * 1024
"""Characters of a text that are compared; the longest licence that we know has a seventh of it."""

SAME = 0.98
"""From this share on, both ways, two texts are the same."""

NEAR = 0.85
"""From this likeness on a text may be a changed copy of a licence."""

MARGIN = 0.03
"""How much nearer a changed copy must be to its licence than to any other.

Versions of one family are alike to 0.96, so a likeness alone would take the next version, which we
don't know, for the last one that we know.
"""

SMALL = 7
"""Words that a copy may say in one place beyond its licence and still be the same: names and dates."""

RELATED = 0.5
"""Below this share a text is not said to have to do with a licence."""

_EXCERPT = 40
_PASSAGES = 8


class Fingerprint(msgspec.Struct, frozen=True):
    """A known text.

    Attributes:
        licence: whose text it is.
        source: where the text was taken from when the fingerprint was made.
        runs: how many different runs of words it has.
        hashes: of the runs, sorted 32-bit numbers, compressed, as base64.
    """

    licence: str
    source: str
    runs: int
    hashes: str

    def unpack(self) -> frozenset[int]:
        """Returns the hashes."""
        numbers = array("I")
        numbers.frombytes(zlib.decompress(base64.b64decode(self.hashes)))
        return frozenset(numbers)


class Fingerprints(msgspec.Struct, frozen=True):
    """The file of fingerprints, made by `packaging/licence_data.py`."""

    schema: int
    run: int
    texts: tuple[Fingerprint, ...]


class Passage(msgspec.Struct, frozen=True):
    """A place where a text says other than the known one.

    Attributes:
        words: how many words the known text does not have; 0 where it has them all and not in
            this order, because something was left out or moved.
        excerpt: the start of them, or the words around the joint.
    """

    line: int
    words: int
    excerpt: str


class TextMatch(msgspec.Struct, frozen=True, kw_only=True):
    """How a text compares with the known text that is nearest to it.

    Attributes:
        licence: id of the nearest known text; empty where none is near.
        source: where the known text came from.
        found: share of the known text that is in this one.
        beyond: share of this text that the known text does not have.
        relation: `same`, `changed`, `within` (the whole known text, and more), `related`, or
            `none`.
        also: other licences whose whole text is in this one.
        passages: what this text says beyond the known one, the longest first.
        words: how many words were compared.
        cut: whether the text was longer than what is read.
    """

    licence: str = ""
    source: str = ""
    found: float = 0.0
    beyond: float = 0.0
    relation: str = "none"
    also: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    words: int = 0
    cut: bool = False

    @property
    def identifies(self) -> bool:
        """Whether the text can be taken for that licence's.

        A known text with more around it can't: what is more may be further conditions.
        """
        return self.relation in {"same", "changed"}


def match(text: str) -> TextMatch:
    """Returns the known text that is nearest to `text`.

    The licence's own name above its text is no change of it, however it is written there.
    """
    found = _match(text)
    if found.relation != "changed" or not (bare := _without_title(text, found.licence)):
        return found
    again = _match(bare)
    is_same = again.relation == "same" and again.licence == found.licence
    return again if is_same else found


def _without_title(text: str, licence: str) -> str:
    """Returns a text with an empty first line, where that line is the licence's name; else nothing."""
    stripped = text.lstrip("\ufeff \t\r\n")
    title, _, rest = stripped.partition("\n")
    if len(title) > LONGEST_LABEL or identify(title.strip(" \t\r#*=.")).id != licence:
        return ""
    return "\n" * (text[: len(text) - len(stripped)].count("\n") + 1) + rest


def _match(text: str) -> TextMatch:
    read = text[:LONGEST]
    words = split_words(read)
    hashes = [*run_hashes([word for word, _ in words])]
    bare = TextMatch(words=len(words), cut=len(text) > LONGEST)
    candidates = _candidates(frozenset(hashes))
    if not candidates:
        return bare
    nearest, relation = _choose(candidates)
    if relation == "none":
        return bare
    covered = _covered(len(words), hashes, nearest.runs)
    passages = tuple(_passages(words, hashes, nearest.runs, covered))
    if relation == "same" and any(one.words > SMALL for one in passages):
        relation = "changed"
    if relation == "changed" and covered.count(0) > (1 - NEAR) * len(covered):
        # One sentence many times over is few runs and many words.
        relation = "within" if nearest.found >= SAME else "related"
    return msgspec.structs.replace(
        bare,
        licence=nearest.known.licence,
        source=nearest.known.source,
        found=nearest.found,
        beyond=nearest.beyond,
        relation=relation,
        passages=passages,
        also=_also(candidates, nearest) if relation == "within" else (),
    )


class _Candidate(NamedTuple):
    """A known text beside the one that is looked at."""

    alike: float
    found: float
    beyond: float
    known: Fingerprint
    runs: frozenset[int]


def _candidates(own: frozenset[int]) -> list[_Candidate]:
    """Returns every known text that shares a run with ours, the most alike first."""
    found = []
    for known, theirs in _known():
        if common := len(own & theirs):
            alike = common / (len(own) + len(theirs) - common)
            found.append(
                _Candidate(alike, common / len(theirs), 1 - common / len(own), known, theirs)
            )
    return sorted(found, key=lambda one: one.alike, reverse=True)


def _choose(candidates: Sequence[_Candidate]) -> tuple[_Candidate, str]:
    """Returns the known text that ours is to be compared with, and how they are related."""
    best = candidates[0]
    if best.found >= SAME and best.beyond <= 1 - SAME:
        return best, "same"
    others = [one.alike for one in candidates if one.known.licence != best.known.licence]
    if best.alike >= NEAR and best.alike - max(others, default=0.0) >= MARGIN:
        return best, "changed"
    whole = [one for one in candidates if one.found >= SAME]
    if whole:
        return max(whole, key=lambda one: len(one.runs)), "within"
    return best, "related" if max(best.found, 1 - best.beyond) >= RELATED else "none"


def _also(candidates: Sequence[_Candidate], chosen: _Candidate) -> tuple[str, ...]:
    """Returns the other licences whose whole text is there too, and not as a part of the chosen."""
    found = (
        one.known.licence
        for one in candidates
        if one.found >= SAME and len(one.runs - chosen.runs) > len(one.runs) / 2
    )
    return tuple(dict.fromkeys(found))


def fingerprint(licence: str, source: str, text: str) -> Fingerprint:
    """Makes the fingerprint of a known text."""
    words = [word for word, _ in split_words(text[:LONGEST])]
    hashes = array("I", sorted(set(run_hashes(words))))
    packed = base64.b64encode(zlib.compress(hashes.tobytes(), 9)).decode("ascii")
    return Fingerprint(licence, source, len(hashes), packed)


def run_hashes(words: Sequence[str]) -> Iterator[int]:
    """Yields the hash of each run of words; a text shorter than a run is one run."""
    if not words:
        return
    for at in range(max(1, len(words) - RUN + 1)):
        # No checksum: a text that is made to look like another must not be easy to make.
        run = " ".join(words[at : at + RUN]).encode("utf-8", "replace")
        yield int.from_bytes(blake2b(run, digest_size=4).digest(), "little")


def _covered(count: int, hashes: Sequence[int], theirs: frozenset[int]) -> bytearray:
    """Returns for each of our words whether it stands in a run that the known text has too."""
    covered = bytearray(count)
    for at, number in enumerate(hashes):
        if number in theirs:
            covered[at : at + RUN] = b"\1" * min(RUN, count - at)
    return covered


def _passages(
    words: Sequence[tuple[str, int]],
    hashes: Sequence[int],
    theirs: frozenset[int],
    covered: bytearray,
) -> Iterator[Passage]:
    """Yields the places where our words are not the known ones, the longest first."""
    stretches = [*_stretches(covered)]
    stretches.sort(key=lambda one: one[0] - one[1])
    joints = _joints(hashes, theirs, covered)
    for start, end in [*stretches, *joints][:_PASSAGES]:
        longest = min(end, start + _EXCERPT) if end > start else start + 2 * RUN - 1
        excerpt = " ".join(word for word, _ in words[start:longest])
        more = "…" if end > longest else ""
        yield Passage(words[start][1], end - start, excerpt + more)


def _stretches(covered: bytearray) -> Iterator[tuple[int, int]]:
    """Yields start and end of the words that no known run covers."""
    start = -1
    for at, is_covered in enumerate([*covered, 1]):
        if not is_covered and start < 0:
            start = at
        elif is_covered and start >= 0:
            yield start, at
            start = -1


def _joints(
    hashes: Sequence[int], theirs: frozenset[int], covered: bytearray
) -> Iterator[tuple[int, int]]:
    """Yields the places where known words meet that don't meet in the known text."""
    before = -RUN
    for at, number in enumerate(hashes):
        if number not in theirs and all(covered[at : at + RUN]):
            if at > before + 1:
                yield at, at
            before = at


@cache
def _known() -> tuple[tuple[Fingerprint, frozenset[int]], ...]:
    """Returns every known text with its runs."""
    file = msgspec.json.decode(data("licences/fingerprints.json"), type=Fingerprints)
    return tuple((one, one.unpack()) for one in file.texts)
