"""Brings what was laid out for one text size to another.

Widgets take their spaces and widths from the theme while they are made. Text that grows or shrinks
afterwards gets the room that it would have had from the start, without every widget listening.
"""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QFormLayout, QGridLayout, QLayout, QWidget

NEVER_GROWS = 2
"""Pixels: lines and strokes keep their width at every text size."""

NO_LIMIT = 16_777_215
"""Qt's own number for a widget that may be as large as it likes."""


def rescale(windows: Iterable[QWidget], before: float, after: float) -> None:
    """Brings spaces, fixed sizes and greatest widths from one text size to another.

    Least sizes stay: those of the window and its columns don't follow the text.
    """
    scaled = partial(_scaled, before=before, after=after)
    for window in windows:
        if window.parentWidget() is not None:
            continue  # Among its parent's children, with all that is in it.
        for widget in (window, *window.findChildren(QWidget)):
            _scale_widget(widget, scaled)
        for layout in window.findChildren(QLayout):
            _scale_layout(layout, scaled)


def _scaled(pixels: int, *, before: float, after: float) -> int:
    if pixels <= NEVER_GROWS:
        return pixels
    # By way of the size at 100 %, so that nothing drifts however often the text is changed.
    return round(round(pixels / before) * after)


def _scale_widget(widget: QWidget, scaled: Callable[[int], int]) -> None:
    if 0 < widget.minimumHeight() == widget.maximumHeight():
        widget.setFixedHeight(scaled(widget.maximumHeight()))
    if 0 < widget.minimumWidth() == widget.maximumWidth():
        widget.setFixedWidth(scaled(widget.maximumWidth()))
    elif widget.maximumWidth() < NO_LIMIT:
        widget.setMaximumWidth(scaled(widget.maximumWidth()))


def _scale_layout(layout: QLayout, scaled: Callable[[int], int]) -> None:
    edges = layout.contentsMargins()
    around = (edges.left(), edges.top(), edges.right(), edges.bottom())
    layout.setContentsMargins(*(scaled(edge) for edge in around))
    if isinstance(layout, (QGridLayout, QFormLayout)):
        layout.setHorizontalSpacing(scaled(layout.horizontalSpacing()))
        layout.setVerticalSpacing(scaled(layout.verticalSpacing()))
    else:
        # What `addSpacing` put between stays: to ask a layout for its items leaves Python with
        # their addresses, under which it takes other objects for them once they are gone.
        layout.setSpacing(scaled(layout.spacing()))
    layout.invalidate()
