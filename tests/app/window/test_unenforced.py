"""Without walls, a file that is not known is asked about once; what we shipped or verified runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.ref import ModelRef
from app.model.unenforced import CODE, Unenforced, fingerprint
from app.window.application import Parts
from runner.confine.labels import Label
from runner.porter.wire import Facts
from runner.store import Store
from runner.store.sources import Source
from tests.app.window.conftest import PAGES
from tests.support.porter import running_porter

WAIT_MS = 30_000
NO_WALLS: list[str] = []


@pytest.fixture(scope="module")
def unwalled(qapp: QApplication) -> Iterator[Parts]:
    """The window over processes that put up no wall, as on a system that has none."""
    with running_porter(walls=NO_WALLS) as porter:
        parts = Parts(qapp, Store.in_memory(), porter, engine="echo", pages=PAGES)
        parts.window.show()
        yield parts
        parts.window.close()
        parts.quit()
        parts.window.deleteLater()


@pytest.fixture
def model(tmp_path: Path, starter_model: Path) -> Path:
    """A whole file under a name that nobody knows."""
    path = tmp_path / "stranger.gguf"
    path.symlink_to(starter_model)
    return path


def asked(parts: Parts) -> int:
    return sum(notice.code == CODE for notice in parts.context.notices.kept)


def test_an_unknown_file_is_asked_about_once(unwalled: Parts, model: Path, qtbot: QtBot) -> None:
    models = unwalled.context.models
    models.open(model)
    qtbot.waitUntil(lambda: asked(unwalled) == 1, timeout=WAIT_MS)
    reader = unwalled.context.porter.snapshot().find("reader")
    assert reader is not None
    assert reader.facts.label == Label.WATCHED
    assert unwalled.context.session.child is None, "no model process was started"
    notice = unwalled.context.notices.kept[-1]
    assert "stranger" in notice.said.meaning
    notice.actions[0].run()
    qtbot.waitUntil(lambda: unwalled.context.session.loaded is not None, timeout=WAIT_MS)
    models.load(ModelRef(path=model, name="stranger"))
    qtbot.waitUntil(lambda: unwalled.context.session.loaded is not None, timeout=WAIT_MS)
    assert asked(unwalled) == 1
    process = unwalled.window.top_bar._process
    qtbot.waitUntil(lambda: process.text().endswith("watched, not enforced"), timeout=WAIT_MS)


def test_what_was_only_tried_is_asked_about_as_what_is_watched(
    unwalled: Parts, tmp_path: Path
) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(b"unknown")
    context, asked_of = unwalled.context, []
    may = Unenforced(
        context.settings, context.library, context.store.sources,
        lambda ref, agree: asked_of.append(ref.path),
    )  # fmt: skip
    for label, loads in ((Label.TRIED, False), (Label.WATCHED, False), (Label.NO_NETWORK, True)):
        may.hear([Facts(number=1, pid=1, kind="reader", posture="no network", label=label)])
        assert may.may_load(ModelRef(path=path, name="other"), lambda: None) is loads
    assert asked_of == [path, path]


def test_another_file_of_that_name_is_asked_about_again(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"one")
    before = fingerprint(path)
    path.write_bytes(b"other")
    assert fingerprint(path) != before


def test_what_came_along_or_was_verified_runs_with_its_plain_label(
    unwalled: Parts, starter_model: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    context = unwalled.context
    before = asked(unwalled)
    context.models.open(starter_model)
    qtbot.waitUntil(
        lambda: context.models.current is not None and context.models.current.is_starter,
        timeout=WAIT_MS,
    )
    verified = tmp_path / "verified.gguf"
    verified.symlink_to(starter_model)
    file = context.library.open(verified).result(10)
    source = Source(
        repository="a/b", revision="main", commit="c" * 40, path="verified.gguf", sha256="0" * 64
    )
    context.store.sources.keep(file.id, source).result(10)
    context.models.open(verified)
    qtbot.waitUntil(
        lambda: context.models.current is not None and context.models.current.path == verified,
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: context.session.loaded is not None, timeout=WAIT_MS)
    assert asked(unwalled) == before
    assert unwalled.window.top_bar._process.text().endswith("watched, not enforced")


def test_a_file_that_failed_its_check_is_unknown_again(
    unwalled: Parts, starter_model: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    context = unwalled.context
    path = tmp_path / "changed.gguf"
    path.symlink_to(starter_model)
    file = context.library.open(path).result(10)
    source = Source(
        repository="a/b", revision="main", commit="c" * 40, path="changed.gguf", sha256="0" * 64
    )
    context.store.sources.keep(file.id, source).result(10)
    context.store.sources.verified(file.id, matches=False).result(10)
    before = asked(unwalled)
    context.models.open(path)
    qtbot.waitUntil(lambda: asked(unwalled) == before + 1, timeout=WAIT_MS)
