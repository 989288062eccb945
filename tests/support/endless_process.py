"""An engine that a file has taken over: it answers without end, in the way that it is asked to.

The question says how: `words` (a token and a word at a time), `long` (no token, much text), `nothing`
(neither), `probabilities` (frames that nobody asked for), `reading` (how far it has read), `counts` (answers to what nobody asked), anything
else as the echo engine does.
It hears no stop. A state that it is asked for never ends either.
"""

import os
import sys
from itertools import count

from runner.child.begin import begin

WAYS = ("words", "long", "nothing", "probabilities", "reading", "counts")


def main() -> int:
    beginning = begin()
    from runner.channel.bulk import FrameKind
    from runner.engine import work
    from runner.engine.base import Outlet
    from runner.engine.echo import EchoEngine
    from runner.protocol.engine import (
        Chunk,
        Counted,
        Done,
        Generate,
        Reading,
        SaveState,
        StateSaved,
    )

    class EndlessEngine(EchoEngine):
        def generate(self, command: Generate, outlet: Outlet) -> Done:
            run, how = command.run, command.said[-1].text
            for number in count() if how in WAYS else ():
                match how:
                    case "words":
                        outlet.send(Chunk(run=run, text=f"word{number} ", tokens=[number]))
                    case "long":
                        outlet.send(Chunk(run=run, text="x" * 60_000))
                    case "nothing":
                        outlet.send(Chunk(run=run, text=""))
                    case "counts":
                        outlet.send(Counted(run=run, tokens=number))
                    case "reading":
                        outlet.send(Reading(run=run, done=number, total=2**31, kept=0))
                    case _:
                        outlet.send_frame(FrameKind.LOGPROBS, bytes(100_000))
                        outlet.send(Chunk(run=run, text="."))
            return super().generate(command, outlet)

        def save_state(self, command: SaveState, outlet: Outlet) -> StateSaved:
            while True:
                outlet.send_frame(FrameKind.STATE, bytes(100_000))

    work._engine = lambda kind: EndlessEngine()
    return work.serve(beginning)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
