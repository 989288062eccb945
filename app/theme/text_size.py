"""The sizes that text can have, and the next one up or down. Knows no Qt."""

PERCENTS = (80, 90, 100, 110, 125, 150, 175, 200)
"""What can be chosen; the settings file may name any size between the first and the last."""


def larger(scale: float) -> float:
    """Returns the next size above `scale`, or `scale` where it is the largest."""
    return next((one / 100 for one in PERCENTS if one > round(scale * 100)), scale)


def smaller(scale: float) -> float:
    """Returns the next size below `scale`, or `scale` where it is the smallest."""
    return next((one / 100 for one in reversed(PERCENTS) if one < round(scale * 100)), scale)


def usual(_: float) -> float:
    """Returns the size at a first start."""
    return 1.0


BY_KEY = {"Ctrl++": larger, "Ctrl+=": larger, "Ctrl+-": smaller, "Ctrl+0": usual}
"""What keys make of a size; the second is the plus of keyboards that want Shift for it."""
