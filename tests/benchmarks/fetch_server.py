"""Serves one file as the Hub does, in a process of its own: `python -m tests.benchmarks.fetch_server`."""

import sys
from pathlib import Path

from tests.support.hub import HubServer, Repo

REPOSITORY, NAME = "maker/large-GGUF", "large.gguf"


def main() -> None:
    with HubServer() as hub:
        repo = hub.world.add(Repo(REPOSITORY))
        commit = repo.commit("first", {NAME: Path(sys.argv[1])})
        blob = repo.revisions[commit][NAME]
        print(hub.endpoint, commit, blob.size, blob.sha256, blob.git_name, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
