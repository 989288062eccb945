"""The engine process: seals itself, imports its engine, and does what the front end asks.

`python -m runner.engine.process engine` runs llama.cpp; `echo` runs the engine that needs no model.
"""

import os
import sys

from runner.child.begin import begin


def main() -> int:
    """Runs an engine until its input ends."""
    beginning = begin()
    # Only now: what is imported here starts threads and maps foreign code.
    from runner.engine.work import serve

    return serve(beginning)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Not `sys.exit`: native threads may be in the middle of work that nobody waits for.
    os._exit(status)
