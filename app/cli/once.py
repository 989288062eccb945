"""One prompt, one answer."""

import secrets
import sys
from argparse import Namespace

import msgspec

from app.cli.command import Exit
from app.cli.desk import Desk
from app.cli.figures import figures
from app.cli.models import wanted_file
from app.cli.talk import Spoken, Talk, sampling_for
from app.cli.unenforced import may_run
from runner.errors import RunnerError
from runner.protocol.engine import Loaded, Role, Said, Sourced, StopReason

SCHEMA = "lightwell.run/1"
LARGEST_PROMPT_MB = 16


def run(wanted: Namespace, desk: Desk) -> int:
    """Answers the prompt on standard output; figures go to standard error, or all into JSON."""
    prompt = _prompt(wanted.prompt)
    path = wanted_file(wanted.file)
    may_run(desk, path, agreed=wanted.unenforced or wanted.echo)
    seed = wanted.seed if wanted.seed is not None else secrets.randbelow(2**32)
    talk = Talk(desk, "echo" if wanted.echo else "engine")
    try:
        loaded = talk.load(path)
        sampling, sources = sampling_for(loaded)
        spoken = talk.answer(
            [Said(Role.USER, prompt)],
            sampling,
            seed,
            max_tokens=wanted.max_tokens,
            heard=None if wanted.json else desk.screen.answer,
        )
    finally:
        talk.close()
    if wanted.json:
        desk.screen.json(_report(str(path), prompt, seed, loaded, sources, spoken))
    else:
        desk.screen.end_answer()
        desk.screen.aside(figures(spoken.done, seed))
    return Exit.INTERRUPTED if spoken.done.reason is StopReason.STOPPED else Exit.DONE


def _prompt(given: str) -> str:
    text = given
    if given == "-":
        limit = LARGEST_PROMPT_MB * 1024 * 1024
        text = sys.stdin.read(limit + 1)
        if len(text) > limit:
            raise RunnerError("cli.prompt_too_long", limit_mb=LARGEST_PROMPT_MB)
    # An argument that was no UTF-8 holds lone surrogates, which no message can carry.
    text = text.encode("utf-8", "replace").decode()
    if not text.strip():
        raise RunnerError("cli.prompt_empty")
    return text


def _report(
    path: str, prompt: str, seed: int, loaded: Loaded, sources: dict[str, Sourced], spoken: Spoken
) -> dict[str, object]:
    done = spoken.done
    return {
        "schema": SCHEMA,
        "model": {
            "path": path,
            "template": loaded.template,
            "template_sha256": loaded.template_sha256,
            "context": loaded.context,
            "context_trained": loaded.context_trained,
            "layers": loaded.layers,
            "layers_offloaded": loaded.layers_offloaded,
            "devices": [msgspec.to_builtins(device) for device in loaded.devices],
            "load_seconds": loaded.seconds,
        },
        "prompt": prompt,
        "seed": seed,
        "sampling": {name: msgspec.to_builtins(value) for name, value in sources.items()},
        "answer": spoken.text,
        "stop_reason": done.reason.value,
        "prompt_tokens": done.prompt_tokens,
        "answer_tokens": done.tokens,
        "evaluations": done.splits,
        "first_token_seconds": done.first_token_s,
        "total_seconds": done.total_s,
        "tokens_per_second": done.decode_tps,
        "threads": done.threads,
        "prompt_sha256": done.prompt_sha256,
    }
