"""A use policy that lies beside the file: its lists as they stand, folded until somebody wants to read them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.tabs.licence.statements import wrapping
from app.theme.looks import Look, set_look
from app.theme.theme import Theme
from app.widgets.collapsible import CollapsibleSection
from app.words.licence import PolicyRow


class PolicyView(CollapsibleSection):
    """One policy: what leads to each list, its entries with their lines.

    Thread: GUI.
    """

    def __init__(self, theme: Theme, policy: PolicyRow) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px("space_3"), 0, 0, theme.px("space_1"))
        column.setSpacing(theme.px("space_half"))
        for lead, entries in policy.lists:
            column.addWidget(wrapping(lead))
            told = wrapping("\n".join(f"• {entry}" for entry in entries))
            set_look(told, Look.FAINT)
            column.addWidget(told)
        for line in (policy.note, policy.source):
            small = wrapping(line)
            set_look(small, Look.SMALL)
            column.addWidget(small)
        super().__init__(theme, policy.title, body)
