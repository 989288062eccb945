"""Keeping models: checked against what was promised, removed and put back, found in other apps."""

import hashlib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.here.shelf import ShelfItem
from app.models_page.page import ModelsPage
from runner.library.paths import models_folder
from runner.store.sources import Source
from tests.support.tiny_model import gguf

PATIENCE_MS = 20_000
DIGEST = hashlib.sha256(gguf()).hexdigest()


def own(page: ModelsPage, sha256: str = "") -> ShelfItem:
    """Puts a model into the models folder, as if it had been fetched with that hash."""
    path = models_folder() / "somebody/small-GGUF/small-Q4_1.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(gguf())
    library, store = page._context.library, page._context.store
    file = library.open(path).result(timeout=10)
    if sha256:
        source = Source(
            repository="somebody/small-GGUF",
            revision="main",
            commit="c" * 40,
            path="small-Q4_1.gguf",
            sha256=sha256,
        )
        store.sources.keep(file.id, source).result(timeout=10)
    page.here.refresh()
    assert page.here.table.choose(str(path))
    return next(item for item in page.here.items if item.path == path)


def told(page: ModelsPage) -> str:
    """Returns everything that was told since the test began; a failed wait shows it."""
    kept = page._context.notices.kept
    return " ".join(f"{notice.said.title} {notice.said.meaning}" for notice in kept)


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        (DIGEST, "every byte is as the Hub listed it"),
        ("0" * 64, "is not the file that was listed"),
        ("", "Nobody promised a hash"),
    ],
)
def test_a_model_is_checked_against_what_was_promised(
    page: ModelsPage, qtbot: QtBot, promised: str, words: str
) -> None:
    own(page, promised)
    page.here.offers.verify.click()

    def is_told() -> None:
        assert words in told(page)

    qtbot.waitUntil(is_told, timeout=PATIENCE_MS)
    assert DIGEST in told(page) or promised == DIGEST


def test_an_own_model_goes_to_the_trash_and_comes_back(page: ModelsPage, qtbot: QtBot) -> None:
    item = own(page)
    assert item.is_own
    assert page.here.offers.remove.text() == "Move to the trash"
    page.here.offers.remove.click()
    qtbot.waitUntil(lambda: len(page.here.items) == 1, timeout=PATIENCE_MS)
    assert not item.path.exists()
    assert page.here.foot.put_back.isVisible()
    undo = page._context.notices.kept[-1].actions[0]
    undo.run()
    qtbot.waitUntil(lambda: len(page.here.items) == 2, timeout=PATIENCE_MS)
    assert item.path.read_bytes()[:4] == b"GGUF"
    assert not page.here.foot.put_back.isVisible()


def test_the_trash_can_be_emptied(page: ModelsPage, qtbot: QtBot) -> None:
    own(page)
    page.here.offers.remove.click()
    qtbot.waitUntil(page.here.foot.empty.isVisible, timeout=PATIENCE_MS)
    page.here.foot.empty.click()
    qtbot.waitUntil(lambda: not page.here.foot.empty.isVisible(), timeout=PATIENCE_MS)
    assert page.here.keeping.trash() == ()


def test_models_of_other_apps_are_found_and_used_where_they_lie(
    page: ModelsPage,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    theirs = tmp_path / ".lmstudio/models/somebody/small-GGUF/small-Q4_1.gguf"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(gguf())
    before = theirs.stat().st_mtime_ns
    page._elsewhere.click()
    table = page.here.elsewhere.table
    qtbot.waitUntil(lambda: bool(table.rows.rows), timeout=PATIENCE_MS)
    assert "LM Studio" in table.rows.rows[0].said
    page.here.elsewhere.one.click()
    qtbot.waitUntil(lambda: len(page.here.items) == 2, timeout=PATIENCE_MS)
    assert theirs.stat().st_mtime_ns == before
    assert page.here.table.choose(str(theirs))
    assert page.here.offers.remove.text() == "Forget"


def test_nothing_found_says_where_it_was_looked(
    page: ModelsPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS", "LLAMA_CACHE"):
        monkeypatch.delenv(name, raising=False)
    page._elsewhere.click()
    qtbot.waitUntil(page.here.elsewhere.isVisible, timeout=PATIENCE_MS)
    assert "Ollama" in page.here.elsewhere._note.text()
    assert not page.here.elsewhere.one.isVisible()
    page.here.elsewhere.back.click()
    assert page.here.table.isVisible()
