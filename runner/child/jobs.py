"""A child that does named jobs, such as the reader: each with its arguments, result and progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from runner.channel.bulk import Buffer, FrameKind
from runner.channel.lines import LineError
from runner.child.begin import Beginning
from runner.child.serve import Server, Task
from runner.errors import RunnerError
from runner.protocol.common import Hello, Quit
from runner.protocol.reader import Cancel, Command, Job, Progress, Result


class JobTools:
    """What a job may do besides returning its result. Thread: the job's."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.bulk_bytes = 0

    def progress(self, done: int, total: int = 0) -> None:
        """Says how far the job has come."""
        self._task.send(Progress(run=self._task.run, done=done, total=total))

    def cancelled(self) -> bool:
        """Says whether nobody wants the result any more; long jobs ask now and then."""
        return self._task.stopped()

    def send_bulk(self, kind: FrameKind, payload: Buffer) -> None:
        """Sends a large part of the result; the parts arrive joined, in this order."""
        self._task.send_frame(kind, payload)
        self.bulk_bytes += memoryview(payload).nbytes


@dataclass(frozen=True, slots=True)
class JobKind:
    """How a job is done.

    Attributes:
        arguments: the type that its arguments are checked against.
        work: does it; what it returns is encoded as JSON.
    """

    arguments: Any
    work: Callable[[Any, JobTools], object]


def serve_jobs(
    beginning: Beginning,
    jobs: Mapping[str, JobKind],
    build: Mapping[str, str],
    expected: tuple[type[Exception], ...],
) -> int:
    """Does jobs until the input ends; returns the exit status.

    Args:
        beginning: what `begin` returned.
        jobs: the table of jobs.
        build: names and versions for `ready`.
        expected: exceptions with a code, a detail and a context, besides `RunnerError`.
    """

    def work(command: Job | Cancel, task: Task) -> None:
        if isinstance(command, Cancel):
            return  # heard by the reading thread
        kind = jobs.get(command.name)
        if kind is None:
            raise RunnerError("reader.unknown_job", command.name)
        try:
            arguments = msgspec.json.decode(command.arguments, type=kind.arguments)
        except msgspec.DecodeError as error:
            raise RunnerError("reader.bad_arguments", str(error)) from error
        tools = JobTools(task)
        value = msgspec.Raw(msgspec.json.encode(kind.work(arguments, tools)))
        try:
            task.send(Result(run=command.run, value=value, bulk_bytes=tools.bulk_bytes))
        except LineError as error:
            raise RunnerError("reader.result_too_long", str(error)) from error

    decoder: msgspec.json.Decoder[Hello | Quit | Job | Cancel] = msgspec.json.Decoder(Command)
    server: Server[Job | Cancel] = Server(
        beginning, decoder, build, work, Cancel, (RunnerError, *expected)
    )
    return server.run()
