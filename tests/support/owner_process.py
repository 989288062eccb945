"""A front end that starts two children, prints their numbers, and does as it is told.

`wait` waits to be killed; `crash` falls over itself; `leave` goes without a word.
"""

import ctypes
import os
import sys
import time

from runner.child.begin import begin_front_end


def main() -> int:
    begin_front_end()
    from runner.porter.client import PorterClient

    porter = PorterClient.from_environment()
    children = [porter.start(kind) for kind in ("echo", "lasting")]
    while not all(child.pid for child in children):
        time.sleep(0.01)
    print(os.getpid(), *(child.pid for child in children), flush=True)
    match sys.argv[2]:
        case "crash":
            ctypes.string_at(0)
        case "leave":
            os._exit(3)
    time.sleep(60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
