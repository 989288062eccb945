"""What the page of a repository says in its head, each with its source. Knows no Qt widgets."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models_page.find.finds import moment
from app.models_page.find.hub_tags import LicenceKind, Said, read_tags
from app.models_page.here.shelf import day_words
from app.models_page.hub.hub_memory import Listed
from app.models_page.repository.choice_rows import Known
from app.words.quantities import bytes_in_words, count_in_words
from app.words.translation import translate
from inspector.untrusted import shown
from runner.protocol.courier import RemoteFile

_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFact:
    """A label, a value, and where the value is from."""

    label: str
    value: str
    source: str


def facts_of(listed: Listed, now: float) -> tuple[HeadFact, ...]:
    """Returns what the head of the page says."""
    said = said_of(listed)
    repository = listed.repository
    seen = translate("Repository", "Source: the Hub's answer of {day}, commit {commit}.").format(
        day=day_words(listed.seen, now), commit=repository.commit[:12]
    )
    owner = shown(repository.repository.partition("/")[0], 80)
    facts = [
        HeadFact(label=translate("Repository", "Made by"), value=_maker(owner, said), source=seen),
        HeadFact(label=translate("Repository", "Licence"), value=_licence(said), source=seen),
    ]
    if repository.gated:
        value = translate(
            "Repository",
            "on request: the publisher asks you to accept terms on the Hub's page first",
        )
        facts.append(HeadFact(label=translate("Repository", "Access"), value=value, source=seen))
    facts.append(
        HeadFact(label=translate("Repository", "Listed"), value=_listed(listed, now), source=seen)
    )
    return tuple(facts)


def said_of(listed: Listed) -> Said:
    """Returns what the repository's tags say."""
    repository = listed.repository
    return read_tags(repository.repository, repository.tags, repository.licence)


def known_of(listed: Listed) -> Known:
    """Returns what is known of the models without a look inside."""
    counted = listed.repository.gguf.parameters
    return Known(parameters=counted or said_of(listed).parameters)


def files_text(files: Sequence[RemoteFile]) -> str:
    """Returns every file with its size and hash, a line each."""
    lines = []
    for file in files:
        name = shown(file.path, 200)
        digest = f"sha256 {file.sha256}" if file.sha256 else f"git {file.blob}"
        lines.append(f"{bytes_in_words(file.size):>9}  {name}\n{'':>11}{digest}")
    return "\n".join(lines)


def _maker(owner: str, said: Said) -> str:
    bases = ", ".join(shown(base, 80) for base in said.base_models[:4])
    if not bases:
        return translate("Repository", "{owner}; what it was made of is not stated").format(
            owner=owner
        )
    words = {
        "quantized": translate("Repository", "quantised by {owner}, from {bases}"),
        "finetune": translate("Repository", "fine-tuned by {owner}, from {bases}"),
        "merge": translate("Repository", "merged by {owner}, from {bases}"),
        "adapter": translate("Repository", "adapter by {owner}, for {bases}"),
    }
    unsaid = translate("Repository", "{owner}, from {bases}")
    told = words.get(said.relation, unsaid).format(owner=owner, bases=bases)
    return translate("Repository", "{told} (stated, not checked)").format(told=told)


def _licence(said: Said) -> str:
    if said.licence_kind is LicenceKind.UNKNOWN:
        return translate("Repository", "unknown: the repository states none to the Hub")
    kinds = {
        LicenceKind.OSI: translate("Repository", "on the Open Source Initiative's list"),
        LicenceKind.CONDITIONS: translate("Repository", "with conditions of its own"),
        LicenceKind.NO_COMMERCE: translate("Repository", "forbids commercial use"),
        LicenceKind.OTHER: translate("Repository", "not known to us; read its text"),
    }
    title = shown(said.licence_title or said.licence, _LONGEST)
    # A label is what somebody chose from a list; which text lies in the repository is another fact.
    told = translate("Repository", "{title}, by its label · {kind}")
    return told.format(title=title, kind=kinds[said.licence_kind])


def _listed(listed: Listed, now: float) -> str:
    repository = listed.repository
    day = day_words(listed.seen, now)
    parts = [translate("Repository", "seen {day}").format(day=day)]
    changed = moment(repository.changed)
    if changed is not None:
        words = translate("Repository", "changed {day}")
        parts.append(words.format(day=day_words(changed, now)))
    words = translate("Repository", "{count} downloads in 30 days")
    parts.append(words.format(count=count_in_words(repository.downloads)))
    return " · ".join(parts)
