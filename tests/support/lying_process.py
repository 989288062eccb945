"""An engine that a file has taken over: it says what is not so, before it answers as the echo does.

The question is a list in JSON of the messages that it says first; `"@"` stands for the present run.
"""

import json
import os
import sys

from runner.child.begin import begin


def main() -> int:
    beginning = begin()
    from runner.channel.bulk import write_all
    from runner.engine import work
    from runner.engine.base import Outlet
    from runner.engine.echo import EchoEngine
    from runner.protocol.engine import Done, Generate

    class LyingEngine(EchoEngine):
        def generate(self, command: Generate, outlet: Outlet) -> Done:
            question = command.said[-1].text
            if question.startswith("["):
                for lie in json.loads(question):
                    line = json.dumps(lie).replace('"@"', str(command.run))
                    write_all(beginning.control_out, line.encode() + b"\n")
            return super().generate(command, outlet)

    work._engine = lambda kind: LyingEngine()
    return work.serve(beginning)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
