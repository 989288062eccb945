"""Shows a folder of the library in the person's file manager, through the porter's own question."""

from pathlib import Path

from app.context import AppContext
from runner.errors import RunnerError


def show_folder(context: AppContext, folder: Path) -> None:
    """Asks the porter to show a folder; the window may start no program by itself.

    Args:
        context: whose porter and notices are used.
        folder: the models folder, or one that a model of the library lies in.
    """

    def answered(_: bool, code: str) -> None:
        if code:
            context.mailbox.post(
                lambda: context.notices.failure(RunnerError(code, path=str(folder)))
            )

    context.porter.open_folder(folder.absolute(), answered)
