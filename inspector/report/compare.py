"""Re-checks a report: compares what it says with what the same model says now."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from inspector.report.recipes import told_again
from inspector.report.rules import FINDINGS
from inspector.report.statement import Area, Basis, Statement
from inspector.report.statements import statements
from inspector.report.values import Content
from inspector.report.whole import differing, is_comparable


class Outcome(StrEnum):
    """What became of a statement."""

    HOLDS = "holds"
    DIFFERS = "differs"
    """It no longer holds."""
    NOT_CHECKED = "not checked"


class Checked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement of a report, looked at again.

    Attributes:
        said: what the report says.
        now: what is so now, where that was looked at.
        why: for one that couldn't be checked, the code of the reason.
    """

    id: str
    area: Area
    about: str
    outcome: Outcome
    said: str
    now: str = ""
    why: str = ""


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """Every statement of a report, looked at again.

    Attributes:
        added: what a report would say besides.
        lacking: papers that the report was made from and that do not lie here, by their names, where
            statements could not be checked for want of them.
        sections: parts of the report that show something else, beside its statements, than the same app
            shows of the same bytes and papers.
        other_rules: rule sets that are not those of the report.
        same_app: whether the app that made it is this one, which then says the same of the same.
    """

    schema: str = "lightwell.check/1"
    checked: tuple[Checked, ...]
    added: tuple[Checked, ...] = ()
    lacking: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    other_rules: tuple[str, ...] = ()
    same_app: bool = False

    def of(self, outcome: Outcome) -> tuple[Checked, ...]:
        """Returns the statements with that outcome."""
        return tuple(one for one in self.checked if one.outcome is outcome)

    @property
    def counts(self) -> Counter[Outcome]:
        """How many there are of each."""
        return Counter(one.outcome for one in self.checked)


NEVER = {Basis.NETWORK: "network", Basis.PERSON: "person", Basis.RUN: "run", Basis.SET: "set"}
"""What is never looked at again here, with the code of the reason."""

GONE = "gone"
DOCUMENT = "document"
"""The reason of what rests on a paper that does not lie here."""

NO_LISTING = "no_listing"
"""The reason that rules give where they don't know what the Hub listed."""


def recheck(report: Content, present: Content) -> Recheck:
    """Returns which statements of `report` hold of `present`, a report made of the same file now."""
    said, now = statements(report), statements(told_again(report, present))
    changed = _Changed.between(report, present, now)
    at_hand = _AtHand.of(report, present)
    checked = tuple(_checked(one, now, changed, at_hand) for one in said.values())
    added = tuple(
        Checked(id=key, area=one.area, about=one.about, outcome=Outcome.DIFFERS, said="", now=one.says)
        for key, one in now.items()
        if key not in said
        and one.area not in {Area.FILES, Area.REVIEWS, Area.RUNS, Area.BENCH}
        and not at_hand.lacks(one)
        and not changed.touch(one)
    )  # fmt: skip
    wanting = any(one.why == DOCUMENT for one in checked)
    return Recheck(
        checked=checked,
        added=added,
        lacking=at_hand.lacking if wanting else (),
        sections=differing(report, present) if is_comparable(report, present) else (),
        other_rules=tuple(sorted(changed.sets)),
        same_app=bool(report.page_by) and report.page_by == present.page_by,
    )


class _Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that are not those of the report any more.

    Attributes:
        sets: rule sets whose files differ.
        rules: single rules as they are today, by their ids, with their versions.
    """

    sets: frozenset[str]
    rules: frozenset[str]

    @classmethod
    def between(cls, report: Content, present: Content, now: Mapping[str, Statement]) -> "_Changed":
        """Returns what changed between two reports' rules; `now` are the later one's statements."""
        before = {one.id: one.sha256 for one in report.rules}
        sets = frozenset(one.id for one in present.rules if before.get(one.id) != one.sha256)
        return cls(sets=sets, rules=frozenset(one.rule for one in now.values() if one.rule))

    def touch(self, one: Statement) -> bool:
        """Whether a statement may say something else because its rules do.

        A set whose rules are counted singly changes whenever one of them does; the others compare as
        before, and what they say can be held against the model. A framework reads findings, which rules
        of their own bring about: it says something else where these changed, too.
        """
        if one.area is Area.VERDICTS and FINDINGS in self.sets:
            return True
        return one.rules in self.sets and not (one.rule and one.rule in self.rules)


class _AtHand(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever checks has of what the report was made from.

    Attributes:
        documents: the papers that lie here, by name.
        lacking: those that the report was made with, and that are not among them.
        listing: whether it is known here what the Hub listed, or the report did not know it either.
        read: whether the file was read whole.
    """

    documents: frozenset[str]
    lacking: tuple[str, ...]
    listing: bool
    read: bool

    @classmethod
    def of(cls, report: Content, present: Content) -> "_AtHand":
        """Returns what is at hand of a report, as the report of today shows it."""
        documents = frozenset(one.name for one in present.documents)
        return cls(
            documents=documents,
            lacking=tuple(
                dict.fromkeys(one.name for one in report.documents if one.name not in documents)
            ),
            listing=_has_listing(present) or not _has_listing(report),
            read=any(one.sha256 for one in present.files),
        )

    def lacks(self, one: Statement) -> str:
        """Returns why a statement may say something else here though the model is the same."""
        if one.papers and self.lacking:
            return DOCUMENT
        return "network" if one.listing and not self.listing else ""


def _has_listing(content: Content) -> bool:
    return all(one.reason != NO_LISTING for one in content.claims.claims)


def _checked(
    one: Statement, now: Mapping[str, Statement], changed: _Changed, at_hand: _AtHand
) -> Checked:
    why = NEVER.get(one.basis, "")
    if one.basis is Basis.DOCUMENT and one.document not in at_hand.documents:
        why = DOCUMENT
    if one.basis is Basis.BYTES and not at_hand.read:
        why = "bytes"
    found = now.get(one.id)
    says = found.says if found else ""
    if not why and says != one.says:
        # Other rules may read the same facts otherwise, and so does whoever has less to read; neither
        # is the report's mistake.
        why = "rules" if changed.touch(one) else at_hand.lacks(one)
    if why:
        return _told(one, Outcome.NOT_CHECKED, says if why == "rules" else "", why)
    if found is None:
        return _told(one, Outcome.DIFFERS, "", GONE)
    return _told(one, Outcome.HOLDS if says == one.says else Outcome.DIFFERS, says)


def _told(one: Statement, outcome: Outcome, now: str = "", why: str = "") -> Checked:
    return Checked(
        id=one.id,
        area=one.area,
        about=one.about,
        outcome=outcome,
        said=one.says,
        now=now if outcome is not Outcome.HOLDS else "",
        why=why,
    )
