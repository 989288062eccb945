"""The page about JSON names every field that the commands print."""

import json
import re
from pathlib import Path

import pytest

from tests.app.cli.test_commands import call

PAGE = Path(__file__).parents[3] / "docs/guide/json.md"


def section(schema: str) -> str:
    """Returns what the page says of a form."""
    return re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:][
        ["lightwell.run/1", "lightwell.inspect/1", "lightwell.doctor/1"].index(schema)
    ]


@pytest.mark.parametrize(
    ("command", "opened"),
    [
        (["run", "-p", "hi", "--max-tokens", "2"], ("model",)),
        (["inspect"], ()),
        (["doctor"], ("machine", "engine", "reader", "starter")),
    ],
    ids=["run", "inspect", "doctor"],
)
def test_every_field_is_on_the_page(
    command: list[str], opened: tuple[str, ...], starter_model: Path
) -> None:
    file = [] if command == ["doctor"] else [starter_model]
    printed = json.loads(call(*command, "--json", *file).stdout)
    page = section(printed["schema"])
    named = set(re.findall(r"`([a-z_0-9.]+)`", page))
    for name, value in printed.items():
        if name in opened and f"{name}.works" not in named and name in named:
            assert set(value) <= named, name
        elif name in opened:
            assert {f"{name}.{inner}" for inner in value} <= named, name
        else:
            assert name in named, name
