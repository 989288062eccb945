"""Where Tab goes in the window: along what is seen, as it is read.

Qt goes by when each part was made. Here parts are made late, and a page hands its keyboard on to
what is typed into, which leads Qt past everything that stands before it.
"""

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QScrollArea, QWidget


def step(root: QWidget, *, forward: bool) -> bool:
    """Gives the keyboard to the next control of `root` as it is read, or to the one before.

    From a control that has just been hidden it goes to what stands beside it.
    """
    here = QApplication.focusWidget()
    read = [one for one in reading_order(root, here) if one is here or _takes_tab(one)]
    stops = [one for one in read if one is not here]
    if not stops:
        return False
    # As many stops as stand before the present one, which may no longer be a stop itself.
    before = read.index(here) if here in read else 0
    target = stops[before % len(stops) if forward else before - 1]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    reveal(target)
    return True


def enter(page: QWidget) -> None:
    """Gives a page the keyboard: to what it hands it on to, or to the first control in it."""
    takes_it = page.focusProxy() is not None or page.focusPolicy() != Qt.FocusPolicy.NoFocus
    first = None if takes_it else next(filter(_takes_tab, reading_order(page)), None)
    (first or page).setFocus()


def reveal(widget: QWidget) -> None:
    """Scrolls to a widget, wherever it lies outside of what is seen.

    What scrolls its content by itself has a method `reveal(widget)`.
    """
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        elif callable(show := getattr(parent, "reveal", None)):
            show(widget)
        parent = parent.parentWidget()


def reading_order(root: QWidget, kept: QWidget | None = None) -> Iterator[QWidget]:
    """Yields what is seen in `root`, each before what is in it; `kept` even where it is hidden."""
    for child in _children(root):
        if child.isVisible() or (kept is not None and _holds(child, kept)):
            yield child
            yield from reading_order(child, kept)


def _holds(outer: QWidget, inner: QWidget) -> bool:
    return outer is inner or outer.isAncestorOf(inner)


def _takes_tab(widget: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    is_stop = widget.focusPolicy() & tab == tab and widget.focusProxy() is None
    return is_stop and widget.isEnabled() and widget.isVisible()


def _children(widget: QWidget) -> list[QWidget]:
    """Returns what lies in a widget: as its layout has it, then the rest by where it lies."""
    layout = widget.layout()
    inside = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]
    ordered = list(_laid_out(layout, inside)) if layout is not None else []
    known = set(ordered)
    rest = [one for one in inside if one not in known]
    return ordered + _by_place(rest, widget.layoutDirection())


def _laid_out(layout: QLayout, inside: list[QWidget]) -> Iterator[QWidget]:
    """Yields those widgets that a layout or one within it places, in its order.

    It is asked where each is, never for its items: Python goes on knowing an item by its address after
    the layout has ended it, and the next object that lies there then ends the process.
    """
    placed: list[tuple[tuple[int, ...], QWidget | QLayout]] = []
    inner = [one for one in layout.children() if isinstance(one, QLayout)]
    parts: list[QWidget | QLayout] = [*inside, *inner]
    for part in parts:
        at = layout.indexOf(part)
        if at >= 0:
            placed.append((_order(layout, at), part))
    for _, part in sorted(placed, key=lambda one: one[0]):
        if isinstance(part, QLayout):
            yield from _laid_out(part, inside)
        else:
            yield part


def _order(layout: QLayout, at: int) -> tuple[int, ...]:
    """Returns what to order a part by: its line and column, or its number."""
    if isinstance(layout, QGridLayout):
        return tuple(layout.getItemPosition(at)[:2])  # type: ignore[index]
    return (at,)


def _by_place(widgets: list[QWidget], direction: Qt.LayoutDirection) -> list[QWidget]:
    """Orders by lines from top to bottom, each from the side where reading starts."""
    lines: list[tuple[QRect, list[QWidget]]] = []
    for widget in sorted(widgets, key=lambda one: one.y()):
        middle = widget.geometry().center().y()
        if lines and lines[-1][0].top() <= middle <= lines[-1][0].bottom():
            lines[-1][1].append(widget)
        else:
            lines.append((widget.geometry(), [widget]))
    is_mirrored = direction is Qt.LayoutDirection.RightToLeft
    for _, line in lines:
        line.sort(key=lambda one: one.x(), reverse=is_mirrored)
    return [widget for _, line in lines for widget in line]
