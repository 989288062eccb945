"""What this machine is made of, as evidence: shown, and read by no framework."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from inspector.facts import Source, SourceKind, known, now
from inspector.findings.evidence_values import Evidence
from inspector.findings.values import Link
from resources import table

SEVERAL = ", "
"""Stands between several names of one part, such as libraries."""


class _Licence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: str
    matches: str
    id: str
    source: str


class _Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    entered: str
    where: dict[str, str]
    licence: tuple[_Licence, ...]


def machine_evidence(parts: Mapping[str, str]) -> Iterator[Evidence]:
    """Yields what the front end says of this machine; it enters no verdict on the model.

    Args:
        parts: what was found by the keys of `resources/stack/machine.toml`.
    """
    for part, name in parts.items():
        where = _machine().where.get(part, part)
        source = Source(
            kind=SourceKind.MEASURED, document="this machine", where=where, read_at=now()
        )
        yield Evidence(key=f"machine.{part}", fact=known(name, source), link=Link.MACHINE)
        if found := _licences(part, name):
            told = Source(
                kind=SourceKind.REVIEWER,
                document=SEVERAL.join(dict.fromkeys(one.source for one in found)),
                where=f"entered by hand on {_machine().entered}",
            )
            ids = " AND ".join(dict.fromkeys(one.id for one in found))
            yield Evidence(key=f"licence.{part}", fact=known(ids, told), link=Link.MACHINE)


def _licences(part: str, names: str) -> list[_Licence]:
    """Returns the licence of each name; none at all where one of them isn't known to us."""
    found = []
    for name in names.split(SEVERAL):
        one = next(
            (
                row
                for row in _machine().licence
                if row.part == part and re.search(row.matches, name)
            ),
            None,
        )
        if one is None:
            return []
        found.append(one)
    return found


@cache
def _machine() -> _Machine:
    read: _Machine = table("stack/machine.toml", _Machine)
    return read
