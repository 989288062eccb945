"""The tables' models, checked by Qt's own tester, filled, filtered, sorted and fetched in parts."""

import random

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from app.tabs.weights import metadata_model, tensor_model
from app.tabs.weights.arriving_rows import SORT_ROLE
from app.tabs.weights.metadata_model import MetadataModel
from app.tabs.weights.table import FilteredRows
from app.tabs.weights.tensor_model import Column, TensorModel
from inspector.gguf.tensor_table import Tensor
from inspector.inspection import MetadataRow


def tensor(number: int) -> Tensor:
    return Tensor(
        name=f"blk.{number}.weight",
        shape=(32, number + 1),
        type=("F32", "Q4_1")[number % 2],
        type_id=0,
        offset=number * 4096,
        size=(number * 7919) % 4001,
    )


def row(number: int) -> MetadataRow:
    return MetadataRow(
        key=f"key.{number}",
        type="u32" if number % 2 else "arr[str]",
        count=1 if number % 2 else 9,
        preview=str(number * 11),
        cut=False,
        offset=number * 10,
    )


@pytest.fixture
def checked(qtmodeltester: ModelTester):
    """Has Qt's tester look at a model whenever it changes."""
    return qtmodeltester


def test_tensors_fill_and_grow(checked: ModelTester):
    asked: list[int] = []
    model = TensorModel(asked.append)
    checked.check(model)
    chance = random.Random(3)
    for _ in range(20):
        total = chance.randint(0, 40)
        arrived = chance.randint(0, total)
        model.set_rows([tensor(n) for n in range(arrived)], total, ("a.gguf",))
        while model.rowCount() < total:
            # Qt's tester may have asked already.
            model.fetchMore(QModelIndex())
            assert not model.canFetchMore(QModelIndex()), "one request at a time"
            start = asked[-1]
            assert start == model.rowCount()
            model.add([tensor(n) for n in range(start, min(total, start + chance.randint(1, 9)))])
        assert model.rowCount() == total


def test_metadata_fills_and_grows(checked: ModelTester):
    asked: list[int] = []
    model = MetadataModel(asked.append)
    checked.check(model)
    model.set_rows([row(n) for n in range(3)], 7, ("a.gguf",))
    model.fetchMore(QModelIndex())
    assert asked[-1] == 3
    assert asked.count(3) == 1
    model.add([row(n) for n in range(3, 7)])
    assert model.rowCount() == 7
    assert not model.canFetchMore(QModelIndex())


def test_an_answer_without_rows_ends_the_asking():
    model = TensorModel(lambda start: None)
    model.set_rows([tensor(0)], 5, ("a.gguf",))
    model.fetchMore(QModelIndex())
    model.add(())
    assert not model.canFetchMore(QModelIndex())


def test_tensors_sort_as_people_expect():
    model = TensorModel(lambda start: None)
    model.set_rows([tensor(n) for n in (10, 2, 1, 9)], 4, ("a.gguf",))
    rows = FilteredRows()
    rows.setSortRole(SORT_ROLE)
    rows.setSourceModel(model)

    def shown(column: Column) -> list[str]:
        return [rows.index(n, column).data() for n in range(rows.rowCount())]

    rows.sort(Column.NAME)
    assert shown(Column.NAME) == [f"blk.{n}.weight" for n in (1, 2, 9, 10)]
    rows.sort(Column.SIZE, Qt.SortOrder.DescendingOrder)
    sizes = [rows.index(n, Column.SIZE).data(SORT_ROLE) for n in range(4)]
    assert sizes == sorted(sizes, reverse=True)
    rows.sort(-1)
    assert shown(Column.NAME)[0] == "blk.10.weight"


def test_filtering_looks_into_every_column_and_fetches_the_rest():
    arrived = 4

    def fetch(start: int) -> None:
        model.add([tensor(n) for n in range(start, start + 4)])
        rows.fetch_rest()

    model = TensorModel(fetch)
    model.set_rows([tensor(n) for n in range(arrived)], 12, ("a.gguf",))
    rows = FilteredRows()
    rows.setSourceModel(model)
    rows.filter_by("q4_1")
    assert model.rowCount() == 12
    assert rows.rowCount() == 6
    rows.filter_by("blk.11.")
    assert rows.rowCount() == 1
    rows.filter_by("")
    assert rows.rowCount() == 12


def test_every_cell_says_where_it_came_from():
    tensors = TensorModel(lambda start: None)
    tensors.set_rows([tensor(3)], 1, ("a.gguf",))
    metadata = MetadataModel(lambda start: None)
    metadata.set_rows([row(3)], 1, ("a.gguf",))
    for model, columns in ((tensors, Column), (metadata, metadata_model.Column)):
        for column in columns:
            index = model.index(0, column)
            assert index.data()
            for role in (
                Qt.ItemDataRole.ToolTipRole,
                Qt.ItemDataRole.AccessibleDescriptionRole,
            ):
                assert "a.gguf" in index.data(role)


def test_a_name_that_would_act_is_shown_harmless():
    model = TensorModel(lambda start: None)
    bad = tensor(1)
    bad = Tensor(**{**{f: getattr(bad, f) for f in bad.__struct_fields__}, "name": "a\u202eb\n"})
    model.set_rows([bad], 1, ("a.gguf",))
    text = model.index(0, tensor_model.Column.NAME).data()
    assert text == "a\\u202eb\\n"
