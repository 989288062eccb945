"""A deadline for Python code on this thread: when it passes, an exception is raised inside it."""

import ctypes
import threading
from types import TracebackType
from typing import Self


class DeadlinePassed(BaseException):
    """The deadline has passed; no `Exception`, so that untrusted code can't catch it."""


class Deadline:
    """Interrupts the code of its block after a time.

    A second thread waits, and asks the interpreter to raise `DeadlinePassed` in the first at its
    next instruction. One long call into C is not interrupted until it returns: what is allowed in
    the block must keep those short.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._over = False
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="deadline")
        self._target = 0

    def __enter__(self) -> Self:
        self._target = threading.get_ident()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._over = True
        self._finished.set()
        if kind is None:
            self._let_it_arrive()

    def _watch(self) -> None:
        if self._finished.wait(self._seconds):
            return
        with self._lock:
            if not self._over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._target), ctypes.py_object(DeadlinePassed)
                )

    def _let_it_arrive(self) -> None:
        """Gives an exception that was asked for just before the end the chance to come here."""
        for _ in range(100):
            pass
