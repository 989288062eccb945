"""A reader for tests: a real child with jobs that take long, fail, fall over or try to escape."""

import os
import sys

from runner.child.begin import begin


def main() -> int:
    beginning = begin()
    from runner.child.jobs import serve_jobs
    from tests.support.jobs import jobs

    return serve_jobs(beginning, jobs(), {"tests": "1"}, ())


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
