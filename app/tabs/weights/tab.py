"""The Weights tab: metadata, tensors and template of the inspected file."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.tabs.look import ModelLook
from app.tabs.stage import Stage
from app.tabs.weights.metadata_view import MetadataView
from app.tabs.weights.template_view import TemplateView
from app.tabs.weights.tensor_view import TensorView
from app.widgets.segments import Segments
from app.words.quantities import count_in_words
from app.words.translation import translate
from inspector.inspection import Inspection


class WeightsTab(QWidget):
    """Shows everything that stands in the inspected file.

    Thread: GUI.
    """

    key = "weights"

    def __init__(self, context: AppContext, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = translate("WeightsTab", "Weights")
        self._look = look
        self._shown: Inspection | None = None
        self.metadata = MetadataView(context, look)
        self.tensors = TensorView(context, look)
        self.template = TemplateView(context, look)
        self._parts: dict[str, QWidget] = {
            "metadata": self.metadata,
            "tensors": self.tensors,
            "template": self.template,
        }
        self.choice = Segments(
            [
                ("metadata", self.tr("Metadata")),
                ("tensors", self.tr("Tensors")),
                ("template", self.tr("Template")),
            ],
            wraps=True,
        )
        self._stack = QStackedWidget()
        for part in self._parts.values():
            part.setMinimumSize(1, 1)
            self._stack.addWidget(part)
        self._build(context)
        self.choose("metadata")
        self.choice.chosen.connect(self.choose)
        look.changed.connect(self._refresh)

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    def show_model(self, ref: ModelRef | None) -> None:
        """Looks at this model from now on."""
        self._look.show(ref)
        self._refresh()

    def choose(self, key: str) -> None:
        """Shows one of metadata, tensors and template."""
        self.choice.choose(key)
        self._stack.setCurrentWidget(self._parts[key])
        if key == "template" and self._shown is not None:
            self.template.show_inspection(self._shown)

    def _build(self, context: AppContext) -> None:
        edge = context.theme.px("space_2")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(context.theme.px("space_1"))
        column.addWidget(self.choice)
        column.addWidget(self._stack, 1)
        self._stage = Stage(context.theme, content)
        self._stage.again_wanted.connect(self._look.read_again)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stage)

    def _refresh(self) -> None:
        look = self._look
        if look.error is not None:
            self._stage.fail(look.error)
        elif look.looked is not None:
            self._show(look.looked)
            self._stage.show_content()
        elif look.ref is not None:
            self._stage.wait(self.tr("Reading the header of {name}…").format(name=look.ref.name))

    def _show(self, looked: Inspection) -> None:
        before, self._shown = self._shown, looked
        if before is not None and _is_same_file(before, looked):
            return
        self.metadata.show_inspection(looked)
        self.tensors.show_inspection(looked)
        self.choice.set_title(
            "metadata",
            self.tr("Metadata · {count}").format(count=count_in_words(looked.metadata_total)),
        )
        self.choice.set_title(
            "tensors",
            self.tr("Tensors · {count}").format(count=count_in_words(looked.tensors_total)),
        )
        if self.choice.current() == "template":
            self.template.show_inspection(looked)


def _is_same_file(one: Inspection, other: Inspection) -> bool:
    """Whether two looks found the same, so that what a person has chosen may stay."""
    return (one.files, one.metadata, one.tensors) == (other.files, other.metadata, other.tensors)
