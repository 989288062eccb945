"""What was found, as rows: good first models, and results of a search."""

from dataclasses import dataclass
from datetime import datetime

from app.models_page.find.filters import Candidate
from app.models_page.find.first_models import FirstModel, checked_on, first_texts
from app.models_page.find.hub_tags import LicenceKind, Named, Said, licence_kind, read_tags
from app.models_page.fit import Need, Room, judge, need_of_parameters, need_of_size
from app.models_page.here.shelf import day_words
from app.models_page.table.open_cell import open_cell, open_column
from app.models_page.table.rows import Cell, Row, said_of
from app.models_page.table.table import Column
from app.words.fit import fit_icon, fit_words, sum_words
from app.words.quantities import bytes_in_words
from app.words.summary import parameters_in_words
from app.words.translation import translate
from inspector.licences.names import identify
from inspector.untrusted import shown
from runner.protocol.courier import Find

_LONGEST = 120
THOUSAND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A row's model: what the Hub said of it, or what the list of first models says."""

    repository: str
    said: Said
    need: Need | None
    gated: str = ""
    find: Find | None = None
    first: FirstModel | None = None
    is_here: bool = False

    def candidate(self, room: Room | None, opened: frozenset[str] = frozenset()) -> Candidate:
        """Returns what the filters look at; `opened` is what its card opens, where it was looked at."""
        parameters = self.first.parameters if self.first else self.said.parameters
        return Candidate(
            said=self.said,
            gated=self.gated,
            fit=judge(self.need, room),
            parameters=parameters,
            opened=opened,
        )


OPEN = 1
"""The column with fingerprints, which is left out while none of them is known."""


def result_columns() -> tuple[Column, ...]:
    """Returns the columns; those that can be missed go first where it is narrow."""
    return (
        Column(translate("Finds", "Model")),
        open_column(least=84),
        Column(translate("Finds", "Licence"), 17),
        Column(translate("Finds", "Size"), 12),
        Column(translate("Finds", "This machine"), 16, least=62),
        Column(translate("Finds", "Downloads"), 13, least=116),
        Column(translate("Finds", "Updated"), 15, least=128),
    )


def result_of_find(find: Find, here: frozenset[str] = frozenset()) -> Result:
    """Returns the result for what a search found."""
    said = read_tags(find.repository, find.tags, find.licence)
    need = need_of_parameters(said.parameters) if said.parameters else None
    return Result(
        repository=find.repository,
        said=said,
        need=need,
        gated=find.gated,
        find=find,
        is_here=find.repository in here,
    )


def result_of_first(first: FirstModel, here: frozenset[str] = frozenset()) -> Result:
    """Returns the result for a model of the list."""
    title, kind = licence_kind(first.licence)
    said = Said(
        licence=first.licence,
        licence_title=title,
        licence_kind=kind,
        languages=(),
        base_models=(first.base,),
        relation="",
        datasets=(),
        parameters=first.parameters,
    )
    need = need_of_size(first.bytes) if first.bytes else need_of_parameters(first.parameters)
    return Result(
        repository=first.repository,
        said=said,
        need=need,
        first=first,
        is_here=first.repository in here,
    )


def row_of(result: Result, room: Room | None, now: float, letters: str | None = None) -> Row:
    """Returns the row of a result; `letters` are its fingerprint's, None where nobody has looked."""
    cells = (
        _name(result),
        open_cell(
            letters, translate("Finds", "Opening its page looks at what the Hub shows of it.")
        ),
        _licence(result),
        _size(result),
        _fit(result, room),
        _count(result),
        _changed(result, now),
    )
    said = said_of([column.title for column in result_columns()], cells)
    return Row(key=result.repository, cells=cells, said=said, item=result)


# ---- the cells --------------------------------------------------------------------------------


def _name(result: Result) -> Cell:
    owner, _, name = result.repository.partition("/")
    title = result.first.name if result.first else name
    under = [shown(owner, 60)]
    if result.first:
        under = [result.first.maker, first_texts().places[result.first.place]]
    elif result.said.openness is Named.DATA:
        under.append(translate("Finds", "training data named"))
    if result.said.base_models and not result.first:
        base = result.said.base_models[0]
        if base.partition("/")[0] != owner:
            under.append(translate("Finds", "made of {base}").format(base=shown(base, 60)))
    icon, role = ("check", "accent") if result.is_here else ("models", "faint")
    tip = result.repository
    if result.is_here:
        under.insert(0, translate("Finds", "on this computer"))
    return Cell(shown(title, _LONGEST), " · ".join(under), icon=icon, role=role, tip=tip)


def _licence(result: Result) -> Cell:
    said = result.said
    if said.licence_kind is LicenceKind.UNKNOWN:
        tip = translate("Finds", "The repository states none to the Hub. Its card or files may.")
        return Cell(translate("Finds", "unknown"), tip=tip, faint=True)
    kinds = {
        LicenceKind.OSI: translate("Finds", "OSI-approved"),
        LicenceKind.CONDITIONS: translate("Finds", "own conditions"),
        LicenceKind.NO_COMMERCE: translate("Finds", "no commercial use"),
        LicenceKind.OTHER: translate("Finds", "not known to us"),
        LicenceKind.UNKNOWN: "",
    }
    source = (
        translate("Finds", "As this app's list of {day} has it.").format(day=checked_on())
        if result.first
        else translate("Finds", "As the repository states it to the Hub.")
    )
    tip = f"{said.licence_title}\n{source}"
    named = identify(said.licence)
    text = named.id.removeprefix("LicenseRef-") or shown(said.licence, 40)
    if result.gated:
        return Cell(text, translate("Finds", "access on request"), tip=tip)
    return Cell(text, kinds[said.licence_kind], tip=tip)


def _size(result: Result) -> Cell:
    first = result.first
    parameters = first.parameters if first else result.said.parameters
    if not parameters:
        tip = translate("Finds", "The name states no number. Opening the page settles it.")
        return Cell(translate("Finds", "unknown"), tip=tip, faint=True)
    words = parameters_in_words(parameters)
    if first:
        tip = translate("Finds", "As this app's list of {day} has it.").format(day=checked_on())
        return Cell(words, bytes_in_words(first.bytes) if first.bytes else "", tip=tip)
    # Whoever uploads a file names it: a number in a name is a claim, and no count.
    tip = translate(
        "Finds", "Parameters, as the name states them; nobody counted. Looking inside counts them."
    )
    return Cell(words, translate("Finds", "from its name"), tip=tip)


def _fit(result: Result, room: Room | None) -> Cell:
    level = judge(result.need, room)
    icon, role = fit_icon(level)
    under = ""
    if result.need is not None:
        about = translate("Finds", "about {size}")
        under = about.format(size=bytes_in_words(result.need.total))
    return Cell(fit_words(level), under, icon=icon, role=role, tip=sum_words(result.need, room))


def _count(result: Result) -> Cell:
    if result.find is None:
        return Cell("", tip=translate("Finds", "Only the Hub knows, and nobody asked it."))
    likes = translate("Finds", "{count} likes").format(count=_short(result.find.likes))
    tip = translate("Finds", "As the Hub counts: downloads of the last 30 days. Not users.")
    return Cell(_short(result.find.downloads), likes, tip=tip)


def _changed(result: Result, now: float) -> Cell:
    when = moment(result.find.changed) if result.find else None
    if when is None:
        return Cell("")
    return Cell(day_words(when, now), tip=translate("Finds", "As the Hub says."))


def moment(text: str) -> float | None:
    """Returns the Hub's way of writing a time in seconds; None where it is none."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _short(count: int) -> str:
    for size, sign in ((THOUSAND**2, "M"), (THOUSAND, "k")):
        if count >= size:
            return f"{count / size:.3g}\N{NO-BREAK SPACE}{sign}"
    return str(count)
