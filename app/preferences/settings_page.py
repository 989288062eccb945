"""The settings page: one column of sections, each setting with its sentence."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.context import AppContext
from app.model.ref import ModelRef
from app.preferences.about import about_facts
from app.preferences.backups import Backups, BackupSection
from app.preferences.desktop_section import DesktopSection
from app.preferences.fields import (
    NumberShape,
    choice_field,
    field_words,
    number_field,
    scale_field,
)
from app.preferences.models_section import ModelsSection
from app.preferences.setting_row import setting_row
from app.settings import Settings
from app.theme.looks import Look, set_look
from app.widgets.fact_row import FactRows
from runner.library import paths


class SettingsPage(QScrollArea):
    """Changes take effect at once, or say when they do."""

    key = "settings"
    title = "Settings"
    icon = "settings"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._settings = context.settings
        self._folder = context.settings.current.models.folder
        self.backups = Backups(context, self)
        self.setAccessibleName(self.tr("Settings"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self, Look.READING)
        self._fill()
        context.theme.changed.connect(self.refresh)
        context.settings.listen(self._on_settings)
        context.models.current_changed.connect(self._on_model)

    def _fill(self) -> None:
        """Makes the page anew; used once, and again after a change of the text size."""
        theme = self._context.theme
        page = QWidget()
        self._column = QVBoxLayout(page)
        edge = theme.px("space_4")
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(theme.px("space_2"))
        page.setMaximumWidth(theme.px("reading") + 2 * edge)
        heading = QLabel(self.tr("Settings"))
        set_look(heading, Look.TITLE)
        self._column.addWidget(heading)
        self._section(self.tr("Appearance"))
        self._add("appearance.theme", choice_field(self._settings))
        self._add("appearance.text_scale", scale_field(self._settings))
        self._section(self.tr("Running a model"))
        self._numbers()
        self._section(self.tr("Models and the Hub"))
        models = ModelsSection(self._context)
        models.changed.connect(self.refresh)
        self._column.addWidget(models)
        self._section(self.tr("Desktop"))
        desktop = DesktopSection(self._context)
        desktop.changed.connect(self.refresh)
        self._column.addWidget(desktop)
        self._section(self.tr("Backup"))
        self._column.addWidget(BackupSection(self._context, self.backups))
        self._section(self.tr("Folders"))
        self._folders()
        self._section(self.tr("About"))
        self._about()
        self._column.addStretch(1)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(page, 8)
        row.addStretch(1)
        self.setWidget(holder)
        self.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)

    def _numbers(self) -> None:
        automatic = self.tr("Automatic")
        shapes = {
            "threads": NumberShape(least=0, most=256, step=1, automatic=automatic),
            "context": NumberShape(least=0, most=1_048_576, step=1024, automatic=automatic),
            "gpu_layers": NumberShape(least=-1, most=999, step=1, automatic=automatic),
        }
        for name, shape in shapes.items():
            self._add(f"running.{name}", number_field(self._settings, "running", name, shape))
        later = QLabel(self.tr("These take effect when a model is loaded next."))
        set_look(later, Look.SMALL)
        line = QHBoxLayout()
        line.addWidget(later, 1)
        again = QPushButton(self.tr("Load the model again"))
        again.setEnabled(self._context.models.current is not None)
        again.clicked.connect(self._context.models.restart)
        self._again = again
        line.addWidget(again)
        self._column.addLayout(line)

    def _folders(self) -> None:
        rows = FactRows()
        source = self.tr("Source: the system's folders for this person, as this app was started.")
        rows.add(self.tr("Chats"), str(paths.database_file()), source, mono=True)
        rows.add(self.tr("Settings"), str(paths.settings_file()), source, mono=True)
        rows.add(self.tr("Reports of crashes"), str(paths.state_folder()), source, mono=True)
        self._column.addWidget(rows)

    def _about(self) -> None:
        rows = FactRows()
        for fact in about_facts():
            rows.add(fact.label, fact.value, fact.source)
        self._column.addWidget(rows)

    def _section(self, title: str) -> None:
        label = QLabel(title)
        set_look(label, Look.HEADING)
        label.setContentsMargins(0, self._context.theme.px("space_3"), 0, 0)
        self._column.addWidget(label)
        rule = QWidget()
        rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(rule, Look.RULE)
        self._column.addWidget(rule)

    def _add(self, key: str, control: QWidget) -> None:
        words = field_words(key)
        row = setting_row(self._context.theme, words.title, words.meaning, control)
        self._column.addLayout(row)

    def _on_model(self, ref: ModelRef | None) -> None:
        self._again.setEnabled(ref is not None)

    def _on_settings(self, now: Settings) -> None:
        if now.models.folder != self._folder:
            self._folder = now.models.folder
            self.refresh()

    def refresh(self) -> None:
        """Makes the page anew and keeps the place: spacing follows the text size, words the facts."""
        place = self.verticalScrollBar().value()
        self._fill()
        self.verticalScrollBar().setValue(place)
