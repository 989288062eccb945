"""Joins what header, card, names and tensors say into one graph, and says what is doubtful.

Almost all of it is copied from a card by a converter, so a link is what somebody says. A doubt is
added where two places differ, where a name and the numbers in the file differ, or where what
stands there can't be what the key is for.
"""

from collections.abc import Iterator
from pathlib import PurePath

from inspector.cards.values import Card
from inspector.facts import Fact, Source, SourceKind, known, unknown
from inspector.gguf.model import GgufModel, ModelKind
from inspector.lineage import header
from inspector.lineage.card import CardParents, card_parents
from inspector.lineage.header import Named
from inspector.lineage.names import cached_repository, family, hints, parameters, stem, words
from inspector.lineage.subject import NOT_OF_IT, named_nowhere
from inspector.lineage.values import Doubt, Lineage, LineageLink, Place, PlaceNode, Relation

FILE, QUANTISER, END = "file", "quantiser", "end"

_PLAIN_TYPES = frozenset({0, 1, 32})
"""`general.file_type` of files that hold the numbers as they were trained: F32, F16, BF16."""

_SIZE_DIFFERS = 0.35
_END_FACTS = {
    "organisation": "general.organization",
    "author": "general.author",
    "version": "general.version",
    "finetune": "general.finetune",
    "basename": "general.basename",
    "size": "general.size_label",
}


def lineage(model: GgufModel, card: Card | None = None, path: str = "") -> Lineage:
    """Returns the lineage of a file.

    Args:
        model: the file.
        card: the card that lies beside it, if there is one.
        path: where the file lies; folders of the Hub's cache name its repository.
    """
    return _Builder(model, card, path).build()


def is_anothers(model: GgufModel, card: Card, path: str = "") -> bool:
    """Whether a card is said to name another model than the file; nothing in it counts as the file's then."""
    return any(one.code in NOT_OF_IT for one in lineage(model, card, path).doubts)


class _Builder:
    def __init__(self, model: GgufModel, card: Card | None, path: str) -> None:
        self.model = model
        self.card = card
        self.said = card_parents(card) if card else None
        self.parents, self.promised = header.base_models(model)
        self.folder = cached_repository(PurePath(path).parts) if path else ""
        self.doubts: list[Doubt] = []

    def build(self) -> Lineage:
        file, quantiser, end = self._file(), self._quantiser(), self._end()
        bases = list(self._bases(end))
        links = [
            LineageLink(
                child=FILE,
                parent=QUANTISER,
                relation=self._made(),
                stated=quantiser.name.is_known,
                sources=quantiser.name.sources,
            ),
            self._from_end(end),
            *(link for _, link in bases),
        ]
        if self.card and (
            doubt := named_nowhere(self.card, self._header(), self._names(end, bases))
        ):
            self.doubts.append(doubt)
        named = list(self.said.datasets) if self.said else []
        datasets = [
            *header.datasets(self.model),
            *(known(one.title, *one.sources) for one in named if one.title),
        ]
        return Lineage(
            nodes=(file, quantiser, end, *(node for node, _ in bases)),
            links=tuple(links),
            doubts=tuple(self.doubts),
            datasets=_joined(datasets),
        )

    def _header(self) -> Iterator[str]:
        """What the header calls the model."""
        for key in ("name", "basename"):
            yield self.model.metadata.text(f"general.{key}") or ""

    def _names(self, end: PlaceNode, bases: list[tuple[PlaceNode, LineageLink]]) -> Iterator[str]:
        """What the model may be called besides: by file and folder, by its parents."""
        yield self.model.name
        for node in (end, *(node for node, _ in bases)):
            yield node.repository
            yield node.name.text if node.place is Place.BASE_MODEL else ""
        yield self.folder

    def _made(self) -> Relation:
        """What was done to make the file, by the type that it says it has."""
        kind = self.model.metadata.integer("general.file_type")
        if kind is None:
            return Relation.UNKNOWN
        return Relation.CONVERTED if kind in _PLAIN_TYPES else Relation.QUANTISED

    def _file(self) -> PlaceNode:
        place = Source(
            kind=SourceKind.MEASURED, document=self.model.name, read_at=self.model.read_at
        )
        facts: dict[str, Fact] = {}
        if self.folder:
            folder = Source(
                kind=SourceKind.REPOSITORY, document=self.folder, where="folder of the Hub's cache"
            )
            facts["repository"] = known(self.folder, folder)
        matrix = self.model.metadata.text("quantize.imatrix.dataset")
        if matrix:
            key = "quantize.imatrix.dataset"
            facts["importance"] = known(PurePath(matrix).name, self.model.source(key))
        return PlaceNode(id=FILE, place=Place.FILE, name=known(self.model.name, place), facts=facts)

    def _quantiser(self) -> PlaceNode:
        key = "general.quantized_by"
        if value := self.model.metadata.text(key):
            name = known(value, self.model.source(key))
        elif self.card and (field := self.card.front.first("quantized_by")):
            from inspector.lineage.card import source

            name = known(str(field.value), source(self.card, field))
        else:
            name = unknown("settle.quantised_by", (self.model.source(key),))
        return PlaceNode(id=QUANTISER, place=Place.QUANTISER, name=name)

    def _end(self) -> PlaceNode:
        """The model that was turned into this file."""
        model = self.model
        facts: dict[str, Fact] = {}
        for fact, key in _END_FACTS.items():
            if value := model.metadata.text(key):
                facts[fact] = known(value, model.source(key))
        name_key = "general.name"
        title = model.metadata.text(name_key)
        name = known(title, model.source(name_key)) if title else None
        if stated := self._stated_end():
            facts |= {key: fact for key, fact in stated.facts.items() if key not in facts}
            name = name or (stated.name if stated.name.is_known else None)
        own = header.described(model, "general")
        if own and "repository" in own.facts:
            facts.setdefault("repository", own.facts["repository"])
        if title and (itself := self._named_like(title)):
            facts |= {key: fact for key, fact in itself.facts.items() if key not in facts}
        if license_id := model.metadata.text("general.license"):
            facts["licence"] = known(license_id, model.source("general.license"))
        return PlaceNode(
            id=END,
            place=Place.END_MODEL,
            name=name or unknown("settle.name", (model.source(name_key),)),
            facts=facts,
        )

    def _named_like(self, title: str) -> Named | None:
        """Returns the parent that is the end model itself, by its name."""
        if self.model.kind is ModelKind.ADAPTER:
            return None
        named = (*self.parents, *(self.said.parents if self.said else ()))
        return next(
            (one for one in named if one.repository and stem(one.title) == stem(title)), None
        )

    def _stated_end(self) -> Named | None:
        """The end model by another's word: `general.source.*`, or a quantiser's card."""
        if self._card_is_the_quantisers() and self.said and len(self.said.parents) == 1:
            return self.said.parents[0]
        return header.source_model(self.model)

    def _card_is_the_quantisers(self) -> bool:
        """Whether the card is of the repository with the file, not of the model in it."""
        if self.said is None or not self.said.parents:
            return False
        if self.said.relation is not Relation.UNKNOWN:
            return self.said.relation is Relation.QUANTISED
        # A card beside a GGUF, with one parent and no relation: the Hub guesses the same. One that
        # names its quantiser is the quantiser's; the model's own makers quantise, but do not say so.
        is_of_files = "gguf" in {tag.lower() for tag in self.said.tags} or (
            self.card is not None and self.card.front.first("quantized_by") is not None
        )
        if len(self.said.parents) != 1 or not is_of_files:
            return False
        # Quantising keeps the numbers: a parent whose name contradicts them was not what was quantised.
        return not self._numbers(self.said.parents[0].title)

    def _from_end(self, end: PlaceNode) -> LineageLink:
        doubts = [Doubt("lineage.no_commit")]
        sources = [*end.name.sources]
        stated = self._stated_end()
        if stated is not None:
            sources += [one for one in stated.sources if one not in sources]
            if stated.title and end.name.is_known and not _alike(stated.title, end.name.text):
                doubts.append(
                    Doubt("lineage.names_differ", {"one": end.name.text, "other": stated.title})
                )
        own = header.described(self.model, "general")
        if own and own.owner:
            doubts.append(Doubt("lineage.owner_only", {"owner": own.owner}))
        if self._card_is_the_quantisers() and self.said and self.said.relation is Relation.UNKNOWN:
            doubts.append(Doubt("lineage.relation_guessed"))
        doubts += self._numbers(end.name.text)
        return LineageLink(
            child=QUANTISER,
            parent=END,
            relation=self._made(),
            stated=end.name.is_known,
            sources=tuple(sources),
            doubts=tuple(doubts),
        )

    def _bases(self, end: PlaceNode) -> Iterator[tuple[PlaceNode, LineageLink]]:
        named = list(self.parents)
        if self.promised >= 0 and self.promised != len(named):
            self.doubts.append(
                Doubt("lineage.count", {"promised": self.promised, "found": len(named)})
            )
        named = self._without_the_end_itself(named, end)
        named = self._without_the_end_itself(self._with_the_cards(named), end)
        if not named:
            place = unknown("settle.base_models", self._searched())
            node = PlaceNode(id="base.0", place=Place.BASE_MODEL, name=place)
            link = LineageLink(
                child=END,
                parent="base.0",
                relation=Relation.UNKNOWN,
                stated=False,
                doubts=self._hints(0),
            )
            yield node, link
            return
        # Two places that name one parent each disagree; only one that names several tells of a merge.
        several = max(len(self.parents), len(self.said.parents) if self.said else 0)
        relation = self._relation(min(several, len(named)))
        for number, parent in enumerate(named):
            node = PlaceNode(
                id=f"base.{number}", place=Place.BASE_MODEL, name=parent.name, facts=parent.facts
            )
            doubts = [
                *self._numbers(parent.title),
                *self._hints(len(named)),
                *self._guessed(relation),
            ]
            if parent.owner:
                doubts.append(Doubt("lineage.owner_only", {"owner": parent.owner}))
            if all(one.kind is SourceKind.HEADER for one in parent.sources):
                doubts.append(Doubt("lineage.copied"))
            yield (
                node,
                LineageLink(
                    child=END,
                    parent=node.id,
                    relation=relation,
                    stated=True,
                    sources=parent.sources,
                    doubts=tuple(doubts),
                ),
            )

    def _without_the_end_itself(self, named: list[Named], end: PlaceNode) -> list[Named]:
        """Leaves out parents that are the end model: a converter was run with a quantiser's card."""
        stated = self._stated_end()
        own = {stem(one) for one in (stated.title if stated else "", end.repository) if one}
        if end.name.is_known and self.model.kind is not ModelKind.ADAPTER:
            # A quantiser's own tools write the model that they quantised down as its base.
            own.add(stem(end.name.text))
        kept = [one for one in named if not (one.title and stem(one.title) in own)]
        places = {source.kind for one in named if one not in kept for source in one.sources}
        code = "end_as_base" if SourceKind.HEADER in places else "end_as_base_by_card"
        doubt = Doubt(f"lineage.{code}", {"name": end.name.text or end.repository})
        if len(kept) < len(named) and doubt not in self.doubts:
            self.doubts.append(doubt)
        return kept

    def _with_the_cards(self, named: list[Named]) -> list[Named]:
        """Joins the card's parents of the end model with the header's."""
        said: CardParents | None = None if self._card_is_the_quantisers() else self.said
        if said is None or not said.parents:
            return named
        if not named:
            return list(said.parents)
        joined = []
        left = list(said.parents)
        for one in named:
            match = next((other for other in left if _alike(one.title, other.title)), None)
            if match is None:
                joined.append(one)
                continue
            left.remove(match)
            joined.append(
                Named(
                    name=one.name,
                    facts={**match.facts, **one.facts},
                    sources=one.sources + match.sources,
                )
            )
        if left or any(one in named for one in joined):
            self.doubts.append(
                Doubt(
                    "lineage.parents_differ",
                    {
                        "header": ", ".join(one.title for one in named)[:300],
                        "card": ", ".join(one.title for one in said.parents)[:300],
                    },
                )
            )
        return joined + left

    def _relation(self, number: int) -> Relation:
        if self.model.kind is ModelKind.ADAPTER:
            return Relation.ADAPTER
        if self.said and self.said.relation not in {Relation.UNKNOWN, Relation.QUANTISED}:
            return self.said.relation
        if number > 1 or self._words() & hints().merge:
            return Relation.MERGED
        finetune = self.model.metadata.text("general.finetune")
        return Relation.FINETUNED if finetune else Relation.UNKNOWN

    def _guessed(self, relation: Relation) -> Iterator[Doubt]:
        """A header's `finetune` is cut from a name by the converter: it does not say of what."""
        stated = self.said.relation if self.said else Relation.UNKNOWN
        if relation is Relation.FINETUNED and stated is not relation:
            value = self.model.metadata.text("general.finetune") or ""
            yield Doubt("lineage.finetune_guessed", {"value": value[:120]})

    def _words(self) -> frozenset[str]:
        every = [self.model.metadata.text(f"general.{key}") or "" for key in ("name", "finetune")]
        every += [*header.tags(self.model), *(self.said.tags if self.said else ()), self.folder]
        return frozenset().union(*(words(one) for one in every))

    def _hints(self, number: int) -> tuple[Doubt, ...]:
        """Words in names that tell more of the lineage than is stated."""
        found = []
        known_words = self._words()
        if number < 2 and (merge := sorted(known_words & hints().merge)):
            found.append(Doubt("lineage.merge_hint", {"word": merge[0]}))
        if self.model.kind is not ModelKind.ADAPTER and (
            one := sorted(known_words & hints().adapter)
        ):
            found.append(Doubt("lineage.adapter_hint", {"word": one[0]}))
        if removed := sorted(known_words & hints().removed):
            found.append(Doubt("lineage.removed_hint", {"word": removed[0]}))
        return tuple(found)

    def _numbers(self, name: str) -> list[Doubt]:
        """A name that the file's own numbers contradict: size and architecture."""
        found = []
        stated, counted = parameters(name), sum(one.elements for one in self.model.tensors)
        # An adapter or a projector is a small part of what its parent's name counts.
        whole = self.model.kind in {ModelKind.CHAT, ModelKind.EMBEDDING}
        if stated and counted and whole and abs(counted - stated) > _SIZE_DIFFERS * stated:
            found.append(
                Doubt("lineage.size_differs", {"name": name[:120], "counted": f"{counted:,}"})
            )
        expected, architecture = family(name), self.model.architecture
        if expected and architecture and architecture not in expected:
            found.append(
                Doubt(
                    "lineage.architecture_differs", {"name": name[:120], "found": architecture[:60]}
                )
            )
        return found

    def _searched(self) -> tuple[Source, ...]:
        places = [self.model.source("general.base_model.count")]
        if self.card:
            places.append(
                Source(
                    kind=SourceKind.FRONT_MATTER,
                    document=self.card.document,
                    where="base_model",
                    read_at=self.card.read_at,
                )
            )
        return tuple(places)


def _alike(one: str, other: str) -> bool:
    a, b = stem(one), stem(other)
    return bool(a and b) and (a == b or a.endswith(b) or b.endswith(a))


def _joined(facts: list[Fact]) -> tuple[Fact, ...]:
    """Returns facts with the same value as one fact with all sources."""
    found: dict[str, Fact] = {}
    for fact in facts:
        before = found.get(fact.text)
        found[fact.text] = known(fact.text, *(before.sources if before else ()), *fact.sources)
    return tuple(found.values())
