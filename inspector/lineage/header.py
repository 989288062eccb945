"""What a header says of its file's origin. The spec's keys and the converter's are both read."""

import msgspec

from inspector.facts import Fact, Source, known, unknown
from inspector.gguf.model import GgufModel
from inspector.lineage.names import owner_only, repository

MOST = 64

_ADDRESSES = ("repo_url", "url", "doi")


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One model or data set that a source names.

    Attributes:
        name: what it is called; unknown where only an address stands there.
        facts: by key: `repository`, `organisation`, `version`, `url`, …
        sources: every place that says it.
        owner: an owner whose address stands where a repository's should.
    """

    name: Fact
    facts: dict[str, Fact]
    sources: tuple[Source, ...]
    owner: str = ""

    @property
    def repository(self) -> str:
        """`owner/name`; empty where nobody says."""
        fact = self.facts.get("repository")
        return fact.text if fact else ""

    @property
    def title(self) -> str:
        """The best name there is."""
        return self.repository or self.name.text


def described(model: GgufModel, field: str, names: tuple[str, ...] = ("name",)) -> Named | None:
    """Returns what the header says below `field`, such as `general.base_model.0`; None if nothing."""
    facts: dict[str, Fact] = {}
    sources: list[Source] = []
    owner = ""

    def take(key: str, fact: str) -> str:
        full = f"{field}.{key}"
        if value := model.metadata.text(full):
            source = model.source(full)
            sources.append(source)
            facts.setdefault(fact, known(value, source))
            return value
        return ""

    for key in names:
        take(key, "name")
    for key in ("author", "version", "description"):
        take(key, key)
    take("organization", "organisation")
    for key in _ADDRESSES:
        address = take(key, "address")
        if address and (found := repository(address)):
            facts.setdefault("repository", known(found, model.source(f"{field}.{key}")))
        elif address:
            owner = owner or owner_only(address)
    if not sources:
        return None
    name = facts.pop("name", None) or unknown("settle.name", sources)
    return Named(name=name, facts=facts, sources=tuple(sources), owner=owner)


def base_models(model: GgufModel) -> tuple[tuple[Named, ...], int]:
    """Returns the parents that the header names, and how many it promises (-1 if it says nothing)."""
    return _numbered(model, "general.base_model")


def datasets(model: GgufModel) -> tuple[Fact, ...]:
    """Returns the data sets that the header names, by the spec's key and by the converter's."""
    found = [
        known(one.title, *one.sources)
        for one in _numbered(model, "general.dataset")[0]
        if one.title
    ]
    key = "general.datasets"
    listed = model.metadata.texts(key, MOST) or ()
    found += [known(one, model.source(key)) for one in listed if one]
    return tuple(found)


def source_model(model: GgufModel) -> Named | None:
    """Returns the model that the file says it was converted from, by `general.source.*`."""
    named = described(model, "general.source")
    key = "general.source.huggingface.repository"
    if value := model.metadata.text(key):
        source = model.source(key)
        facts = dict(named.facts) if named else {}
        if found := repository(value):
            facts["repository"] = known(found, source)
        return Named(
            name=known(value, source),
            facts=facts,
            sources=(*(named.sources if named else ()), source),
        )
    return named


def tags(model: GgufModel) -> tuple[str, ...]:
    """Returns the header's tags; they are the card's, copied."""
    return model.metadata.texts("general.tags", 256) or ()


def _numbered(model: GgufModel, field: str) -> tuple[tuple[Named, ...], int]:
    promised = model.metadata.integer(f"{field}.count")
    numbers = sorted(
        {
            int(number)
            for key in model.metadata
            if key.startswith(f"{field}.")
            and (number := key[len(field) + 1 :].split(".", 1)[0]).isdecimal()
            and len(number) < 4
        }
    )
    found = [one for number in numbers[:MOST] if (one := described(model, f"{field}.{number}"))]
    return tuple(found), -1 if promised is None else promised
