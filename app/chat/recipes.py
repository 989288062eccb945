"""What an answer is made with, gathered for the store. Knows no Qt."""

from collections.abc import Mapping

import msgspec

from app.context import ModelRef
from runner.protocol.engine import Done, Loaded, Sampling
from runner.store.values import Recipe


def recipe_before(
    model: ModelRef | None,
    loaded: Loaded,
    build: Mapping[str, str],
    sampling: Sampling,
    *,
    seed: int,
    preset: str,
    prefilled: int = 0,
) -> Recipe:
    """Returns what is known before the first token."""
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
        prefilled=prefilled,
    )


def recipe_after(recipe: Recipe, done: Done) -> Recipe:
    """Returns the whole recipe, with what only the end tells."""
    return msgspec.structs.replace(
        recipe,
        splits=tuple(done.splits),
        prompt_sha256=done.prompt_sha256,
        threads=done.threads,
    )
