"""The reader process: seals itself, then looks into untrusted files, one job at a time.

The porter starts it as `python -m app.reader.process reader`. It has no network, reads only what it
was started for, and writes nothing.
"""

import os
import sys

from runner.child.begin import begin


def main() -> int:
    """Does jobs until the input ends."""
    beginning = begin()
    # Only now: what is imported here starts threads and maps foreign code.
    from app.reader.jobs import serve

    return serve(beginning)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Not `sys.exit`: threads of libraries may be in the middle of work that nobody waits for.
    os._exit(status)
