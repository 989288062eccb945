"""The inspector's tabs, in their order. A tab that does not work yet is not listed.

A tab is a QWidget with `key`, `title` and `show_model(ref)`. It is made when it is first seen, so
that a start imports none of them, and told of a model only while it is seen.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.model.ref import ModelRef
from app.words.translation import translate

if TYPE_CHECKING:
    from app.tabs.dossier_look import DossierLook
    from app.tabs.look import ModelLook


@runtime_checkable
class InspectorTab(Protocol):
    """What the inspector asks of a tab."""

    key: str
    title: str

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model from now on; None where there is none."""


class TabSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A tab of the inspector; `build` makes it, and what it makes is an `InspectorTab` too."""

    key: str
    title: str
    build: Callable[[], QWidget]


def build_tabs(context: AppContext) -> list[TabSpec]:
    """Returns the tabs, first to last; they share one look at the model."""

    @cache
    def look() -> "ModelLook":
        from app.tabs.look import ModelLook

        return ModelLook(context, context.models)

    @cache
    def dossier() -> "DossierLook":
        from app.tabs.dossier_look import DossierLook

        return DossierLook(context)

    def summary() -> QWidget:
        from app.tabs.summary.tab import SummaryTab

        return SummaryTab(context, look(), dossier())

    def card() -> QWidget:
        from app.tabs.card.tab import CardTab

        return CardTab(context, dossier())

    def licence() -> QWidget:
        from app.tabs.licence.tab import LicenceTab

        return LicenceTab(context)

    def safeguards() -> QWidget:
        from app.tabs.safeguards.tab import SafeguardsTab

        return SafeguardsTab(context)

    def openness() -> QWidget:
        from app.tabs.openness.tab import OpennessTab

        return OpennessTab(context)

    def weights() -> QWidget:
        from app.tabs.weights.tab import WeightsTab

        return WeightsTab(context, look())

    def monitor() -> QWidget:
        from app.tabs.monitor.tab import MonitorTab

        return MonitorTab(context)

    return [
        TabSpec(key="summary", title=translate("Tabs", "Summary"), build=summary),
        TabSpec(key="card", title=translate("Tabs", "Card"), build=card),
        TabSpec(key="licence", title=translate("Tabs", "Licence"), build=licence),
        TabSpec(key="safeguards", title=translate("Tabs", "Safeguards"), build=safeguards),
        TabSpec(key="openness", title=translate("Tabs", "Openness"), build=openness),
        TabSpec(key="weights", title=translate("Tabs", "Weights"), build=weights),
        TabSpec(key="monitor", title=translate("Tabs", "Monitor"), build=monitor),
    ]
