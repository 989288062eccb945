"""A use policy that lies beside a model, read as it stands: its lists, each entry with its line.

What an entry forbids, its own words say; nothing here judges whether it does. Bounded work, whatever
the text is.
"""

import re
from collections.abc import Iterator

import msgspec

from inspector.facts import Source, SourceKind, now
from inspector.untrusted import shortened

MOST_LISTS = 40
MOST_ENTRIES = 400
LINES = 4_000
SHOWN = 64 * 1024
"""Characters of a policy that go to whoever shows it."""

_LINE = 2_000
_ENTRY_SHOWN = 300
_ITEM = re.compile(r"^([ \t]{0,40})(?:[-*•+]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)])[ \t]+(\S.*)$")
_MARKS = re.compile(r"[*`#>]+")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{0,600}\)")
_NAMES = (
    "use_policy",
    "use-policy",
    "acceptable_use",
    "acceptable-use",
    "prohibited_use",
    "prohibited-use",
)


class PolicyEntry(msgspec.Struct, frozen=True):
    """One entry of a list, and the line of the policy that it stands in."""

    text: str
    line: int


class PolicyList(msgspec.Struct, frozen=True, kw_only=True):
    """A list, and the words that lead to it.

    Attributes:
        lead: a heading, a sentence before it, or the entry that it stands below; empty where there is none.
        line: where `lead` stands, or the first entry.
    """

    lead: str
    line: int
    entries: tuple[PolicyEntry, ...]


class PolicyText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A use policy.

    Attributes:
        source: the document, its revision where it was kept from a repository, and when it was read.
        more: entries that were left out because there are too many.
        text: the start of it, as it stands; hostile until it is shown with care.
        cut: whether there is more than `text`.
    """

    source: Source
    lists: tuple[PolicyList, ...]
    more: int = 0
    text: str = ""
    cut: bool = False

    @property
    def count(self) -> int:
        """How many entries its lists have."""
        return sum(len(one.entries) for one in self.lists)


def is_policy_file(name: str) -> bool:
    """Whether a file of that name is likely to hold a use policy."""
    return name.lower().startswith(_NAMES)


def policy_text(text: str, document: str, revision: str = "") -> PolicyText:
    """Returns the lists of a policy."""
    source = Source(
        kind=SourceKind.LICENCE_TEXT, document=document, revision=revision, read_at=now()
    )
    lists = list(_lists(text))
    kept: list[PolicyList] = []
    room = MOST_ENTRIES
    for one in lists[:MOST_LISTS]:
        kept.append(msgspec.structs.replace(one, entries=one.entries[:room]))
        room -= len(kept[-1].entries)
    total = sum(len(one.entries) for one in lists)
    return PolicyText(
        source=source,
        lists=tuple(one for one in kept if one.entries),
        more=total - sum(len(one.entries) for one in kept),
        text=text[:SHOWN],
        cut=len(text) > SHOWN,
    )


def _lists(text: str) -> Iterator[PolicyList]:
    """Yields each list with what leads to it; an entry that has a list of its own leads to that one."""
    before, above = ("", 0), None
    base: int | None = None
    entries: list[PolicyEntry] = []
    items = list(_items(text))
    for at, (line, indent, said) in enumerate(items):
        following = items[at + 1][1] if at + 1 < len(items) else None
        leads = indent is not None and following is not None and following > indent
        # The first entry may stand further in than those after it.
        base = min((one for one in (base, indent) if one is not None), default=None)
        is_outer = indent is None or indent == base
        if entries and (indent is None or (is_outer and (leads or above))):
            yield _list(above or before, entries)
            entries = []
        if indent is None:
            before, above, base = (said, line), None, None
        elif is_outer and leads:
            above = (said, line)
        else:
            above = None if is_outer else above
            entries.append(PolicyEntry(said, line))
    if entries:
        yield _list(above or before, entries)


def _list(lead: tuple[str, int], entries: list[PolicyEntry]) -> PolicyList:
    said, line = lead
    return PolicyList(lead=said, line=line or entries[0].line, entries=tuple(entries))


def _items(text: str) -> Iterator[tuple[int, int | None, str]]:
    """Yields line, depth and words of each line that says something; depth None for what is no entry."""
    for number, raw in enumerate(text.split("\n")[:LINES], 1):
        line = raw[:_LINE].expandtabs(4)
        found = _ITEM.match(line)
        said = _plain(found.group(2) if found else line)
        if said:
            yield number, len(found.group(1)) if found else None, said


def _plain(text: str) -> str:
    return shortened(" ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split()), _ENTRY_SHOWN)
