"""What stands beside the verdicts: the legend, disagreements, and what others published."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.flow_layout import FlowLayout
from app.words.openness import openness_words
from inspector.findings.fingerprint import Look as TileLook
from inspector.findings.fingerprint import looks
from inspector.frameworks.load import frameworks
from inspector.frameworks.profile import Profile


class _Glyph(QWidget):
    """One shape of the fingerprint, small."""

    def __init__(self, theme: Theme, look: TileLook) -> None:
        super().__init__()
        self._theme, self._look = theme, look
        side = theme.px("icon_small")
        self.setFixedSize(QSize(side, side))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the shape."""
        self._theme.icon(self._look.icon, self._look.role).paint(QPainter(self), self.rect())


def legend(theme: Theme) -> QWidget:
    """Returns the six shapes with their words."""
    line = QWidget()
    flow = FlowLayout(line, gap=theme.px("space_1"))
    words = openness_words().tile
    for tile, look in looks().items():
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px("space_half"))
        label = QLabel(words[tile.value])
        set_look(label, Look.SMALL)
        row.addWidget(_Glyph(theme, look))
        row.addWidget(label)
        flow.addWidget(pair)
    below = QLabel(f"\u2581 {openness_words().sentence['line_below']}")
    set_look(below, Look.SMALL)
    flow.addWidget(below)
    return line


def disagreement_words(shown: Profile) -> str:
    """Returns the sentences why frameworks disagree on what is shown."""
    titles = {one.id: one.short for one in frameworks()}
    told = []
    for one in shown.disagreements:
        says = [f"{titles[key]}: {said}" for key, said in one.says.items() if key in titles]
        told.append("\n".join([f"{one.title}. {one.why}", *(f"   {line}" for line in says)]))
    return "\n\n".join(told)


def rating_words(shown: Profile) -> str:
    """Returns published ratings with author, object, date and link, apart from our own reading."""
    words = openness_words()
    if not shown.ratings:
        return words.sentence["no_ratings"]
    return "\n".join(
        f"{one.author} on {one.object} ({words.rated[one.kind]}), {one.date}: {one.value}\n   {one.link}"
        for one in shown.ratings
    )
