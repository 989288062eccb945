"""What is left of a start that the system had no room for."""

import subprocess
import sys
import textwrap


def test_a_start_without_room_for_its_descriptors_leaves_none_open() -> None:
    script = """
    import os, resource
    from app.processes import table
    from runner.porter.first import HIGH
    from runner.porter.spawn import start_child, start_helper

    def held():
        return sorted(name for name in os.listdir("/proc/self/fd"))

    kinds, hard = table(), resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    starts = {
        # How many descriptors each needs above those that a process starts with.
        13: lambda: start_child(kinds["gate"]),
        3: lambda: start_helper(kinds["confirm"], [], {}),
    }
    before, failed = held(), 0
    for needed, start in starts.items():
        for room in range(needed):
            resource.setrlimit(resource.RLIMIT_NOFILE, (HIGH + room, hard))
            try:
                start()
            except OSError:
                failed += 1
            assert held() == before, (needed, room, held())
    print(failed)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (0, "16\n"), ran.stderr
