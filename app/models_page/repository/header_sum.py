"""Has the reader work out what a model needs, from the header that a look inside has fetched."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.context import AppContext
from app.models_page.fit import need_of_header
from app.models_page.here.file_facts import context_for
from app.models_page.hub.hub_memory import Listed
from app.models_page.repository.choice_rows import Known
from app.models_page.repository.grouping import Choice
from app.reader import arguments
from inspector.inspection import Inspection
from runner.errors import RunnerError


class HeaderSum(QObject):
    """One sum after the other. Owned by: a repository's page. Thread: GUI."""

    known = Signal(object, object)
    """What holds for every quantisation of a repository: its `Listed`, and a `Known`."""
    failed = Signal(RunnerError)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def work_out(
        self, listed: Listed, choice: Choice, path: Path, tokens: int, parameters: float | None
    ) -> None:
        """Asks for the sum at so many tokens, or at what was trained where that is less.

        Args:
            listed: the repository.
            choice: what was looked into; of a split set, its first file says what the model is.
            path: the header.
            tokens: of context.
            parameters: as they were stated, for where they can't be counted.
        """

        def done(looked: Inspection) -> None:
            wanted = context_for(tokens, looked.summary.context_trained.number)
            if looked.summary.memory.context != wanted:
                ask(wanted)
                return
            need = need_of_header(looked.summary.memory)
            counted = looked.summary.parameters.number if len(choice.files) == 1 else None
            self.known.emit(
                listed,
                Known(
                    parameters=counted or parameters,
                    is_counted=counted is not None,
                    need=need if need.is_whole else None,
                    header=looked.header_bytes,
                    quantisations={choice.files[0].path: looked.summary.quantisation.text},
                ),
            )

        def ask(context: int) -> None:
            self._context.reader.ask(
                "inspect",
                arguments.Inspect(path=str(path), context=context),
                Inspection,
                done,
                self.failed.emit,
                readable=(path,),
            )

        ask(context_for(tokens, None))
