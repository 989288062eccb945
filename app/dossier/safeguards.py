"""What the rules on safeguards are given beside a file. Both front ends ask the reader through this.

Knows no Qt.
"""

from pathlib import Path

from app.model.files import card_file_of, licence_files_of
from app.reader.arguments import SafeguardsOf

MOST_NAMES = 300
"""Names of files beside the model that the rules look at."""


def safeguards_of(path: Path) -> SafeguardsOf:
    """Returns what the reader is asked for the model at `path`."""
    card = card_file_of(path)
    return SafeguardsOf(
        path=str(path),
        card=str(card) if card else "",
        documents=tuple(map(str, licence_files_of(path))),
        folder=_names_beside(path),
    )


def _names_beside(path: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in path.parent.iterdir())[:MOST_NAMES])
    except OSError:
        # A folder that can't be listed shows no policy; nothing is said of one then.
        return ()
