"""From a conversation to tokens: rendered, measured, cut into tokens, all within limits."""

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runner.engine.llama import binding
from runner.engine.llama.vocabulary import Vocabulary
from runner.engine.template import ChatTemplate
from runner.errors import RunnerError
from runner.protocol.engine import Said

BYTES_PER_TOKEN = 4
"""What a token is worth in bytes of ordinary text, for the limit on a whole conversation."""

LONGEST_MESSAGE_BYTES = 256 * 1024
_CONTEXTS = 4
_ON_A_THREAD = 16 * 1024
_TOKENISE_DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation as the model gets it."""

    tokens: list[int]
    sha256: str


class PromptMaker:
    """Makes prompts for one model.

    Args:
        vocabulary: the model's.
        template: the file's chat template; None for raw completion, which joins the texts.
        context: tokens of context in force.
    """

    def __init__(self, vocabulary: Vocabulary, template: ChatTemplate | None, context: int) -> None:
        self._vocabulary = vocabulary
        self._template = template
        self._context = context
        self._straggler: threading.Thread | None = None

    def make(
        self,
        said: Sequence[Said],
        prefill: str,
        stopped: Callable[[], bool] = lambda: False,
        *,
        raw: bool = False,
    ) -> Prompt:
        """Renders and tokenises a conversation with the start of its answer; `raw` renders nothing.

        Raises:
            RunnerError: `engine.prompt_too_long`, `engine.message_too_long`,
                `engine.tokenising_too_slow`, `engine.stopped`, or what the template raises.
        """
        said = [Said(message.role, whole_characters(message.text)) for message in said]
        self._check_lengths([*(message.text for message in said), prefill])
        if self._template and not raw:
            text = self._template.render(said, dt.datetime.now().astimezone())
        else:
            text = "".join(message.text for message in said)
        text += whole_characters(prefill)
        return Prompt(
            tokens=self._tokenise(text, stopped),
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )

    def count(self, text: str) -> int:
        """Counts the tokens of a text by itself, its marks of the format taken as plain text."""
        text = whole_characters(text)
        self._check_lengths([text])
        return len(self._on_a_thread(text.encode(), lambda: False, special=False))

    def close(self) -> None:
        """Waits for a tokenising that was given up, for it reads the model's memory."""
        if self._straggler:
            self._straggler.join()

    def _check_lengths(self, texts: Sequence[str]) -> None:
        sizes = [len(text.encode()) for text in texts]
        # One tokeniser's time grows with the square of a message's length, so each has a limit.
        if max(sizes, default=0) > LONGEST_MESSAGE_BYTES:
            raise RunnerError(
                "engine.message_too_long", kb=_kb(max(sizes)), limit_kb=_kb(LONGEST_MESSAGE_BYTES)
            )
        limit = _CONTEXTS * self._context * BYTES_PER_TOKEN
        if sum(sizes) > limit:
            raise RunnerError(
                "engine.prompt_too_long",
                kb=_kb(sum(sizes)),
                limit_kb=_kb(limit),
                context=self._context,
            )

    def _tokenise(self, text: str, stopped: Callable[[], bool]) -> list[int]:
        tokens = self._on_a_thread(text.encode(), stopped, special=True)
        bos = self._vocabulary.bos
        if self._vocabulary.adds_bos and tokens[:1] != [bos]:
            return [bos, *tokens]
        return tokens

    def _on_a_thread(self, text: bytes, stopped: Callable[[], bool], *, special: bool) -> list[int]:
        """Tokenises, on a thread of its own where that may take long and can't be interrupted."""
        handle = self._vocabulary.handle
        if len(text) < _ON_A_THREAD:
            return binding.tokenise(handle, text, bos=False, special=special)
        if self._straggler:
            self._straggler.join()
            self._straggler = None
        result: list[int] = []
        finished = threading.Event()

        def work() -> None:
            result.extend(binding.tokenise(handle, text, bos=False, special=special))
            finished.set()

        thread = threading.Thread(target=work, daemon=True, name="tokeniser")
        thread.start()
        began = time.monotonic()
        while not finished.wait(0.05):
            late = time.monotonic() - began > _TOKENISE_DEADLINE_S
            if late or stopped():
                self._straggler = thread
                code = "engine.tokenising_too_slow" if late else "engine.stopped"
                raise RunnerError(code, kb=_kb(len(text)), seconds=_TOKENISE_DEADLINE_S)
        return result


def _kb(size: int) -> int:
    """Kilobytes, rounded up, so that what is too long is never shown as short enough."""
    return -(-size // 1024)


def whole_characters(text: str) -> str:
    """The text with halves of characters, which no file can hold, made replacement characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
