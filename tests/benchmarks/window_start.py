"""How long until the window is usable, against a bare PySide6 window: `python -m tests.benchmarks.window_start`.

Pairs are interleaved. A start counts from the moment before the first process is made (the porter
included) to the first turn of the event loop after the window was painted. The model is loaded
afterwards, in a process of its own, and is not part of it.
"""

import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.pairs import arguments, compare, machine

BARE = "tests.benchmarks.window_start_bare"
OURS = "tests.benchmarks.window_start_ours"
ROOT = Path(__file__).parents[2]


def packages() -> list[str]:
    """Returns the folders of installed packages, which `./run` names."""
    return [place for place in sys.path if Path(place).name == "site-packages"]


def start_once(module: str, home: Path) -> float:
    """Starts one window and returns the seconds until it is usable."""
    environment = dict(os.environ)
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        environment[f"XDG_{name}_HOME"] = str(home / name.lower())
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    environment["XDG_RUNTIME_DIR"] = str(runtime)
    environment.setdefault("QT_QPA_PLATFORM", "xcb" if "DISPLAY" in os.environ else "offscreen")
    environment["BENCH_BEGAN"] = str(time.monotonic())
    command = [sys.executable, "-m", module]  # as anybody starts a program of PySide6's
    if module == OURS:  # as `./run` starts the app
        program = f"import sys; from {module} import main; sys.exit(main())"
        command = [sys.executable, "-P", "-S", "-s", "-c", program]
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *packages()])
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    for line in done.stdout.splitlines():
        if line.startswith("usable "):
            return float(line.split()[1])
    raise RuntimeError(done.stderr[-2000:])


def main() -> None:
    wanted = arguments(__doc__ or "").parse_args()
    # As `./run` does once after each change: processes of ours never write compiled modules.
    for package in ("app", "inspector", "runner", "resources", "tests/benchmarks"):
        compileall.compile_dir(ROOT / package, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for module in (BARE, OURS):  # warms the disk's cache, and makes the folders
            start_once(module, home)
        found = compare(
            "window usable",
            lambda: start_once(OURS, home),
            lambda: start_once(BARE, home),
            bar=2.5,
            at_most=True,
            pairs=wanted.pairs,
            unit="s",
        )
    print(found)
    if wanted.json:
        report = {"machine": machine(), "results": [asdict(found)]}
        wanted.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
