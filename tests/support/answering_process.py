"""Stands for the person whom the porter asks: notes what it was asked, and prints what it was told to.

Told `nothing`, it never answers.
"""

import os
import sys
import time
from pathlib import Path

from runner.child.begin import begin_front_end


def main() -> int:
    begin_front_end()
    with Path(os.environ["LIGHTWELL_TEST_ASKED"]).open("a") as asked:
        asked.write(f"{sys.argv[2]}\n")
    says = os.environ["LIGHTWELL_TEST_SAYS"]
    if says == "nothing":
        time.sleep(600)
    os.write(1, f"{says}\n".encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
