"""Rules on the file itself: its size, the Hub's hash, and the same weights elsewhere."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from inspector.claims.case import Maker
from inspector.claims.inputs import KnownWeights
from inspector.claims.numbers import number
from inspector.claims.quantised import bands, plain
from inspector.claims.text import Hit
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.facts import Source, SourceKind, known
from inspector.licences.names import identify, same_licence

_SIZE = re.compile(r"(?i)(?<![\w.])(\d{1,5}(?:\.\d{1,3})?)\s?(KiB|MiB|GiB|KB|MB|GB)\b")
_HASH = re.compile(r"(?i)(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])")
SHORT = 12
"""Digits of a fingerprint that tell files or statements of one name apart."""

MOST_HASHES, MOST_SAME = 8, 5
_UNITS = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def bits(maker: Maker) -> Iterator[Claim]:
    """BPW: bits per weight against the label's usual range; a stated size against the real one."""
    case = maker.case
    yield from _stated_size(maker)
    weight = case.summary.bits_per_weight
    exact = weight.number
    if exact is None:
        yield maker.claim(Verdict.CANNOT, "no_tensors", Grade.HEADER)
        return
    label = plain(case.summary.quantisation.text)
    band = bands().get(label)
    if band is None:
        yield maker.claim(
            Verdict.STATED, "no_band", Grade.COMPUTED, evidence=(weight,), bits=f"{exact:.2f}"
        )
        return
    inside = band.low <= exact <= band.high
    yield maker.claim(
        Verdict.AGREES if inside else Verdict.AGREES_IN_PART,
        "inside" if inside else "outside",
        Grade.COMPUTED,
        text=label,
        evidence=(weight, case.summary.quantisation),
        label=label,
        bits=f"{exact:.2f}",
        low=f"{band.low:g}",
        high=f"{band.high:g}",
    )


def _stated_size(maker: Maker) -> Iterator[Claim]:
    """Looks for this file's name in the card with a size on the same line, or in the listing."""
    case = maker.case
    name, size = case.model.files[0].name, case.model.files[0].size
    bytes_here = case.measured(size, "length on disk")
    for one in case.beside.listing or ():
        if PurePath(one.path).name == name and one.size:
            equal = one.size == size
            listed = known(one.size, Source(kind=SourceKind.REPOSITORY, document=one.path))
            yield maker.claim(
                Verdict.AGREES if equal else Verdict.DIFFERS,
                "listed_equal" if equal else "listed_other",
                Grade.COMPUTED,
                which="listing",
                text=f"{one.path}, {one.size:,}",
                evidence=(listed, bytes_here),
                card=f"{one.size:,}",
                file=f"{size:,}",
            )
    if case.text is None or not case.text.has(name.lower()):
        return
    for line in case.text.lines:
        found = _SIZE.search(line.text) if name.lower() in line.text.lower() else None
        value = number(found.group(1)) if found else None
        if found is None or value is None:
            continue
        # Half a unit of the last digit, and people who write GB for 2**30 bytes.
        unit = found.group(2).lower()
        places = len(found.group(1).partition(".")[2])
        units = {_UNITS[unit], _UNITS[f"{unit[0]}ib"]}
        near = any(abs(size / one - value) <= 0.51 * 10**-places for one in units)
        yield maker.claim(
            Verdict.AGREES if near else Verdict.DIFFERS,
            "size_equal" if near else "size_other",
            Grade.COMPUTED,
            which="card",
            passages=maker.places([Hit(line, found)]),
            evidence=(bytes_here,),
            card=found.group(),
            file=f"{size:,}",
        )
        return


def listed_hash(maker: Maker) -> Iterator[Claim]:
    """HASH: the SHA-256 of the kept listing, or of the card, and the file's own."""
    case = maker.case
    name = case.model.files[0].name
    owned = case.beside.parts or {name: case.beside.sha256}
    stated: list[tuple[str, str, tuple[Passage, ...]]] = [
        (one.sha256, one.path, ())
        for one in case.beside.listing or ()
        if PurePath(one.path).name in owned and one.sha256
    ]
    if case.text is not None and case.text.has(name.lower()):
        hits = {
            hit.found.group(1).lower(): hit
            for hit in reversed(case.text.search(_HASH))
            if name.lower() in hit.line.text.lower()
        }
        stated += [(value, "", tuple(maker.places([hit]))) for value, hit in hits.items()]
    if not stated:
        if case.beside.listing is None:
            yield maker.claim(Verdict.UNKNOWN, "no_listing")
        else:
            yield maker.not_stated("listing_without")
        return
    listed = sum(bool(path) for _, path, _ in stated)
    # Of a set in many parts, those that differ are told whatever else is left out.
    stated.sort(
        key=lambda one: one[0].lower() == owned.get(PurePath(one[1] or name).name, "").lower()
    )
    for value, path, places in stated[:MOST_HASHES]:
        which = "listing" if path else "card"
        if (listed if path else len(stated) - listed) > 1:
            which = f"{which} {path or value[:SHORT]}"
        own = owned.get(PurePath(path or name).name, "")
        if not own:
            yield maker.claim(
                Verdict.CANNOT,
                "not_hashed",
                Grade.CARD,
                which=which,
                text=value,
                passages=places,
            )
            continue
        equal = value.lower() == own.lower()
        yield maker.claim(
            Verdict.AGREES if equal else Verdict.DIFFERS,
            "equal" if equal else "other",
            Grade.COMPUTED,
            which=which,
            text=value,
            passages=places,
            evidence=(case.measured(own, "SHA-256 of the file"),),
            card=value,
            file=own,
        )


def same_weights(maker: Maker) -> Iterator[Claim]:
    """DIGEST: other known files with the same weights under another name or licence."""
    case = maker.case
    digest, known_files = case.beside.weights_digest, case.beside.known
    if not digest:
        yield maker.claim(Verdict.CANNOT, "no_digest")
        return
    if not known_files:
        yield maker.claim(Verdict.UNKNOWN, "no_others")
        return
    own = case.measured(digest, "weights digest")
    # Two entries of one name and hash are one file that lies here twice.
    same = {_which(one): one for one in known_files if one.digest == digest}
    if not same:
        yield maker.claim(
            Verdict.NOT_STATED, "none_same", Grade.COMPUTED, evidence=(own,), count=len(known_files)
        )
        return
    ours = case.summary.licence.text
    for which, other in list(same.items())[:MOST_SAME]:
        reason = _label_of(other, case.model.name, ours, case.beside.sha256)
        yield maker.claim(
            Verdict.DIFFERS if reason in _RELABELLED else Verdict.AGREES,
            reason,
            Grade.COMPUTED,
            which=which,
            text=other.name,
            evidence=(own, case.named(other.name)),
            other=other.name,
            licence=other.licence or "–",
            ours=ours or "–",
        )


def _which(other: KnownWeights) -> str:
    """Returns what tells another file from any other: a verdict on it must not go to the next one."""
    return " ".join(filter(None, (other.name, other.sha256[:SHORT])))


_RELABELLED = frozenset({"relabelled", "renamed"})


def _label_of(other: KnownWeights, name: str, licence: str, sha256: str) -> str:
    """Returns what is around the same weights in another file; a licence nobody knows is no other one."""
    if sha256 and other.sha256 == sha256:
        return "copy"
    if not (other.licence and licence):
        return "same_name" if other.name == name else "renamed"
    is_one = other.name == name and _one_licence(other.licence, licence)
    return "same" if is_one else "relabelled"


def _one_licence(one: str, other: str) -> bool:
    first, second = identify(one), identify(other)
    if first.id and second.id:
        return same_licence(first.id, second.id)
    return one.casefold() == other.casefold()
