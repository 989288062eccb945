"""An engine without a model: it repeats the question, one word a token, the same every time.

It is the double that tests and demonstrations run: a real process behind the real channels, with
known tokens, probabilities and timing, and a way to ask for each kind of accident. The last
question may start with an order:

    !crash          reads address 0, as a fault in native code does
    !abort          aborts, as a failed assertion in native code does
    !kill           is killed by signal 9, as by another program
    !oom            takes memory until the system ends it (or 512 MB where nothing does)
    !hang           stops answering, heartbeat included
    !fail CODE      fails with that code
    !print TEXT     prints to its standard output before it answers
    !slow MS        takes that long for each token
    !long N         answers N words
"""

import ctypes
import hashlib
import os
import signal
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.channel.bulk import FrameKind
from runner.engine.base import Outlet
from runner.errors import RunnerError
from runner.protocol import logprobs
from runner.protocol.engine import (
    Chunk,
    Count,
    Done,
    Generate,
    Load,
    Loaded,
    Loading,
    Reading,
    RestoreState,
    Role,
    Said,
    SaveState,
    StateSaved,
    StopReason,
)

CONTEXT = 4096
VOCABULARY = 50_000
LOAD_STEPS = 10
MOST_MEMORY = 512 * 1024 * 1024
STATE = struct.Struct("<4sI")
STATE_MAGIC = b"echo"


@dataclass(slots=True)
class _Answer:
    """What an answer will be, once orders in the question have been followed."""

    words: list[str]
    delay_s: float = 0.0


class EchoEngine:
    """Repeats what it is asked; a file of any content counts as its model."""

    def __init__(self) -> None:
        self._context = 0
        self._cache: list[int] = []

    @property
    def build(self) -> Mapping[str, str]:
        """Names what does the work."""
        return {"echo": "1"}

    # ---- the model ------------------------------------------------------------------------------

    def load(self, command: Load, outlet: Outlet) -> Loaded:
        """Takes a file for its model; files whose name holds `slow` take two seconds."""
        begun = time.monotonic()
        self.unload()
        path = Path(command.path)
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError as error:
            raise RunnerError("engine.file_unreadable", str(error), path=command.path) from error
        step_s = 0.2 if "slow" in path.name else 0.0
        for step in range(1, LOAD_STEPS + 1):
            if outlet.pause(step_s) or outlet.stopped():
                raise RunnerError("engine.stopped")
            outlet.send(Loading(run=command.run, fraction=step / LOAD_STEPS))
        self._context = min(command.context or CONTEXT, CONTEXT)
        return Loaded(
            run=command.run,
            seconds=time.monotonic() - begun,
            context=self._context,
            context_trained=CONTEXT,
            layers=0,
            layers_offloaded=0,
            devices=[],
            template="file",
            template_sha256=hashlib.sha256(b"echo").hexdigest(),
            sampling={},
            threads=1,
            memory_bytes=size,
            end_tokens=["<end>"],
            system="echo",
        )

    def unload(self) -> None:
        """Forgets the file and what was said."""
        self._context = 0
        self._cache = []

    def count(self, command: Count) -> int:
        """Counts words, plus one a message for its role."""
        self._need_model()
        return len(_tokens(_render(command.said))) if command.said else len(command.text.split())

    def close(self) -> None:
        """Does nothing: there is nothing to free."""

    # ---- an answer ------------------------------------------------------------------------------

    def generate(self, command: Generate, outlet: Outlet) -> Done:
        """Repeats the last question, or follows the order at its start."""
        self._need_model()
        run = _Run(command, outlet, self._context)
        if command.splits:
            self._cache = []
        kept = _common(self._cache, run.prompt[:-1])
        outlet.send(Reading(run=command.run, done=kept, total=len(run.prompt), kept=kept))
        if len(run.prompt) >= self._context:
            raise RunnerError("engine.context_full", tokens=len(run.prompt), context=self._context)
        outlet.send(
            Reading(run=command.run, done=len(run.prompt), total=len(run.prompt), kept=kept)
        )
        done = run.answer(kept)
        self._cache = run.prompt + run.taken
        return done

    # ---- state ----------------------------------------------------------------------------------

    def save_state(self, command: SaveState, outlet: Outlet) -> StateSaved:
        """Sends the tokens of the cache."""
        self._need_model()
        tokens = array("I", self._cache).tobytes()
        state = STATE.pack(STATE_MAGIC, len(self._cache)) + tokens
        if command.most_bytes and len(state) > command.most_bytes:
            raise RunnerError("engine.state_too_large", bytes=len(state), most=command.most_bytes)
        outlet.send_frame(FrameKind.STATE, state)
        return StateSaved(
            run=command.run,
            tokens=len(self._cache),
            bytes=len(state),
            sha256=hashlib.sha256(state).hexdigest(),
        )

    def restore_state(self, command: RestoreState, state: bytes) -> int:
        """Takes the tokens of a cache."""
        self._need_model()
        if len(state) < STATE.size:
            raise RunnerError("engine.state_damaged", "too short")
        magic, count = STATE.unpack(state[: STATE.size])
        if magic != STATE_MAGIC or len(state) != STATE.size + 4 * count or count != command.tokens:
            raise RunnerError("engine.state_damaged", "of another engine, or damaged")
        self._cache = array("I", state[STATE.size :]).tolist()
        return int(count)

    def _need_model(self) -> None:
        if not self._context:
            raise RunnerError("engine.no_model")


class _Run:
    """One answer on its way."""

    def __init__(self, command: Generate, outlet: Outlet, context: int) -> None:
        self._command = command
        self._outlet = outlet
        self._context = context
        self._begun = time.monotonic()
        self._first_at = 0.0
        said = "".join(one.text for one in command.said) if command.raw else _render(command.said)
        self.prompt = _tokens(said + command.prefill)
        self.taken: list[int] = []

    def answer(self, kept: int) -> Done:
        """Sends the answer word by word; returns how it ended."""
        command = self._command
        planned = _plan(command)
        words = [*map(_forced, command.forced), *planned.words[len(command.forced) :]]
        reason, stop_text, text = StopReason.END_TOKEN, "", ""
        for index, word in enumerate(words):
            if self._outlet.pause(planned.delay_s) if planned.delay_s else self._outlet.stopped():
                reason = StopReason.STOPPED
                break
            if len(self.prompt) + len(self.taken) >= self._context:
                reason = StopReason.CONTEXT_FULL
                break
            piece = word if index == 0 else f" {word}"
            stop_text = next((stop for stop in command.stop if stop in text + piece), "")
            if stop_text:
                # What came before the stop text in this very word still belongs to the answer.
                piece = (text + piece)[: (text + piece).index(stop_text)][len(text) :]
                reason = StopReason.STOP_TEXT
            text += piece
            self._take(index, word, piece)
            if stop_text:
                break
            if command.max_tokens and len(self.taken) >= command.max_tokens:
                reason = StopReason.TOKEN_LIMIT
                break
        return self._done(kept, reason, stop_text)

    def _take(self, index: int, word: str, piece: str) -> None:
        token = _token(word)
        self.taken.append(token)
        self._first_at = self._first_at or time.monotonic()
        if self._command.top_logprobs:
            self._outlet.send_frame(FrameKind.LOGPROBS, self._probabilities(index, token))
        if piece:
            self._outlet.send(Chunk(run=self._command.run, text=piece, tokens=[token]))

    def _probabilities(self, index: int, token: int) -> bytes:
        """Gives the token taken one half, the next one a quarter, and so on."""
        top = self._command.top_logprobs
        halves = array("f", [-0.6931472 * (rank + 1) for rank in range(top)])
        others = array("i", [(token + rank) % VOCABULARY for rank in range(top)])
        block = logprobs.LogprobBlock(
            index, top, array("i", [token]), halves[:1] if top else array("f", [0]), others, halves
        )
        return logprobs.encode(block)

    def _done(self, kept: int, reason: StopReason, stop_text: str) -> Done:
        now = time.monotonic()
        tokens = len(self.taken)
        spent = now - self._first_at
        evaluated = len(self.prompt) - kept
        return Done(
            run=self._command.run,
            reason=reason,
            prompt_tokens=len(self.prompt),
            kept=kept,
            evaluated=evaluated,
            splits=self._command.splits or ([evaluated] if evaluated else []),
            tokens=tokens,
            first_token_s=(self._first_at or now) - self._begun,
            total_s=now - self._begun,
            decode_tps=(tokens - 1) / spent if tokens > 1 and spent > 0 else 0.0,
            threads=1,
            context_used=len(self.prompt) + tokens,
            prompt_sha256=hashlib.sha256(array("I", self.prompt).tobytes()).hexdigest(),
            stop_text=stop_text,
        )


def _plan(command: Generate) -> _Answer:
    """Follows the order at the start of the last question, and says what the answer will be."""
    questions = [said.text for said in command.said if said.role is Role.USER]
    question = questions[-1] if questions else "".join(said.text for said in command.said)
    order, _, rest = question.partition(" ")
    amount, _, after = rest.partition(" ")
    if accident := _ACCIDENTS.get(order):
        accident()
    match order:
        case "!fail":
            raise RunnerError(amount or "engine.evaluation_failed")
        case "!print":
            print(rest, flush=True)  # noqa: T201 - the point of the order
            return _Answer(rest.split())
        case "!slow":
            return _Answer(after.split() or ["slowly"], int(amount or 100) / 1000)
        case "!long":
            return _Answer([f"word{n}" for n in range(int(amount or 100))])
        case _:
            return _Answer(
                question.split()
                if command.sampling.temperature == 0
                else [*question.split(), f"({command.seed})"]
            )


def _crash() -> None:
    ctypes.string_at(0)


def _hang() -> None:
    if sys.platform == "win32":
        ctypes.WinDLL("ntdll").NtSuspendProcess(ctypes.c_void_p(-1))
    else:
        os.kill(os.getpid(), signal.SIGSTOP)


def _kill() -> None:
    if sys.platform == "win32":
        os.kill(os.getpid(), signal.SIGTERM)  # ends it at once there: no program is asked
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def _take_memory() -> None:
    held: list[bytearray] = []
    while sum(len(block) for block in held) < MOST_MEMORY:
        held.append(bytearray(os.urandom(1024) * 16 * 1024))
    _kill()


_ACCIDENTS: dict[str, Callable[[], None]] = {
    "!crash": _crash,
    "!abort": os.abort,
    "!kill": _kill,
    "!oom": _take_memory,
    "!hang": _hang,
}


def _render(said: list[Said]) -> str:
    return "".join(f"<{message.role}> {message.text} " for message in said) + "<assistant> "


def _tokens(text: str) -> list[int]:
    return [_token(word) for word in text.split()]


def _forced(token: int) -> str:
    """Returns a word for a token that was forced; a hash can't be turned back into its word."""
    return f"<{token}>"


def _token(word: str) -> int:
    if word.startswith("<") and word[1:-1].isdecimal():
        return int(word[1:-1])
    digest = hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest) % VOCABULARY


def _common(first: list[int], second: list[int]) -> int:
    """Counts the tokens that both start with."""
    pairs: Iterator[tuple[int, int]] = zip(first, second, strict=False)
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count
