"""Numbers for people: sizes, counts and durations."""

_STEP = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB")


def bytes_in_words(size: int) -> str:
    """Returns a size in powers of 1000, as file managers and the Hub count: `98 MB`."""
    value = float(size)
    for unit in _UNITS:
        if value < _STEP or unit == _UNITS[-1]:
            digits = 0 if unit in {"B", "kB", "MB"} or value >= 100 else 1
            return f"{value:.{digits}f}\u00a0{unit}"
        value /= _STEP
    raise AssertionError  # the last unit always returns


def count_in_words(count: int) -> str:
    """Returns a count with a comma at each thousand: `8,192`."""
    return f"{count:,}"


def seconds_in_words(seconds: float) -> str:
    """Returns a duration as a person would say it: `0.4 s`, `12 s`, `3 min`."""
    if seconds < 10:
        return f"{seconds:.1f}\u00a0s"
    if seconds < 120:
        return f"{seconds:.0f}\u00a0s"
    return f"{seconds / 60:.0f}\u00a0min"
