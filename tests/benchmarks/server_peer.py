"""llama.cpp's own server, from the xllamacpp wheel; run by an interpreter that has the wheel.

    PYTHON server_peer.py FILE --threads N --context N

Prints the server's address and the library's system line as JSON, and serves until its input ends.
Standard library and xllamacpp only: nothing of the app is on this interpreter's path.
"""

import argparse
import json
import os
import sys


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--context", type=int, default=2048)
    options = parser.parse_args()

    # The server logs to standard output; the answer to our parent goes to a copy of it.
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = options.file
    parameters.n_ctx = options.context
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = options.threads
    parameters.cpuparams_batch.n_threads = options.threads
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    server = xllamacpp.Server(parameters)
    line = {"address": server.listening_address, "system": xllamacpp.get_system_info()}
    os.write(answer, json.dumps(line).encode() + b"\n")
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
