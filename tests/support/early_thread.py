"""Starts a thread, then filters, then lets the thread try; prints what it got."""

import socket
import threading

from runner.confine import seccomp


def main() -> None:
    go = threading.Event()

    def attempt() -> None:
        go.wait()
        try:
            socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
            print("open")
        except OSError as error:
            print(error.errno)

    thread = threading.Thread(target=attempt)
    thread.start()
    seccomp.install(
        seccomp.refusals_program(local_sockets=False, besides=(), own_pid=0), listener=False
    )
    go.set()
    thread.join()


if __name__ == "__main__":
    main()
