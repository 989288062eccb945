"""A desktop's own theme puts no typeface and no title bar of its own on this app."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.theme.desktop_look import draw_ourselves, type_by_fcitx
from tests.faults.test_tour import display

ROOT = Path(__file__).resolve().parents[3]

FONTS = """
import sys
from PySide6.QtWidgets import QApplication
from app.theme.desktop_look import draw_ourselves

if sys.argv[1] == "ourselves":
    draw_ourselves()
application = QApplication(["lightwell"])
print(*(QApplication.font(kind).family() for kind in ("QMenu", "QToolButton")), sep="\\n")
"""
"""What the desktop's theme gives to single kinds of widgets; it gives it again when it changes."""

KDE = {"XDG_CURRENT_DESKTOP": "KDE", "KDE_FULL_SESSION": "true", "KDE_SESSION_VERSION": "6"}


@pytest.mark.fault
def test_a_desktop_with_typefaces_of_its_own_changes_none_of_ours(tmp_path: Path) -> None:
    """Qt's own theme for KDE, which takes the typefaces of menus and of tools from a file."""
    (tmp_path / "kdeglobals").write_text(
        "[General]\nmenuFont=Of Menus,13,-1,5,50,0,0,0,0,0\n"
        "toolBarFont=Of Tools,13,-1,5,50,0,0,0,0,0\n"
    )
    environment = {**os.environ, **KDE, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path)}
    for name in ("QT_QPA_PLATFORM", "QT_QPA_PLATFORMTHEME", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    said = {}
    with display() as number:
        if not number:
            pytest.skip("not run: Xvfb is missing (packaging/setup.sh missing dev names it)")
        for look in ("the desktop's", "ourselves"):
            ran = subprocess.run(
                [sys.executable, "-P", "-c", FONTS, look], env={**environment, "DISPLAY": number},
                capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            assert ran.returncode == 0, ran.stderr
            said[look] = ran.stdout.splitlines()
    assert said["the desktop's"] == ["Of Menus", "Of Tools"], "the theme is there"
    assert not set(said["ourselves"]) & {"Of Menus", "Of Tools"}


def test_a_person_s_own_choice_of_a_title_bar_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORMTHEME", "gtk3")
    monkeypatch.setenv("QT_WAYLAND_DECORATION", "of-mine")
    draw_ourselves()
    assert os.environ["QT_QPA_PLATFORMTHEME"] == "generic"
    assert os.environ["QT_WAYLAND_DECORATION"] == "of-mine"


@pytest.mark.parametrize(
    ("asked", "listed", "taken"),
    [
        ("fcitx", "", "wayland;ibus"),
        ("fcitx", "of-mine", "of-mine"),
        ("ibus", "", ""),
        ("", "", ""),
    ],
)
def test_fcitx_is_spoken_to_as_ibus(
    asked: str, listed: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("QT_IM_MODULE", asked), ("QT_IM_MODULES", listed)):
        monkeypatch.setenv(name, value)
        if not value:
            monkeypatch.delenv(name)
    type_by_fcitx()
    assert os.environ.get("QT_IM_MODULES", "") == taken
    monkeypatch.delenv("QT_IM_MODULES", raising=False)
