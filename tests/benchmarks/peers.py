"""The two that are compared: our engine process over its pipe, and llama.cpp's own server."""

import contextlib
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from runner.library.starter import starter
from runner.protocol.engine import Chunk, Done, Said, Sampling
from runner.session import SessionState
from tests.support.porter import running_porter
from tests.support.sessions import Driver, driving

SAMPLING = Sampling(temperature=0.8, top_k=40, top_p=0.95, min_p=0.05)
QUESTION = "Tell me a long story about a river, a mill and the people who live beside them. "
_PATIENCE_S = 300.0
_PEER = Path(__file__).with_name("server_peer.py")


def starter_file() -> Path:
    """The starter model's file."""
    file = starter().path()
    if file is None:
        raise SystemExit("the starter model is missing: run ./test, which installs it")
    return file


class Ours:
    """The engine process, sealed as always, driven over its pipe without a window."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def decode_tps(self, tokens: int, seed: int) -> float:
        """Tokens a second as they arrive here, from the first chunk to the last."""
        times: list[float] = []
        count = 0
        self.driver.ask(QUESTION, seed=seed, sampling=SAMPLING, max_tokens=tokens)
        while True:
            event = self.driver.until((Chunk, Done))  # type: ignore[arg-type]
            if isinstance(event, Done):
                break
            times.append(time.perf_counter())
            count += len(event.tokens) if len(times) > 1 else 0
        self.driver.until_state(SessionState.READY)
        if count < 16:
            return self.decode_tps(tokens, seed + 1000)
        return count / (times[-1] - times[0])

    def text(self) -> str:
        """The last answer."""
        return "".join(event.text for event in self.driver.seen if isinstance(event, Chunk))

    def answer(self, *said: Said, tokens: int = 8, **more: object) -> Done:
        """Answers a conversation."""
        *before, last = said
        self.driver.ask(last.text, *before, max_tokens=tokens, **more)
        done = self.driver.until(Done, _PATIENCE_S)
        self.driver.until_state(SessionState.READY)
        return done


@contextlib.contextmanager
def our_engine(file: Path, *, threads: int, context: int = 2048) -> Iterator[Ours]:
    """Starts the porter and the engine, and loads the model."""
    with running_porter() as porter, driving(porter, "engine") as driver:
        driver.load(file, threads=threads, context=context)
        yield Ours(driver)


class Theirs:
    """llama.cpp's server, asked over its own interface."""

    def __init__(self, address: str, system: str) -> None:
        self._address = address
        self.system = system

    def decode_tps(self, tokens: int, seed: int) -> float:
        """Tokens a second as they arrive here, from the first event to the last."""
        body = {
            "prompt": f"<|im_start|>user\n{QUESTION}<|im_end|>\n<|im_start|>assistant\n",
            "n_predict": tokens,
            "seed": seed,
            "stream": True,
            "cache_prompt": True,
            "samplers": ["top_k", "top_p", "min_p", "temperature"],
            **_their_sampling(),
        }
        request = urllib.request.Request(
            f"{self._address}/completion",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        times: list[float] = []
        count = 0
        with urllib.request.urlopen(request, timeout=300) as answer:
            for line in answer:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    if event.get("stop"):
                        # Not the number of events: bytes of one character come as one event.
                        count = event["tokens_predicted"]
                        break
                    times.append(time.perf_counter())
        if count < 16:
            return self.decode_tps(tokens, seed + 1000)
        return (count - 1) / (times[-1] - times[0])


def _their_sampling() -> dict[str, float]:
    """Our sampling under the server's names."""
    return {
        "temperature": SAMPLING.temperature,
        "top_k": SAMPLING.top_k,
        "top_p": SAMPLING.top_p,
        "min_p": SAMPLING.min_p,
        "repeat_penalty": 1.0,
    }


@contextlib.contextmanager
def their_server(
    python: Path, file: Path, *, threads: int, context: int = 2048
) -> Iterator[Theirs]:
    """Starts the server in an interpreter that has the xllamacpp wheel."""
    process = subprocess.Popen(
        [python, _PEER, file, "--threads", str(threads), "--context", str(context)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = json.loads(process.stdout.readline())
        yield Theirs(line["address"], line["system"])
    finally:
        process.stdin.close()
        process.wait(20)
