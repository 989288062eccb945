"""The inspector's tabs, in their order. A tab that does not work yet is not listed.

A tab is a QWidget with `key`, `title` and `show_model(ref)`; it is told of every change of the
model that the inspector looks at, and reads nothing before it is first shown.
"""

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from app.context import AppContext, ModelRef


@runtime_checkable
class InspectorTab(Protocol):
    """What the inspector asks of a tab."""

    key: str
    title: str

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model from now on; None where there is none."""


def build_tabs(context: AppContext) -> list[QWidget]:
    """Returns the tabs, first to last; each is an `InspectorTab` too."""
    # Late, because the tabs' own modules need the names above.
    from app.tabs.look import ModelLook
    from app.tabs.summary.tab import SummaryTab
    from app.tabs.weights.tab import WeightsTab

    look = ModelLook(context, context.models)
    return [SummaryTab(context, look), WeightsTab(context, look)]
