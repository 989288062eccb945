"""The theme in force: Qt gets the colours, icons follow, the system is followed."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QListView, QPushButton, QWidget

import resources
from app.theme.fonts import MONO_FAMILY, TEXT_FAMILY, add_fonts, add_other_fonts
from app.theme.icons import PLACEHOLDER, draw_svg
from app.theme.theme import SchemeChoice, Theme

GLYPHS = ("open", "restricted", "closed", "named", "unknown", "not-applicable")


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, SchemeChoice.LIGHT)
    yield theme
    theme.deleteLater()
    qapp.setStyleSheet("")


def darkest(image: QImage) -> str:
    pixels = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    ]
    return min(pixels, key=lambda colour: colour.lightness()).name()


def shape(name: str) -> np.ndarray:
    image = draw_svg(resources.text(f"icons/glyph-{name}.svg"), "#000000", 48)
    rows = [[image.pixelColor(x, y).alpha() for x in range(48)] for y in range(48)]
    return np.array(rows, dtype=float) / 255


def test_palette_and_font_come_from_the_tokens(theme: Theme, qapp: QApplication) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.colour("window")
    assert qapp.font().family() == TEXT_FAMILY
    assert qapp.font().pixelSize() == theme.px("text_body")


def test_both_typefaces_come_with_the_app(qapp: QApplication) -> None:
    assert {TEXT_FAMILY, MONO_FAMILY} <= {*add_fonts(), *add_other_fonts()}
    assert resources.text("fonts/OFL.txt").count("Copyright") >= 2


def test_a_change_reaches_qt_and_those_who_draw(theme: Theme, qapp: QApplication, qtbot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose(SchemeChoice.DARK, 1.5)
    assert theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.colour("window")
    assert qapp.font().pixelSize() == theme.px("text_body") == 21


def test_the_same_choice_again_redraws_nothing(theme: Theme, qtbot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose(SchemeChoice.LIGHT, 1.0)


def test_the_system_is_followed_only_when_it_is_chosen(qapp: QApplication) -> None:
    dark = [False]
    theme = Theme(qapp, SchemeChoice.SYSTEM, system_is_dark=lambda: dark[0])
    hints = QGuiApplication.styleHints()
    assert not theme.is_dark
    dark[0] = True
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.is_dark
    theme.choose(SchemeChoice.LIGHT)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.is_dark
    theme.deleteLater()


def test_an_icon_is_drawn_in_the_colour_that_is_in_force(theme: Theme, qtbot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.setIcon(theme.icon("stop", "accent"))
    assert darkest(button.icon().pixmap(32).toImage()) == theme.tokens.colours["accent"]
    theme.choose(SchemeChoice.DARK)
    assert darkest(button.icon().pixmap(32).toImage()) == theme.tokens.colours["accent"]


def test_an_icon_is_sharp_on_a_dense_screen(theme: Theme) -> None:
    pixmap = theme.icon("chat").pixmap(QSize(16, 16), 2.0)
    assert pixmap.size() == QSize(32, 32)
    assert pixmap.devicePixelRatio() == 2.0


def test_a_disabled_icon_is_paler(theme: Theme) -> None:
    icon = theme.icon("stop", "text")
    normal = darkest(icon.pixmap(QSize(32, 32), QIcon.Mode.Normal).toImage())
    disabled = darkest(icon.pixmap(QSize(32, 32), QIcon.Mode.Disabled).toImage())
    assert normal == theme.tokens.colours["text"]
    assert disabled == theme.tokens.colours["disabled"]


@pytest.mark.parametrize("name", list(resources.names("icons", ".svg")))
def test_an_icon_has_one_colour_and_no_foreign_part(name: str) -> None:
    root = ET.fromstring(resources.text(name))
    for part in root.iter():
        assert part.tag.split("}")[1] in {"svg", "path", "rect", "circle"}
        for attribute in ("fill", "stroke"):
            assert part.get(attribute) in {None, "none", PLACEHOLDER}, name
    image = draw_svg(resources.text(name), "#ff0000", 24)
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), "empty"


def test_the_glyphs_of_openness_differ_in_shape_not_only_in_colour(qapp: QApplication) -> None:
    shapes = {name: shape(name) for name in GLYPHS}
    for one in GLYPHS:
        for other in GLYPHS:
            if one < other:
                apart = np.abs(shapes[one] - shapes[other]).mean()
                assert apart > 0.05, f"{one} looks like {other}"


def test_fields_have_arrows_in_the_theme_s_colour(theme: Theme, tmp_path) -> None:
    drawn = list((tmp_path / "cache").rglob("chevron-down.svg"))
    assert drawn
    assert theme.tokens.colours["soft"] in drawn[0].read_text()


def test_a_cache_that_cannot_be_written_costs_only_the_arrows(qapp, tmp_path, monkeypatch) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    theme = Theme(qapp, SchemeChoice.DARK)
    assert theme.is_dark
    theme.deleteLater()


def test_a_list_that_is_a_window_of_its_own_has_a_ground(theme: Theme, qtbot) -> None:
    # The list of names below a file dialog's box has no parent, and was black on black.
    alone = QListView()
    qtbot.addWidget(alone)
    alone.resize(60, 40)
    alone.show()
    assert alone.grab().toImage().pixelColor(30, 30) == theme.colour("raised")
    around = QWidget()
    qtbot.addWidget(around)
    inside = QListView(around)
    inside.resize(60, 40)
    around.show()
    assert around.grab().toImage().pixelColor(30, 30) == around.palette().window().color()
