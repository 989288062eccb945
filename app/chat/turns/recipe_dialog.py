"""What an answer was made with, each value with where it was read."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.chat.composer.preset_words import preset_title
from app.chat.turns.turn_words import reason_words
from app.markdown.neutral import visible
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.dialog_column import size_on_screen
from app.widgets.fact_row import FactRows
from app.words.translation import translate
from runner.store.values import Turn

Row = tuple[str, str, str]


def recipe_rows(turn: Turn, sha256_since: str = "") -> list[Row]:
    """Returns label, value and source of everything that is recorded of a turn's latest run.

    Args:
        turn: whose.
        sha256_since: of its file, where it was worked out only later.
    """
    return [row for row in _rows(turn, sha256_since) if row[1]]


def _rows(turn: Turn, sha256_since: str) -> Iterator[Row]:
    recipe, counts = turn.recipe, turn.counts
    say = translate
    stored = say("Recipe", "Written down with the answer")
    told = say("Recipe", "Told by the engine when the answer ended")
    yield say("Recipe", "Model"), visible(recipe.model), stored
    yield say("Recipe", "File"), visible(recipe.file_name), stored
    yield (
        say("Recipe", "SHA-256 of the file"),
        recipe.file_sha256
        or sha256_since
        or say("Recipe", "not worked out yet when this was asked"),
        stored
        if recipe.file_sha256 or not sha256_since
        else say(
            "Recipe", "Worked out later, of a file that has not changed since before the answer"
        ),
    )
    yield say("Recipe", "Seed"), str(recipe.seed), stored
    if (sampling := recipe.sampling) is not None:
        values = (
            f"temperature {sampling.temperature:g}, top-k {sampling.top_k}, top-p {sampling.top_p:g}, "
            f"min-p {sampling.min_p:g}, repeat penalty {sampling.repeat_penalty:g}"
        )
        yield say("Recipe", "Sampling"), values, stored
    yield say("Recipe", "Preset"), preset_title(recipe.preset) if recipe.preset else "", stored
    template = {
        "file": say("Recipe", "from the file"),
        "none": say("Recipe", "none: the file has no template, so texts were joined as they are"),
    }
    yield say("Recipe", "Chat template"), template.get(recipe.template, recipe.template), stored
    yield say("Recipe", "SHA-256 of the template"), recipe.template_sha256, stored
    yield say("Recipe", "SHA-256 of the prompt"), recipe.prompt_sha256, told
    yield say("Recipe", "Evaluations of the prompt"), steps_line(recipe.splits), told
    build = ", ".join(f"{name} {version}" for name, version in recipe.engine_build.items())
    yield say("Recipe", "Engine"), visible(build), told
    layers = say("Recipe", "{} of {} layers").format(recipe.layers_offloaded, recipe.layers)
    yield say("Recipe", "On a GPU"), layers if recipe.layers else "", told
    yield say("Recipe", "Threads"), str(recipe.threads or ""), told
    yield say("Recipe", "Context"), f"{recipe.context:,}" if recipe.context else "", told
    if counts.prompt_tokens:
        prompt = say("Recipe", "{:,} tokens, {:,} of them kept from before, {:,} evaluated")
        yield (
            say("Recipe", "Prompt"),
            prompt.format(counts.prompt_tokens, counts.kept, counts.evaluated),
            told,
        )
    if counts.turns_left_out:
        yield say("Recipe", "Turns left out"), str(counts.turns_left_out), stored
    yield say("Recipe", "Answer"), f"{counts.tokens:,} tokens" if counts.tokens else "", told
    yield (
        say("Recipe", "First token"),
        f"{counts.first_token_s:.3f} s" if counts.first_token_s else "",
        told,
    )
    yield (
        say("Recipe", "Speed"),
        f"{counts.decode_tps:.1f} tokens/s" if counts.decode_tps else "",
        told,
    )
    yield say("Recipe", "Ended because"), reason_words(turn.reason) or turn.reason, told


def steps_line(splits: Sequence[int]) -> str:
    """Returns sizes of evaluations in a row, equal ones counted: `39, 48 × 1, 32`."""
    runs = [(size, len(list(same))) for size, same in groupby(splits)]
    return ", ".join(f"{size}" if count == 1 else f"{count} × {size}" for size, count in runs)


class RecipeDialog(QDialog):
    """The recipe of one answer, to read and to copy."""

    def __init__(
        self, theme: Theme, turn: Turn, parent: QWidget, *, sha256_since: str = ""
    ) -> None:
        super().__init__(parent)
        self._rows = recipe_rows(turn, sha256_since)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What this answer was made with"))
        px = theme.px
        title = QLabel(self.windowTitle())
        set_look(title, Look.HEADING)
        facts = FactRows(gap=px("space_1"))
        for label, value, source in self._rows:
            facts.add(label, value, source, mono=len(value) == 64 and value.isalnum())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(facts)
        note = QLabel(
            self.tr(
                "The same settings give the same answer only where the prompt is evaluated in the same steps."
            )
        )
        note.setWordWrap(True)
        set_look(note, Look.SMALL)
        copy = QPushButton(self.tr("Copy all"))
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px("space_3"), px("space_3"), px("space_3"), px("space_2"))
        layout.setSpacing(px("space_2"))
        layout.addWidget(title)
        layout.addWidget(area, 1)
        layout.addWidget(note)
        layout.addLayout(buttons)
        size_on_screen(self, px("reading") + px("space_6"), px("reading") * 3 // 4)
        copy.clicked.connect(self._on_copy)
        close.clicked.connect(self.accept)

    def _on_copy(self) -> None:
        text = "\n".join(f"{label}: {value}" for label, value, _ in self._rows)
        QGuiApplication.clipboard().setText(text)
