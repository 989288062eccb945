"""Serves one file as the Hub does, in a process of its own: `python -m tests.benchmarks.fetch_server`."""

import os
import sys
from pathlib import Path

from tests.support.hub import Fault, HubServer, Repo

EACH = "EACH"
"""The variable that says how many bytes a second each connection gets; none for as many as go."""

REPOSITORY, NAME = "maker/large-GGUF", "large.gguf"


def main() -> None:
    with HubServer() as hub:
        repo = hub.world.add(Repo(REPOSITORY))
        commit = repo.commit("first", {NAME: Path(sys.argv[1])})
        blob = repo.revisions[commit][NAME]
        if each := os.environ.get(EACH):
            hub.faults.plan(Fault.SLOW, int(each), path="/store/")
        print(hub.endpoint, commit, blob.size, blob.sha256, blob.git_name, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
