"""Stretches of a file that came before their turn: each in a file of its own beside the part.

Such a file is named by where its stretch begins, and is as long as what has come of it: nothing
else must survive a kill. Once its turn has come its bytes are hashed, put behind the part's, and
it goes.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.courier.part import PartFile, not_written
from runner.own_files import open_itself, read_at

PART = ".part"
"""The ending of what is not whole yet, so that no other app takes it for a model."""

STRIPE = 32 * 1024 * 1024
"""How long a stretch is: worth a connection, and little to hash once more."""

BLOCK = 1024 * 1024
_NUMBERED = re.compile(r"(?P<stem>.+)\.at-(?P<start>\d{1,18})\.part")


@dataclass(frozen=True, slots=True)
class Stripe:
    """A stretch: where it begins in the whole file, and where its bytes lie."""

    start: int
    path: Path

    def held(self) -> int:
        """Returns how many bytes of it are here."""
        try:
            return self.path.lstat().st_size
        except OSError:
            return 0

    @property
    def reach(self) -> int:
        """Up to where in the whole file it is here."""
        return self.start + self.held()


def stripe_at(part: Path, start: int) -> Stripe:
    """Returns the stretch of a part that begins there."""
    return Stripe(start, part.with_name(f"{part.name.removesuffix(PART)}.at-{start}{PART}"))


def stripes_of(part: Path) -> list[Stripe]:
    """Returns the stretches of a part that are here, in order."""
    found = []
    try:
        names = [path.name for path in part.parent.iterdir()]
    except OSError:
        return []
    for name in names:
        numbered = _NUMBERED.fullmatch(name)
        if numbered is not None and f"{numbered['stem']}{PART}" == part.name:
            found.append(Stripe(int(numbered["start"]), part.with_name(name)))
    return sorted(found, key=lambda one: one.start)


def part_name(name: str) -> str:
    """Returns the name of the part that a file belongs to; that of a part is its own."""
    numbered = _NUMBERED.fullmatch(name)
    return f"{numbered['stem']}{PART}" if numbered else name


def drop_stripes(part: Path) -> None:
    """Removes every stretch of a part."""
    for stripe in stripes_of(part):
        stripe.path.unlink(missing_ok=True)


def append(part: PartFile, stripe: Stripe, unwanted: Callable[[], bool]) -> None:
    """Hashes what has come of a stretch and puts it behind the part's bytes.

    Raises:
        RunnerError: `fetch.no_space`, `fetch.cannot_write`.
    """
    try:
        # No link: it would bring bytes that nobody fetched.
        descriptor = open_itself(stripe.path, os.O_RDONLY)
    except FileNotFoundError:
        return
    except OSError as error:
        raise not_written(error, stripe.path) from error
    try:
        while not unwanted():
            # Nothing beyond the file's end, whatever lies there: reading that would never end.
            most = min(BLOCK, part.size - part.length)
            data = read_at(descriptor, most, part.length - stripe.start)
            if not data:
                return
            part.write(data)
    finally:
        os.close(descriptor)


def take_in(
    part: PartFile, unwanted: Callable[[], bool], is_open: Callable[[int], bool] = lambda _: False
) -> int:
    """Puts every stretch behind the part whose turn has come; returns where the next one begins.

    Args:
        part: whose bytes are hashed up to its end.
        unwanted: asked between blocks.
        is_open: says of a stretch, by its beginning, whether more of it is still being written.

    Returns:
        the beginning of the next stretch that is here, or the whole file's length.
    """
    for stripe in stripes_of(part.path):
        if stripe.start > part.length:
            return min(stripe.start, part.size)
        # Asked first: what is written after the last look must not go with the file.
        more_comes = is_open(stripe.start)
        if stripe.reach > part.length:
            append(part, stripe, unwanted)
        if more_comes or unwanted():
            return part.size
        stripe.path.unlink(missing_ok=True)
    return part.size


def ahead_of(part: PartFile) -> int:
    """Returns how many bytes are here beyond the part's own."""
    return sum(
        max(0, stripe.reach - max(stripe.start, part.length)) for stripe in stripes_of(part.path)
    )
