"""What stands behind one tile: both values, where they belong, the facts, and why it matters."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.widgets.fact_row import FactRows
from app.words.openness import breakable, fact_line, openness_words, place_of, said_of
from app.words.translation import translate
from inspector.findings.stack import Part, stack
from inspector.frameworks.profile import Profile, Row
from inspector.frameworks.reasons import reasons


class EvidencePane(QWidget):
    """The evidence of the chosen part.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = _label(Look.HEADING)
        self._tip = _label(Look.SMALL)
        self._facts = FactRows(gap=theme.px("space_half"))
        self._why_words = _label(Look.SMALL)
        self._why = CollapsibleSection(
            theme, translate("EvidencePane", "Why openness of this matters"), self._why_words
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        for widget in (self._title, self._tip, self._facts, self._why):
            column.addWidget(widget)

    def show_part(self, key: str, profile: Profile) -> None:
        """Shows the evidence of one part of the profile."""
        row = next(one for one in profile.rows if one.part == key)
        part = stack().parts[key]
        words = openness_words()
        self._title.setText(f"{row.name}: {words.tile[row.tile.value]}")
        self._tip.setText(" ".join(filter(None, (part.tip, stack().groups[part.group].note))))
        self._facts.clear()
        for label, value, source in _lines(row, profile):
            self._facts.add(label, breakable(value), source)
        told = _why(part)
        self._why_words.setText(told)
        self._why.setVisible(bool(told))

    def text(self) -> str:
        """Returns the heading that is shown."""
        return self._title.text()

    def all_text(self) -> str:
        """Returns everything that is shown."""
        labels = [label for label in self.findChildren(QLabel) if not label.isHidden()]
        return "\n".join(label.text().replace("\u200b", "") for label in labels)


def _lines(row: Row, profile: Profile) -> Iterator[tuple[str, str, str]]:
    """Yields what is said of a part: label, value, and where it comes from."""
    words, finding = openness_words(), row.finding
    tr = translate
    source = "\n".join(place_of(one) for fact in finding.facts for one in fact.sources)
    yield tr("EvidencePane", "Found"), said_of(finding), source
    yield tr("EvidencePane", "Said of"), words.link[finding.link.value], source
    yield tr("EvidencePane", "How sure"), words.confidence[finding.confidence], source
    for fact in finding.facts:
        yield (
            tr("EvidencePane", "Evidence"),
            fact_line(fact),
            "\n".join(map(place_of, fact.sources)),
        )
    for item in profile.items:
        if item.part.startswith(f"{row.part}/"):
            yield stack().name(item.part), said_of(item), ""
    for review in profile.reviews:
        if review.part == row.part:
            said = f"{words.availability[review.availability.value]}: {review.reason}"
            yield (
                tr("EvidencePane", "A reviewer"),
                said,
                f"{review.author} {review.date} {review.source}",
            )
    if overlay := _overlay(stack().parts[row.part]):
        yield tr("EvidencePane", "In the MOF"), overlay, ""
    if row.ours:
        yield tr("EvidencePane", "Whose"), words.sentence["ours"], ""
    if row.settles:
        yield tr("EvidencePane", "What would settle it"), row.settles, ""


def _overlay(part: Part) -> str:
    """Names the items of the Model Openness Framework that lie on a part, by its paper's numbers."""
    return ", ".join(f"{stack().mof[str(number)]} ({number})" for number in part.mof)


def _why(part: Part) -> str:
    """Words the benefits of opening a part, and what speaks for and against its group."""
    told = [f"• {one}" for one in reasons().of_part(part)]
    group = reasons().of_group(part.group)
    if group is not None:
        for_it = translate("EvidencePane", "For opening {group}: {said}.")
        against = translate("EvidencePane", "Against: {said}.")
        told.append(for_it.format(group=group.title.lower(), said="; ".join(group.benefits)))
        told.append(against.format(said="; ".join(group.drawbacks)))
        source = translate(
            "EvidencePane",
            "Benefits: Columbia Convening 2024, Fig. 6. For and against: Mozilla 2024, annex. In our words.",
        )
        told.append(source)
    return "\n".join(told)


def _label(look: Look) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_look(label, look)
    return label
