"""Looking inside before a download: the header alone comes, and the inspector works on it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models_page.page import ModelsPage
from app.models_page.repository.choice_rows import Known, choice_row
from app.models_page.repository.grouping import choices
from app.models_page.repository.standing import Standing
from inspector.errors import InspectorError
from inspector.gguf.digests import digests
from inspector.gguf.model import GgufModel
from inspector.gguf.ranges import NOT_FETCHED, FileBytes, beginning_name, is_beginning
from inspector.inspection import inspect_file
from runner.protocol.courier import RemoteFile
from tests.support.hub import Fault, HubServer
from tests.support.models_world import STARTER_FILE, STARTER_REPOSITORY

MIB = 1024 * 1024
PATIENCE_MS = 20_000


def header_bytes(file: Path) -> int:
    with GgufModel.open(file) as model:
        return model.headers[0].data_offset


def beginning_of(file: Path, folder: Path, held: int) -> Path:
    path = folder / beginning_name(file.name, file.stat().st_size)
    path.write_bytes(file.read_bytes()[:held])
    return path


def test_a_beginning_reads_as_the_whole_file_does(starter_model: Path, tmp_path: Path) -> None:
    part = beginning_of(starter_model, tmp_path, header_bytes(starter_model))
    whole, seen = inspect_file(starter_model, 2048), inspect_file(part, 2048)
    assert seen.files == whole.files
    assert seen.tensors == whole.tensors
    assert seen.metadata == whole.metadata
    assert seen.summary.memory.total.value == whole.summary.memory.total.value


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_what_is_not_here_is_said_to_be_elsewhere_and_how_far_to_go(
    starter_model: Path, tmp_path: Path, share: float
) -> None:
    end = header_bytes(starter_model)
    part = beginning_of(starter_model, tmp_path, int(end * share))
    with pytest.raises(InspectorError) as caught:
        GgufModel.open(part)
    assert caught.value.code == NOT_FETCHED
    assert int(end * share) < int(caught.value.context["needs"]) <= end


def test_nothing_is_hashed_that_is_not_here(starter_model: Path, tmp_path: Path) -> None:
    part = beginning_of(starter_model, tmp_path, header_bytes(starter_model))
    with GgufModel.open(part) as model, pytest.raises(InspectorError) as caught:
        digests(model)
    assert caught.value.code == NOT_FETCHED


def test_a_whole_file_is_not_taken_for_a_beginning(starter_model: Path, tmp_path: Path) -> None:
    assert not is_beginning(starter_model)
    small = tmp_path / beginning_name("m.gguf", 10)
    small.write_bytes(bytes(20))
    with FileBytes(small) as source:
        assert (source.size, source.held, source.name) == (20, 20, "m.gguf")
        assert len(source.read(0, 20)) == 20


def test_the_inspector_opens_on_a_file_of_the_hub(
    online: ModelsPage, qtbot: QtBot, hub: HubServer, starter_model: Path
) -> None:
    online.finder.ask(f"{STARTER_REPOSITORY}/{STARTER_FILE}")
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    assert "Q4_1 · about 5.8 bits from its name" in page.files.table.rows.rows[0].said
    hub.sent.clear()
    page.files.look.click()
    models = online._context.models
    qtbot.waitUntil(lambda: models.inspected is not None, timeout=PATIENCE_MS)
    seen = models.inspected
    assert seen is not None
    assert seen.fetched_bytes <= header_bytes(starter_model) + MIB
    # Each answer's body, however large its head: what crossed the network.
    assert sum(one.body for one in hub.sent) <= header_bytes(starter_model) + MIB
    assert seen.path.read_bytes() == starter_model.read_bytes()[: seen.fetched_bytes]
    assert (seen.path.parent / "README.md").read_text("utf-8").startswith("---")
    panel = online.window().inspector  # type: ignore[attr-defined]
    assert "Read from the Hub before a download: 2\N{NO-BREAK SPACE}MB of 98" in panel._other.text()
    # The exact sum takes the place of the guess, for each quantisation.
    qtbot.waitUntil(lambda: page._known.is_counted, timeout=PATIENCE_MS)
    assert "Q4_1 · 5.8 bits from its header" in page.files.table.rows.rows[0].said
    assert "F16 · 11.7 bits from its name" in page.files.table.rows.rows[1].said
    assert "cache at 8,192 tokens" in page.files._sum.text()
    page.files.context_chip.choose("2048")
    qtbot.waitUntil(lambda: "cache at 2,048 tokens" in page.files._sum.text(), timeout=PATIENCE_MS)
    # A second look needs nobody.
    online._context.network.go_offline()
    hub.sent.clear()
    models.inspect(None)
    page.files.look.click()
    qtbot.waitUntil(lambda: models.inspected is not None, timeout=PATIENCE_MS)
    assert hub.sent == []


def test_a_look_inside_goes_on_with_less_at_a_time_where_the_line_breaks_off(
    online: ModelsPage, qtbot: QtBot, hub: HubServer, starter_model: Path
) -> None:
    online.finder.ask(f"{STARTER_REPOSITORY}/{STARTER_FILE}")
    page = online.repository
    qtbot.waitUntil(lambda: page.listed is not None, timeout=PATIENCE_MS)
    hub.faults.plan(Fault.PORTAL, times=1, path="/resolve/")
    hub.faults.plan(Fault.CUT, 300_000, path="/store/")
    page.files.look.click()
    qtbot.waitUntil(lambda: bool(page.trouble.said()), timeout=PATIENCE_MS)
    hub.sent.clear()
    page.trouble.again.click()
    models = online._context.models
    qtbot.waitUntil(lambda: models.inspected is not None, timeout=PATIENCE_MS)
    # It looked inside again, and did not only list the files once more.
    assert not any("/tree/" in path for path in hub.paths)
    seen = models.inspected
    assert seen is not None
    assert seen.path.read_bytes() == starter_model.read_bytes()[: seen.fetched_bytes]
    assert header_bytes(starter_model) <= seen.fetched_bytes <= header_bytes(starter_model) + MIB


def test_what_was_only_looked_into_is_not_loaded(
    page: ModelsPage, qtbot: QtBot, starter_model: Path, tmp_path: Path
) -> None:
    part = beginning_of(starter_model, tmp_path, header_bytes(starter_model))
    page._context.models.open(part)
    codes = [notice.code for notice in page._context.notices.kept]
    assert "models.only_beginning" in codes
    assert page._context.models.current is None


def test_a_name_that_says_another_quantisation_than_the_header_is_told_of() -> None:
    (choice,) = choices([RemoteFile(path="m-Q8_0.gguf", size=900, blob="b")])
    known = Known(quantisations={"m-Q8_0.gguf": "Q4_1"})
    cell = choice_row(choice, known, None, Standing()).cells[1]
    assert (cell.text, cell.under) == ("Q4_1", "its name says Q8_0")
    assert cell.tip == "Source: the file's header."
