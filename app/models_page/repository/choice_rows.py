"""The files of a repository as rows: quantisation, bits a weight, size, fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models_page.fit import Need, Room, judge, need_of_size
from app.models_page.repository.grouping import Choice
from app.models_page.repository.standing import Standing
from app.models_page.table.rows import Cell, Row, said_of
from app.models_page.table.table import Column
from app.words.fit import fit_icon, fit_words, sum_words
from app.words.quantities import bytes_in_words
from app.words.translation import translate
from inspector.untrusted import shown

_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a repository's models beside their names.

    Attributes:
        parameters: of the model; None where nobody states them.
        is_counted: whether they were counted in a header, not read in a name.
        need: worked out from a header; another quantisation differs in its weights alone.
        header: bytes of that header, which every quantisation has and nobody loads.
        quantisations: as headers state them, by the path of a choice's first file.
    """

    parameters: float | None = None
    is_counted: bool = False
    need: Need | None = None
    header: int = 0
    quantisations: Mapping[str, str] = field(default_factory=dict)

    def need_of(self, choice: Choice) -> Need | None:
        """Returns what a choice needs; None for what nobody loads by itself."""
        if not choice.is_model:
            return None
        if self.need is None:
            return need_of_size(choice.size)
        return self.need.with_weights(max(0, choice.size - self.header))


def choice_columns() -> tuple[Column, ...]:
    """Returns the columns; those that can be missed go first where it is narrow."""
    return (
        Column(translate("Choices", "File")),
        Column(translate("Choices", "Quantisation"), 20),
        Column(translate("Choices", "Size"), 11),
        Column(translate("Choices", "This machine"), 17, least=60),
    )


def choice_row(choice: Choice, known: Known, room: Room | None, standing: Standing) -> Row:
    """Returns the row of a choice; `standing` says whether it is here or on its way."""
    cells = (
        _name(choice, standing.words),
        _quantisation(choice, known, standing),
        Cell(bytes_in_words(choice.size), tip=translate("Choices", "As the Hub lists it.")),
        _fit(choice, known, room),
    )
    said = said_of([column.title for column in choice_columns()], cells)
    return Row(key=choice.files[0].path, cells=cells, said=said, item=choice)


def _name(choice: Choice, state: str) -> Cell:
    under = [state] if state else []
    if len(choice.files) > 1:
        under.append(translate("Choices", "{count} files").format(count=len(choice.files)))
    if choice.missing:
        words = translate("Choices", "missing files of the set: {count}")
        under.append(words.format(count=choice.missing))
    if choice.is_projector:
        under.append(translate("Choices", "projector: adds pictures or sound to a model"))
    elif choice.is_matrix:
        under.append(translate("Choices", "importance matrix: made while quantising"))
    folder = choice.files[0].path.rpartition("/")[0]
    if folder:
        under.append(shown(folder, 60))
    icon, role = ("file", "faint") if choice.is_model else ("attach", "faint")
    if choice.missing:
        icon, role = "warning", "warning"
    tip = "\n".join(shown(file.path, _LONGEST) for file in choice.files[:12])
    return Cell(shown(choice.name, _LONGEST), " · ".join(under), icon=icon, role=role, tip=tip)


def _quantisation(choice: Choice, known: Known, standing: Standing) -> Cell:
    stated = standing.quantisation or known.quantisations.get(choice.files[0].path, "")
    if not stated and not choice.quantisation:
        tip = translate("Choices", "The name states none. Looking inside settles it.")
        return Cell(translate("Choices", "unknown"), tip=tip, faint=True)
    text = shown(stated, 40) or choice.quantisation
    said = translate("Choices", "from its name")
    tip = translate("Choices", "Source: the file's name. Looking inside settles it.")
    if stated:
        said = translate("Choices", "from its header")
        tip = translate("Choices", "Source: the file's header.")
        if choice.quantisation and choice.quantisation != stated.upper():
            said = translate("Choices", "its name says {name}").format(name=choice.quantisation)
    bits = choice.bits_per_weight(known.parameters)
    if bits is None:
        return Cell(text, said, tip=tip)
    if known.is_counted:
        words = translate("Choices", "{name} · {bits} bits")
        more = translate(
            "Choices", "Bits a weight: size divided by the parameters counted in the header."
        )
    else:
        words = translate("Choices", "{name} · about {bits} bits")
        more = translate(
            "Choices", "Bits a weight: size divided by the parameters that are stated."
        )
    return Cell(words.format(name=text, bits=f"{bits:.1f}"), said, tip=f"{tip}\n{more}")


def _fit(choice: Choice, known: Known, room: Room | None) -> Cell:
    need = known.need_of(choice)
    if need is None:
        return Cell("", tip=translate("Choices", "It is loaded with a model, never alone."))
    level = judge(need, room)
    icon, role = fit_icon(level)
    words = "{size}" if need.is_whole else translate("Choices", "about {size}")
    under = words.format(size=bytes_in_words(need.total))
    return Cell(fit_words(level), under, icon=icon, role=role, tip=sum_words(need, room))
