"""How much room the window has, which decides what folds."""

from enum import IntEnum

WIDE_PX = 1400
MIDDLE_PX = 1200


class Room(IntEnum):
    """From narrow to wide; below `WIDE` the chat list folds, below `MIDDLE` the inspector overlays."""

    NARROW = 0
    MIDDLE = 1
    WIDE = 2


def room_for(width: int, scale: float) -> Room:
    """Returns the room of a window of this width; larger text needs more of it."""
    if width >= WIDE_PX * max(1.0, scale):
        return Room.WIDE
    return Room.MIDDLE if width >= MIDDLE_PX * max(1.0, scale) else Room.NARROW
