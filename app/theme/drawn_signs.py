"""The few signs that a style sheet can only take from a file: arrows of fields, ticks of boxes.

They are drawn from our icons in the theme's colours and kept in the cache folder, under a name
made from what they hold, so that a start finds them there. Where they cannot be written, such as
on a full disk, the controls work without them.
"""

import logging
import zlib
from pathlib import Path

from PySide6.QtCore import QDir

import resources
from app.theme.icons import PLACEHOLDER
from app.theme.tokens import Tokens
from runner.library.paths import make_private

log = logging.getLogger(__name__)

PREFIX = "signs"
"""What the style sheet calls the folder: `url(signs:chevron-down.svg)`."""

_SIGNS = {"chevron-down": "soft", "chevron-up": "soft", "check": "on_accent", "stop": "on_accent"}


def put_signs(tokens: Tokens, cache: Path) -> None:
    """Has the style sheet find the signs in the colours of `tokens`."""
    drawn = {
        f"{name}.svg": resources.text(f"icons/{name}.svg").replace(
            PLACEHOLDER, tokens.colours[role]
        )
        for name, role in _SIGNS.items()
    }
    folder = cache / "signs" / f"{zlib.crc32(''.join(drawn.values()).encode()):08x}"
    try:
        make_private(cache)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in drawn.items():
            file = folder / name
            if not file.is_file() or file.stat().st_size != len(content.encode()):
                file.write_text(content, encoding="utf-8")
    except OSError as error:
        log.warning("fields are drawn without arrows: %s", error)
    QDir.setSearchPaths(PREFIX, [str(folder)])
