"""The commands of `lightwell`, one a file; each has a `COMMAND`.

A command's module imports only the standard library at its top, because the porter reads its
arguments from there too; what does the work is imported when it runs. To add a command, add its
file and its name here.
"""

from app.cli.command import Command
from app.cli.commands import (
    check,
    compare,
    desktop,
    doctor,
    inspect,
    ledger,
    models,
    network,
    openness,
    pull,
    report,
    run,
    token,
)

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    inspect.COMMAND,
    models.COMMAND,
    pull.COMMAND,
    openness.COMMAND,
    compare.COMMAND,
    report.COMMAND,
    check.COMMAND,
    network.COMMAND,
    ledger.COMMAND,
    token.COMMAND,
    desktop.COMMAND,
    doctor.COMMAND,
)
