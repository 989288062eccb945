"""A row under the pointer is lit from end to end: rows are chosen whole."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from app.models_page.page import ModelsPage
from tests.app.models_page.test_speed import answer


def test_the_row_under_the_pointer_lights_up_whole(page: ModelsPage) -> None:
    page.choose("find")
    page.finder._take(answer("some", count=5))
    table = page.finder.table
    QTest.mouseMove(table.viewport(), QPoint(5, 5))
    QTest.mouseMove(table.viewport(), table.visualRect(table.rows.index(2, 0)).center())

    def grounds(row: int) -> set[str]:
        picture = table.viewport().grab().toImage()
        corners = (
            table.visualRect(table.rows.index(row, column)).topLeft() + QPoint(2, 2)
            for column in range(table.rows.columnCount())
            if not table.isColumnHidden(column)
        )
        return {picture.pixelColor(corner).name() for corner in corners}

    assert len(grounds(2)) == 1
    assert grounds(2) != grounds(3)
    QTest.mouseMove(table.viewport(), QPoint(5, table.viewport().height() - 2))
    assert grounds(2) == grounds(3), "it points at no row any more"
