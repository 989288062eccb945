"""Joins an engine to its channels: each command to the engine's method, each result to an event."""

import os
from typing import assert_never

import msgspec

from runner.channel.bulk import FrameKind
from runner.child.begin import Beginning
from runner.child.serve import Server, Task
from runner.engine import tryout
from runner.engine.base import Engine
from runner.errors import RunnerError
from runner.protocol.common import Hello, Quit
from runner.protocol.engine import (
    Command,
    Count,
    Counted,
    Generate,
    Load,
    RestoreState,
    SaveState,
    StateRestored,
    Stop,
    Tried,
    TryOut,
    Unload,
    Unloaded,
)

Work = Load | Unload | Generate | Count | SaveState | RestoreState | TryOut | Stop
LARGEST_STATE_BYTES = 16 * 1024**3


def serve(beginning: Beginning) -> int:
    """Makes the engine of this kind and serves it until the input ends."""
    engine = _engine(beginning.kind)
    decoder: msgspec.json.Decoder[Hello | Quit | Work] = msgspec.json.Decoder(Command)

    def work(command: Work, task: Task) -> None:
        _carry_out(engine, command, task)

    server: Server[Work] = Server(beginning, decoder, engine.build, work, Stop, (RunnerError,))
    return server.run()


def _engine(kind: str) -> Engine:
    """Imports and makes one engine; the other's libraries stay out of this process."""
    if kind == "echo":
        from runner.engine.echo import EchoEngine

        return EchoEngine()
    from runner.engine.llama.engine import LlamaEngine

    return LlamaEngine()


def _carry_out(engine: Engine, command: Work, task: Task) -> None:
    match command:
        case Load():
            task.send(engine.load(command, task))
        case Unload():
            engine.unload()
            task.send(Unloaded(run=command.run))
        case Generate():
            task.send(engine.generate(command, task))
        case Count():
            task.send(Counted(run=command.run, tokens=engine.count(command)))
        case SaveState():
            task.send(engine.save_state(command, task))
        case RestoreState():
            if not 0 < command.bytes <= LARGEST_STATE_BYTES:
                raise RunnerError("engine.state_damaged", f"{command.bytes} bytes")
            state = task.collect(FrameKind.STATE, command.bytes)
            tokens = engine.restore_state(command, state)
            task.send(StateRestored(run=command.run, tokens=tokens))
        case TryOut():
            tries = tryout.attempts(os.getppid())
            task.send(Tried(run=command.run, tries=tries))
        case Stop():
            pass  # heard by the reading thread
        case _:
            assert_never(command)
