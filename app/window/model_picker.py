"""The picker: the models on this machine, and what can be done with the loaded one."""

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.context import AppContext
from app.model.choose import choose_model
from app.model.ref import ModelRef
from app.widgets.plain_tip import plain_tip
from app.words.quantities import bytes_in_words
from runner.session import SessionState

MOST_SHOWN = 12


class ModelPicker(QMenu):
    """A menu, made anew each time it opens; all of it by keyboard."""

    find_wanted = Signal()
    """Somebody wants another model than those that are here."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setAccessibleName(self.tr("Models"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def open_below(self, button: QWidget) -> None:
        """Opens below `button`."""
        self.popup(button.mapToGlobal(QPoint(0, button.height())))

    def choose_file(self) -> None:
        """Asks for a GGUF file."""
        choose_model(self._context, self.parentWidget())

    def _fill(self) -> None:
        self.clear()
        models = self._context.models
        for ref in models.known()[:MOST_SHOWN]:
            self.addAction(self._model_action(ref))
        self.addSeparator()
        finding = self.addAction(self._context.theme.icon("search"), self.tr("Find a model…"))
        finding.triggered.connect(self.find_wanted)
        opening = self.addAction(self._context.theme.icon("folder"), self.tr("Open a GGUF file…"))
        opening.triggered.connect(self.choose_file)
        if models.state is SessionState.LOADING:
            self.addAction(self.tr("Stop loading")).triggered.connect(models.stop_loading)
        elif models.current is not None:
            if models.state is SessionState.FAILED:
                self.addAction(self.tr("Start the model again")).triggered.connect(models.restart)
            else:
                text = self.tr("Unload {name}").format(name=_plain(models.current.name))
                self.addAction(text).triggered.connect(models.unload)

    def _model_action(self, ref: ModelRef) -> QAction:
        models = self._context.models
        facts = [ref.quantisation, bytes_in_words(ref.size_bytes) if ref.size_bytes else ""]
        words = " · ".join(part for part in (ref.name, *facts) if part)
        words = _plain(words)
        current = models.current is not None and ref.path == models.current.path
        icon = self._context.theme.icon("check" if current else "models")
        action = QAction(icon, words, self)
        action.setToolTip(plain_tip(str(ref.path)))
        if current and models.loaded is not None:
            action.setText(self.tr("{model} (loaded)").format(model=words))
            # The way back for the inspector, which may look into another file.
            action.triggered.connect(partial(models.inspect, ref))
        else:
            action.triggered.connect(partial(models.open, ref.path))
        return action


def _plain(words: str) -> str:
    """Returns words that a menu shows as they are: an ampersand marks a key there."""
    return words.replace("&", "&&")
