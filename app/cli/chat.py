"""A chat in the terminal: temporary, streamed, stopped by Ctrl+C, left by Ctrl+D."""

import contextlib
import secrets
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.figures import figures
from app.cli.models import wanted_file
from app.cli.talk import Talk, sampling_for
from app.cli.tell import tell
from app.cli.unenforced import may_run
from runner.errors import RunnerError
from runner.protocol.engine import Loaded, Role, Said

PROMPT = "> "
WELCOME = (
    "Chatting with {name} ({context} tokens of context). Ctrl+C stops an answer, Ctrl+D leaves. "
    "This chat is not kept."
)
RAW = "The file has no chat template, so the model continues your text as it stands."


def run(wanted: Namespace, desk: Desk) -> int:
    """Chats until the person leaves or the input ends."""
    path = wanted_file(wanted.file)
    may_run(desk, path, agreed=wanted.unenforced or wanted.echo)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - being there gives input() its line editing

    talk = Talk(desk, "echo" if wanted.echo else "engine")
    try:
        loaded = talk.load(path)
        desk.screen.note(WELCOME.format(name=path.name, context=loaded.context))
        if loaded.template == "none":
            desk.screen.note(RAW)
        _Chat(wanted, desk, talk, path, loaded).go_on()
    finally:
        talk.close()
    return Exit.DONE


class _Chat:
    """The conversation so far. A turn that failed leaves no trace in it."""

    def __init__(
        self, wanted: Namespace, desk: Desk, talk: Talk, path: Path, loaded: Loaded
    ) -> None:
        self._wanted = wanted
        self._desk = desk
        self._talk = talk
        self._path = path
        self._sampling, _ = sampling_for(loaded)
        self._said: list[Said] = []

    def go_on(self) -> None:
        while (question := self._next_question()) is not None:
            # The engine may have ended while the person typed.
            self._is_told_to_leave()
            try:
                self._turn(question)
            except RunnerError as error:
                self._mend(error)

    def _next_question(self) -> str | None:
        """Returns what the person types, or None where they leave or the input ends."""
        line = ""
        while not line.strip():
            if self._is_told_to_leave():
                return None
            try:
                with _interrupts_here():
                    line = input(PROMPT if sys.stdin.isatty() else "")
            except (EOFError, KeyboardInterrupt):
                if sys.stdin.isatty():
                    self._desk.screen.note("")
                return None
        return line

    def _is_told_to_leave(self) -> bool:
        """Hears what came while nobody listened; a model whose process has ended is mended."""
        try:
            return self._talk.catch_up()
        except RunnerError as error:
            self._mend(error)
            return False

    def _turn(self, question: str) -> None:
        said = [*self._said, Said(Role.USER, question)]
        seed = self._wanted.seed if self._wanted.seed is not None else secrets.randbelow(2**32)
        spoken = self._talk.answer(
            said,
            self._sampling,
            seed,
            max_tokens=self._wanted.max_tokens,
            heard=self._desk.screen.answer,
        )
        self._desk.screen.end_answer()
        self._desk.screen.aside(figures(spoken.done, seed))
        self._said = [*said, Said(Role.ASSISTANT, spoken.text)]

    def _mend(self, error: RunnerError) -> None:
        """Tells of a failure, and loads the model again where its process has ended."""
        tell(self._desk.screen, error)
        if self._talk.session.loaded is None:
            self._talk.load(self._path)
            self._desk.screen.note("The model is loaded again; the chat so far is kept.")


@contextlib.contextmanager
def _interrupts_here() -> Iterator[None]:
    """Lets Ctrl+C leave while the person is asked; elsewhere it is an event."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
