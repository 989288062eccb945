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
from app.cli.talk import Spoken, Talk, sampling_for
from app.cli.tell import tell
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
        for question in _questions(self._desk):
            try:
                self._turn(question)
            except RunnerError as error:
                tell(self._desk.screen, error)
                self._revive()

    def _turn(self, question: str) -> None:
        said = [*self._said, Said(Role.USER, question)]
        seed = self._wanted.seed if self._wanted.seed is not None else secrets.randbelow(2**32)
        spoken: Spoken = self._talk.answer(
            said,
            self._sampling,
            seed,
            max_tokens=self._wanted.max_tokens,
            heard=self._desk.screen.answer,
        )
        self._desk.screen.line()
        self._desk.screen.note(figures(spoken.done, seed))
        self._said = [*said, Said(Role.ASSISTANT, spoken.text)]

    def _revive(self) -> None:
        """Loads the model again where its process has ended; the conversation is kept here."""
        if self._talk.session.loaded is None:
            self._talk.load(self._path)
            self._desk.screen.note("The model is loaded again; the chat so far is kept.")


def _questions(desk: Desk) -> Iterator[str]:
    """Yields what the person types, line by line, until Ctrl+D, Ctrl+C or the input's end."""
    while True:
        try:
            with _interrupts_here():
                line = input(PROMPT if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            if desk.screen.is_terminal:
                desk.screen.note("")
            return
        if line.strip():
            yield line


@contextlib.contextmanager
def _interrupts_here() -> Iterator[None]:
    """Lets Ctrl+C leave while the person is asked; elsewhere it is an event."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
