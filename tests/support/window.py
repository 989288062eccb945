"""The real window with every real part behind it, for tests and pictures."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.window.application import Parts
from app.window.pages import PageSpec
from runner.library import paths
from runner.store import Store
from tests.support.home import live_in
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


@contextlib.contextmanager
def window_with_hub(application: QApplication, home: Path, endpoint: str) -> Iterator[Parts]:
    """Shows the window in a home of its own, whose Hub is the one at `endpoint`.

    For a whole module: what is set of the environment is put back at the end.
    """
    with pytest.MonkeyPatch.context() as patch:
        live_in(home, patch)
        # Before the porter starts: it hands its own environment on.
        patch.setenv("HF_ENDPOINT", endpoint)
        with running_parts(application) as made:
            made.window.resize(1440, 900)
            made.window.show()
            yield made
