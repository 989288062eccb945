"""Which rules judged, each with a hash that shows any change of them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import Profile
from inspector.report.values import RuleSet
from resources import data, names, text

FINDINGS, LICENCES, TEMPLATES = "finding-rules", "licence-readings", "template-rules"
CLAIMS, SAFEGUARDS, BENCH = "claim-rules", "safeguard-rules", "bench-rules"

_OURS = {
    FINDINGS: ("stack/columbia.toml", "stack/leads.toml", "stack/rules.toml"),
    LICENCES: ("licences/index.json", "licences/other.toml", "licences/parents.toml"),
    TEMPLATES: ("template_rules/rules.toml",),
    CLAIMS: tuple(names("claims", ".toml")),
    SAFEGUARDS: ("safeguards/safeguards.toml", "safeguards/guards.toml"),
    BENCH: ("safeguards/refusals.toml",),
}


def rule_sets(read: Profile, version: str) -> tuple[RuleSet, ...]:
    """Returns the rule sets behind a profile and the checks beside it.

    Args:
        read: the profile.
        version: the app's, which stands for the code that reads our own rules.
    """
    used = {one.framework for one in read.verdicts}
    judged = (
        RuleSet(
            id=one.id,
            version=f"{one.version}, {one.date}",
            sha256=_hash([msgspec.json.encode(one, order="sorted")]),
            files=tuple(filter(None, (_framework_files().get(one.id),))),
        )
        for one in frameworks()
        if one.id in used
    )
    ours = (
        RuleSet(id=key, version=version, sha256=_hash(map(data, files)), files=files)
        for key, files in _OURS.items()
    )
    return (*judged, *ours)


_ID = re.compile(r'^id = "([^"]+)"', re.MULTILINE)


@cache
def _framework_files() -> Mapping[str, str]:
    """Returns the file of each framework by its id, so that whoever has the app can read the rules."""
    every = ((_ID.search(text(name)), name) for name in names("frameworks", ".toml"))
    return {found[1]: name for found, name in every if found is not None}


def _hash(pieces: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(piece)
    return whole.hexdigest()
