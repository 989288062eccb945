"""What an answer is made with, gathered for the store. Knows no Qt."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from app.model.ref import ModelRef
from runner.protocol.engine import Done, Loaded, Sampling
from runner.store.files import FileState, KnownFile
from runner.store.values import Recipe, Turn


def recipe_before(
    model: ModelRef | None,
    loaded: Loaded,
    build: Mapping[str, str],
    sampling: Sampling,
    *,
    seed: int,
    preset: str,
    goes_on: Turn | None = None,
) -> Recipe:
    """Returns what is known before the first token; `goes_on` is an answer to be continued."""
    return Recipe(
        model=model.name if model else "",
        file_name=model.path.name if model else "",
        file_sha256=(model.sha256 or "") if model else "",
        file_size=model.size_bytes if model else 0,
        engine_build=dict(build),
        devices=tuple(device.name for device in loaded.devices),
        layers=loaded.layers,
        layers_offloaded=loaded.layers_offloaded,
        template=loaded.template,
        template_sha256=loaded.template_sha256,
        sampling=sampling,
        preset=preset,
        seed=seed,
        context=loaded.context,
        threads=loaded.threads,
        prefilled=len(goes_on.answer) if goes_on else 0,
        thinking_marks=goes_on.recipe.thinking_marks if goes_on else (),
    )


def recipe_after(recipe: Recipe, done: Done | None, thinking_marks: tuple[str, ...]) -> Recipe:
    """Returns the recipe with what only the end tells; `done` is None where none came."""
    recipe = msgspec.structs.replace(recipe, thinking_marks=thinking_marks or recipe.thinking_marks)
    if done is None:
        return recipe
    return msgspec.structs.replace(
        recipe,
        splits=tuple(done.splits),
        prompt_sha256=done.prompt_sha256,
        threads=done.threads,
    )


def digest_since(recipe: Recipe, asked: float, files: Iterable[KnownFile]) -> str:
    """Returns the SHA-256 of a run's file where it was worked out later; empty where it can't be told.

    It is that file if name and size are the recipe's and it has not changed since before `asked`.
    """
    for file in files:
        is_it = Path(file.path).name == recipe.file_name and file.look.size == recipe.file_size
        if is_it and file.sha256 and file.look.mtime_ns < asked * 1e9:
            return file.sha256 if file.state() is FileState.SAME else ""
    return ""
