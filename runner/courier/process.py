"""The courier's process: seals itself, then does what it is asked, through the gate alone.

The porter starts it as `python -m runner.courier.process courier`.
"""

import os
import sys

from runner.child.begin import begin

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""What keeps the Hub's library from asking for more than it was told to."""


def main() -> int:
    """Does jobs until the input ends."""
    beginning = begin()
    os.environ.update(QUIET)
    # Only now: the library reads its variables when it is imported, and must stand behind the walls.
    from runner.child.jobs import serve_jobs
    from runner.courier.hub import BUILD, Hub

    return serve_jobs(beginning, Hub().jobs(), BUILD, ())


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Not `sys.exit`: threads of libraries may be in the middle of work that nobody waits for.
    os._exit(status)
