"""On which kinds of device this has been seen to work, as far as a record of it is kept. Knows no Qt."""

import msgspec

from resources import table

NUMBER = "0123456789"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    tried: list[str]


def is_tried(name: str) -> bool:
    """Whether the tests for devices are recorded as passed on this kind; its name ends in a number."""
    return name.rstrip(NUMBER) in table("devices.toml", _File).tried
