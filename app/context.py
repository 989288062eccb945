"""What the window's parts are given: made once by the window process, handed down by constructor."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from app.mailbox import Mailbox
    from app.model.open_models import OpenModels
    from app.network.door import Door
    from app.network.traffic import Traffic
    from app.notices import Notices
    from app.settings import SettingsFile
    from app.theme.theme import Theme
    from runner.library.library import Library
    from runner.porter.client import PorterClient
    from runner.reader_client import ReaderClient
    from runner.session import ModelSession
    from runner.store import Store


class ContextShown(msgspec.Struct, frozen=True):
    """Another chat is on show, which took so many tokens of context; sent through the mailbox."""

    used: int


class AppContext(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that pages and tabs work with.

    Attributes:
        network: whatever fetches asks here first.
        traffic: what is on the wire now and was since a model was loaded.
        clock: seconds since the epoch; a test gives its own.
    """

    settings: "SettingsFile"
    store: "Store"
    library: "Library"
    porter: "PorterClient"
    session: "ModelSession"
    reader: "ReaderClient"
    mailbox: "Mailbox"
    notices: "Notices"
    theme: "Theme"
    models: "OpenModels"
    network: "Door"
    traffic: "Traffic"
    clock: Callable[[], float]
