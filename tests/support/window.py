"""The real window with every real part behind it, for tests and pictures."""

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.window.application import Parts
from app.window.pages import PageSpec
from runner.library import paths
from runner.store import Store
from tests.support.porter import running_porter


@contextlib.contextmanager
def running_parts(
    application: QApplication,
    *,
    engine: str = "echo",
    pages: tuple[PageSpec, ...] | None = None,
    store: Store | None = None,
) -> Iterator[Parts]:
    """Makes the window's parts as the app does; nothing is shown or loaded yet."""
    with running_porter() as porter:
        parts = Parts(
            application,
            store or Store.open(paths.database_file()),
            porter,
            engine=engine,
            pages=pages,
        )
        try:
            yield parts
        finally:
            parts.window.close()
            parts.quit()
            parts.window.deleteLater()
            # No loop runs between two tests; what stays alive is styled anew with every style sheet.
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
