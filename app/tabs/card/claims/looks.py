"""How verdicts are drawn: a colour's role and a sign of its own for each; never an openness glyph."""

from inspector.claims.values import Verdict

_ROLES = {
    Verdict.AGREES: "accent",
    Verdict.AGREES_IN_PART: "accent",
    Verdict.DIFFERS: "alert",
    Verdict.STATED: "soft",
    Verdict.NOT_STATED: "faint",
    Verdict.CANNOT: "faint",
    Verdict.OUT_OF_DATE: "warning",
    Verdict.PERSON: "note",
    Verdict.UNKNOWN: "unknown",
}
_SIGNS = {
    Verdict.AGREES: "verdict-agrees",
    Verdict.AGREES_IN_PART: "verdict-agrees-in-part",
    Verdict.DIFFERS: "verdict-differs",
    Verdict.STATED: "verdict-stated",
    Verdict.NOT_STATED: "verdict-not-stated",
    Verdict.CANNOT: "verdict-cannot",
    Verdict.OUT_OF_DATE: "verdict-out-of-date",
    Verdict.PERSON: "verdict-person",
    Verdict.UNKNOWN: "verdict-unknown",
}


def verdict_role(verdict: Verdict) -> str:
    """Returns the theme's role for a verdict's colour."""
    return _ROLES[verdict]


def verdict_sign(verdict: Verdict) -> str:
    """Returns the name of a verdict's icon."""
    return _SIGNS[verdict]
