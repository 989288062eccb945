"""What a chat runs with: system prompt, sampling with its sources, seed."""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.chat.composer.preset_words import preset_title, source_words
from app.chat.running.conversation import InForce
from app.settings import shipped_presets
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.calm_wheel import CalmChoice, CalmDecimal, CalmNumber
from app.words.translation import translate
from runner.protocol.engine import Sampling

SAVE_MS = 400


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    tip: str
    least: float
    most: float
    step: float


def _fields() -> list[_Field]:
    say = translate
    return [
        _Field("temperature", say("Options", "Temperature"), say("Options", "0 always takes the likeliest token; higher gives unlikely ones a chance."), 0, 5, 0.1),
        _Field("top_k", say("Options", "Top-k"), say("Options", "How many of the likeliest tokens may be drawn; 0 for all."), 0, 1000, 1),
        _Field("top_p", say("Options", "Top-p"), say("Options", "The likeliest tokens that together have this probability may be drawn; 1 for all."), 0, 1, 0.05),
        _Field("min_p", say("Options", "Min-p"), say("Options", "Tokens less likely than this share of the likeliest one are never drawn."), 0, 1, 0.01),
        _Field("repeat_penalty", say("Options", "Repeat penalty"), say("Options", "Above 1, tokens that came lately become less likely."), 0.5, 3, 0.05),
    ]  # fmt: skip


class OptionsPanel(QFrame):
    """Shown above the composer; every change is in force for the next answer.

    Owned by: ChatPage. Thread: GUI.
    """

    system_changed = Signal(str)
    sampling_changed = Signal(object, str)
    """A Sampling of this chat's own, or None with the name of a preset."""
    seed_changed = Signal(object)
    preset_saved = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._presets: dict[str, Sampling] = {}
        self._sampling = Sampling()
        self._spins: dict[str, QSpinBox | QDoubleSpinBox] = {}
        self._sources: dict[str, QLabel] = {}
        set_look(self, Look.FLOATING)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Chat options"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SAVE_MS)
        self._later.timeout.connect(self._on_later)
        self._build()

    def _build(self) -> None:
        px = self._theme.px
        self._system = QPlainTextEdit()
        self._system.setAccessibleName(self.tr("System prompt"))
        self._system.setPlaceholderText(
            self.tr("None. What you write here stands before the whole chat.")
        )
        self._system.setTabChangesFocus(True)
        self._system.setFixedHeight(px("space_6") * 2)
        self._system.textChanged.connect(self._later.start)
        self._preset = CalmChoice()
        self._preset.setAccessibleName(self.tr("Preset"))
        self._preset.activated.connect(self._on_preset)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px("space_2"))
        grid.setVerticalSpacing(px("space_half"))
        grid.setColumnStretch(2, 1)
        for row, field in enumerate(_fields()):
            label = QLabel(field.label)
            spin = self._spin(field)
            source = QLabel()
            set_look(source, Look.SMALL)
            for widget in (label, spin):
                widget.setToolTip(field.tip)
            label.setBuddy(spin)
            grid.addWidget(label, row, 0)
            grid.addWidget(spin, row, 1)
            grid.addWidget(source, row, 2)
            self._spins[field.name], self._sources[field.name] = spin, source
        self._keeps_seed = QCheckBox(self.tr("Keep one seed"))
        self._keeps_seed.setToolTip(
            self.tr("Otherwise a new seed is drawn for each answer; Info shows it.")
        )
        self._seed = QLineEdit()
        self._seed.setAccessibleName(self.tr("Seed"))
        self._seed.setMaxLength(10)
        self._seed.setEnabled(False)
        self._keeps_seed.toggled.connect(self._on_seed)
        self._seed.textEdited.connect(self._on_seed)
        seed = QHBoxLayout()
        seed.addWidget(self._keeps_seed)
        seed.addWidget(self._seed, 1)
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("Name for these values"))
        self._name.setAccessibleName(self.tr("Name of the preset"))
        self._name.setMaxLength(60)
        self._save = QPushButton(self.tr("Save as preset"))
        self._save.setEnabled(False)
        self._name.textChanged.connect(self._on_name)
        self._save.clicked.connect(self._on_save)
        save = QHBoxLayout()
        save.addWidget(self._name, 1)
        save.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px("space_2"), px("space_2"), px("space_2"), px("space_2"))
        layout.setSpacing(px("space_1"))
        layout.addWidget(self._heading(self.tr("System prompt of this chat")))
        layout.addWidget(self._system)
        layout.addSpacing(px("space_1"))
        layout.addWidget(self._heading(self.tr("Sampling")))
        layout.addWidget(self._preset)
        layout.addLayout(grid)
        layout.addLayout(seed)
        layout.addLayout(save)
        self.setFixedWidth(px("inspector"))

    # ---- what is shown -----------------------------------------------------------------------

    def show_values(
        self,
        *,
        system: str,
        in_force: InForce,
        preset: str,
        default_preset: str,
        presets: dict[str, Sampling],
        seed: int | None,
    ) -> None:
        """Shows what is in force in the chat on show."""
        self._presets = presets
        self._sampling = in_force.sampling
        if self._system.toPlainText() != system:
            with QSignalBlocker(self._system):
                self._system.setPlainText(system)
        self._show_presets(preset, default_preset, own="chat" in in_force.sources.values())
        for name, spin in self._spins.items():
            with QSignalBlocker(spin):
                spin.setValue(getattr(in_force.sampling, name))
            self._sources[name].setText(source_words(in_force.sources[name]))
        with QSignalBlocker(self._keeps_seed):
            self._keeps_seed.setChecked(seed is not None)
        self._seed.setEnabled(seed is not None)
        if seed is not None and self._seed.text() != str(seed):
            self._seed.setText(str(seed))

    def open_above(self, widget: QWidget) -> None:
        """Opens so that its lower edge stands above `widget`."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, 0))
        top = corner.y() - self.height() - self._theme.px("space_1")
        self.move(corner.x(), max(0, top))
        self.show()
        self._system.setFocus()

    def _show_presets(self, preset: str, default_preset: str, *, own: bool) -> None:
        with QSignalBlocker(self._preset):
            self._preset.clear()
            default = (
                self.tr("As in Settings: {}").format(preset_title(default_preset))
                if default_preset
                else self.tr("As the file says, else the app's defaults")
            )
            self._preset.addItem(default, "")
            for name in self._presets:
                self._preset.addItem(preset_title(name), name)
            if own:
                self._preset.addItem(self.tr("This chat's own values"), None)
                self._preset.setCurrentIndex(self._preset.count() - 1)
            else:
                self._preset.setCurrentIndex(max(0, self._preset.findData(preset)))

    # ---- slots -------------------------------------------------------------------------------

    @Slot()
    def _on_later(self) -> None:
        self.system_changed.emit(self._system.toPlainText())

    @Slot(int)
    def _on_preset(self, index: int) -> None:
        name = self._preset.itemData(index)
        if name is not None:
            self.sampling_changed.emit(None, name)

    @Slot()
    def _on_value(self) -> None:
        values = {name: spin.value() for name, spin in self._spins.items()}
        self._sampling = msgspec.structs.replace(self._sampling, **values)
        self.sampling_changed.emit(self._sampling, "")

    @Slot()
    def _on_seed(self) -> None:
        keeps = self._keeps_seed.isChecked()
        self._seed.setEnabled(keeps)
        if not keeps:
            self.seed_changed.emit(None)
            return
        if not self._seed.text():
            self._seed.setText("42")
        text = self._seed.text()
        if text.isascii() and text.isdigit() and int(text) < 2**32:
            self.seed_changed.emit(int(text))

    @Slot(str)
    def _on_name(self, name: str) -> None:
        taken = name.strip() in shipped_presets()
        self._save.setEnabled(bool(name.strip()) and not taken)

    @Slot()
    def _on_save(self) -> None:
        self.preset_saved.emit(self._name.text().strip(), self._sampling)
        self._name.clear()

    def _spin(self, field: _Field) -> QSpinBox | QDoubleSpinBox:
        spin: QSpinBox | QDoubleSpinBox
        if isinstance(getattr(Sampling(), field.name), int):
            spin = CalmNumber()
            spin.setRange(int(field.least), int(field.most))
        else:
            spin = CalmDecimal()
            spin.setDecimals(2)
            spin.setSingleStep(field.step)
            spin.setRange(field.least, field.most)
        spin.setAccessibleName(field.label)
        spin.setAccessibleDescription(field.tip)
        spin.valueChanged.connect(self._on_value)
        return spin

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        set_look(label, Look.HEADING)
        return label
