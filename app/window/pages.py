"""The pages of the rail, in its order. A page that does not work yet is not listed."""

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.words.translation import translate


class PageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the rail.

    Attributes:
        build: makes the page when it is first shown, so that a start imports only the first.
        at_end: whether it stands at the foot of the rail.
    """

    key: str
    title: str
    icon: str
    build: Callable[[AppContext], QWidget]
    at_end: bool = False


def page_specs() -> tuple[PageSpec, ...]:
    """Returns the pages in the order of the rail, and of Ctrl+1 on."""
    return (
        PageSpec(key="chat", title=translate("Pages", "Chat"), icon="chat", build=_chat),
        PageSpec(key="models", title=translate("Pages", "Models"), icon="models", build=_models),
        PageSpec(
            key="compare", title=translate("Pages", "Compare"), icon="compare", build=_compare
        ),
        PageSpec(
            key="settings",
            title=translate("Pages", "Settings"),
            icon="settings",
            build=_settings,
            at_end=True,
        ),
    )


def _chat(context: AppContext) -> QWidget:
    from app.chat.chat_page import ChatPage

    return ChatPage(context)


def _models(context: AppContext) -> QWidget:
    from app.models_page.page import ModelsPage

    return ModelsPage(context)


def _compare(context: AppContext) -> QWidget:
    from app.compare.page import ComparePage

    return ComparePage(context)


def _settings(context: AppContext) -> QWidget:
    from app.preferences.settings_page import SettingsPage

    return SettingsPage(context)
