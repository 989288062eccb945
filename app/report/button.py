"""The way to a report from the window; the dialog is made when it is wanted."""

from PySide6.QtWidgets import QToolButton, QWidget

from app.context import AppContext
from app.theme.looks import Look, set_look


class ReportButton(QToolButton):
    """Opens the dialog for the model that is inspected; hidden where there is no whole file.

    Thread: GUI.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setText(self.tr("Report…"))
        tip = self.tr(
            "Save a report on this model: a page to read, and a file that others can check"
        )
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        set_look(self, Look.LINK)
        self.clicked.connect(self._on_clicked)
        context.models.inspected_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        ref = self._context.models.inspected
        # Of a file on the Hub only the beginning is here; a report on it would compare with nothing.
        self.setVisible(ref is not None and not ref.fetched_bytes)

    def _on_clicked(self) -> None:
        from app.report.dialog import ReportDialog

        if (ref := self._context.models.inspected) is not None:
            ReportDialog(self._context, ref, self.window()).open()
