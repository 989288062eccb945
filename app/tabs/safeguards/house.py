"""House rules of the person's own: a list, and a line to add one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.calm_wheel import CalmChoice
from app.words.bench import bench_texts, rule_words
from inspector.safeguards.measure import HouseRule, RuleKind

MOST_RULES = 12


class HouseRules(QWidget):
    """Collects the rules that answers are looked through for.

    Thread: GUI.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rules: list[HouseRule] = []
        texts = bench_texts()
        self.kind = CalmChoice()
        for kind in RuleKind:
            self.kind.addItem(texts.rules[kind.value], kind.value)
        self.kind.setAccessibleName(texts.said["house"])
        self.value = QLineEdit()
        self.value.setAccessibleName(texts.said["rule_value"])
        self.value.setMaxLength(200)
        self.add = QPushButton(texts.said["add_rule"])
        self.add.setEnabled(False)
        self.add.clicked.connect(self._on_add)
        self.value.returnPressed.connect(self._on_add)
        self.value.textChanged.connect(self._on_typed)
        self.kind.currentIndexChanged.connect(self._on_typed)
        self._on_typed()
        line = QHBoxLayout()
        line.setSpacing(theme.px("space_half"))
        line.addWidget(self.kind)
        line.addWidget(self.value, 1)
        line.addWidget(self.add)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px("space_half"))
        column.addLayout(self._list)
        column.addLayout(line)

    @property
    def rules(self) -> tuple[HouseRule, ...]:
        """The rules, in their order."""
        return tuple(self._rules)

    def _typed(self) -> HouseRule:
        return HouseRule(RuleKind(self.kind.currentData()), self.value.text().strip())

    def take_typed(self) -> None:
        """Adds what stands in the line: whoever measures has meant it."""
        self._on_add()

    def _on_typed(self) -> None:
        is_number = self.kind.currentData() == RuleKind.WORDS.value
        said = bench_texts().said
        self.value.setPlaceholderText(said["rule_number" if is_number else "rule_words"])
        self.add.setEnabled(self._typed().is_sound and len(self._rules) < MOST_RULES)

    def _on_add(self) -> None:
        rule = self._typed()
        if not rule.is_sound or rule in self._rules or len(self._rules) >= MOST_RULES:
            return
        self._rules.append(rule)
        self._list.addWidget(self._row(rule))
        self.value.clear()
        self.changed.emit()

    def _row(self, rule: HouseRule) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(wrapping(rule_words(rule)), 1)
        drop = QToolButton()
        drop.setIcon(self._theme.icon("close"))
        drop.setToolTip(bench_texts().said["remove_rule"].format(rule=rule_words(rule)))
        drop.setAccessibleName(drop.toolTip())
        set_look(drop, Look.ICON)
        drop.clicked.connect(lambda: self._drop(rule, row))
        line.addWidget(drop)
        return row

    def _drop(self, rule: HouseRule, row: QWidget) -> None:
        self._rules.remove(rule)
        row.hide()
        row.deleteLater()
        self._on_typed()
        self.changed.emit()
