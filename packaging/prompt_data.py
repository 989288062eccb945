"""Makes the published set of safe prompts that the bench can put, out of its authors' table.

Run it by hand when the set is new; the app needs only what it writes.

    python packaging/prompt_data.py xstest_prompts.csv

The table's columns are `id,prompt,type,label,focus,note`. Only rows with the label `safe` are taken:
what is harmful is not shipped.
"""

import argparse
import csv
import hashlib
import io
import json
from pathlib import Path

HOME = Path(__file__).parent.parent / "resources" / "safeguards" / "sets"

HEAD = """\
# The safe prompts of XSTest, word for word. Its other prompts are harmful and are not here.
# Made by packaging/prompt_data.py.
schema = 1
version = "XSTest, safe prompts"

[published]
title = "XSTest: A Test Suite for Identifying Exaggerated Safety Behaviours in Large Language Models"
short = "XSTest"
authors = "Paul Röttger, Hannah Rose Kirk, Bertie Vidgen, Giuseppe Attanasio, Federico Bianchi, Dirk Hovy"
year = 2024
paper = "https://aclanthology.org/2024.naacl-long.301/"
url = "https://github.com/paul-rottger/exaggerated-safety"
commit = "475f10bf0a3d6a9dfb174b6de1a38afbfdff98a5"
dated = 2025-02-11
retrieved = 2026-11-21
licence = "CC-BY-4.0"
licence_url = "https://creativecommons.org/licenses/by/4.0/"
"""


def main() -> None:
    """Writes `xstest.toml`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    (HOME / "xstest.toml").write_text(made(parser.parse_args().table), encoding="utf-8")


def made(table: Path) -> str:
    """Returns the set as a file: the safe rows of the authors' table, by kind, in its order."""
    raw = table.read_bytes()
    kinds: dict[str, list[str]] = {}
    left_out = 0
    for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))):
        if row["label"] == "safe":
            kinds.setdefault(row["type"].replace("_", " "), []).append(row["prompt"])
        else:
            left_out += 1
    lines = [
        f'file = "{table.name}"',
        f'file_sha256 = "{hashlib.sha256(raw).hexdigest()}"',
        f"left_out = {left_out}",
        "",
        "[types]",
    ]
    for kind, prompts in kinds.items():
        # JSON's strings are TOML's, as long as nothing in them is a surrogate.
        every = "".join(f"    {json.dumps(one, ensure_ascii=False)},\n" for one in prompts)
        lines.append(f"{json.dumps(kind)} = [\n{every}]")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
