"""Ways to use Qt from Python that end the process later, somewhere else: nothing in the app takes them."""

import re
from pathlib import Path

ASKS_FOR_ITEMS = re.compile(r"\.(?:itemAt|itemAtPosition|spacerItem)\(")


def test_no_layout_is_asked_for_its_items() -> None:
    """Python keeps them under addresses where, once Qt has ended them, other objects come to lie."""
    app = Path(__file__).resolve().parents[2] / "app"
    asking = [
        f"{file.relative_to(app)}:{number}"
        for file in sorted(app.rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if ASKS_FOR_ITEMS.search(line)
    ]
    assert asking == []
