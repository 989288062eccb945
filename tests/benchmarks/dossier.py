"""The whole dossier of a local file through the warm, sealed reader: `python -m tests.benchmarks.dossier`.

With a card of 25 kB beside the starter model or without: inspection, licences, lineage with templates and
card, claims, safeguards, openness, one after the other as the window and the terminal ask for them. The bar
is 300 ms.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from app.dossier.claims import claims_of, readable_for
from app.dossier.openness import openness_asked
from app.dossier.papers import dossier_of, licences_of, safeguards_of
from app.reader import arguments
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.frameworks.profile import Profile
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from inspector.safeguards.values import SafeguardReport
from runner.errors import RunnerError
from runner.library.starter import starter
from runner.reader_client import ReaderClient
from tests.support.porter import running_porter
from tests.support.shared_data import SHARED

ROUNDS = 20
CARD = SHARED / "cards/llama-3.2/MODEL_CARD.md"


def jobs(path: Path) -> tuple[tuple[str, object, type[Any]], ...]:
    """Returns every job of a dossier, with what it answers."""
    openness, _ = openness_asked(None, path)
    return (
        ("inspect", arguments.Inspect(path=str(path)), Inspection),
        ("licences", licences_of(path), LicenceReport),
        ("dossier", dossier_of(path), Dossier),
        ("claims", claims_of(path), ClaimReport),
        ("safeguards", safeguards_of(path), SafeguardReport),
        ("openness", openness, Profile),
    )


def dossier_ms(reader: ReaderClient, path: Path) -> dict[str, float]:
    """Returns the milliseconds of each job of one dossier, and of all of them."""
    readable, taken = readable_for(path), {}
    began = time.perf_counter()
    for job, asked, shape in jobs(path):
        done = threading.Event()
        failed: list[RunnerError] = []

        def fell(error: RunnerError, failed: list[RunnerError] = failed, done: Any = done) -> None:
            failed.append(error)
            done.set()

        start = time.perf_counter()
        reader.ask(
            job,
            asked,
            shape,
            lambda _, done=done: done.set(),
            fell,
            readable=readable,
            deadline_s=30,
        )
        done.wait(40)
        if failed:
            raise failed[0]
        taken[job] = (time.perf_counter() - start) * 1_000
    return taken | {"whole": (time.perf_counter() - began) * 1_000}


def measure(path: Path, title: str) -> None:
    """Prints one row for a file."""
    with running_porter() as porter:
        reader = ReaderClient(porter, lambda work: work())
        first = dossier_ms(reader, path)["whole"]
        rounds = [dossier_ms(reader, path) for _ in range(ROUNDS)]
        reader.close()
    median = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    parts = ", ".join(f"{name} {ms:.0f}" for name, ms in median.items() if name != "whole")
    print(
        f"{title}: median of {ROUNDS} {median['whole']:.0f} ms ({parts}), "
        f"worst {max(one['whole'] for one in rounds):.0f} ms, the first with the reader's own start "
        f"{first:.0f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def main() -> None:
    """Measures the files that are named; without any, the starter alone and with a real card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="a model, with what lies beside it")
    named = parser.parse_args().file
    if named is not None:
        measure(named, str(named))
        return
    file = starter().path()
    if file is None:
        raise SystemExit("the starter model is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.symlink_to(file)
        measure(path, "starter")
        if CARD.is_file():
            shutil.copy(CARD, Path(folder) / "README.md")
            measure(path, f"starter with a card of {CARD.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
