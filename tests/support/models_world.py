"""What the Hub of the Models page's tests holds: the starter model's own bytes among others."""

from functools import cache
from pathlib import Path

from tests.support.hub import Blob, Repo, World

STARTER_REPOSITORY = "HuggingFaceTB/SmolLM2-135M-Instruct-GGUF"
STARTER_FILE = "SmolLM2-135M-Instruct-Q4_1.gguf"
GATED = "guarded/Guarded-2B-GGUF"

CARD = """---
license: apache-2.0
language:
- en
base_model: HuggingFaceTB/SmolLM2-135M-Instruct
---
# SmolLM2 135M Instruct, quantised

Evaluation of this model follows. The training data are described in the base model's card.
"""

LICENCE = """Apache License
Version 2.0, January 2004
http://www.apache.org/licenses/
"""

NAMES = (
    "bartowski/Llama-3.2-3B-Instruct-GGUF",
    "Qwen/Qwen3-0.6B-GGUF",
    "Qwen/Qwen3-8B-GGUF",
    "allenai/OLMo-2-0425-1B-Instruct-GGUF",
    "ggml-org/gemma-3-270m-it-GGUF",
    "unsloth/Llama-3.3-70B-Instruct-GGUF",
    "mradermacher/Something-GGUF",
)
"""Repositories that a search finds; none of their files is ever asked for."""

LICENCES = ("llama3.2", "apache-2.0", "apache-2.0", "apache-2.0", "gemma", "llama3.3", "")


def models_world(starter: Path, more: int = 0) -> World:
    """Returns a Hub with the starter model, a gated repository and others; `more` of no interest."""
    world = World()
    files = {
        "README.md": CARD,
        "LICENSE": LICENCE,
        STARTER_FILE: _blob(starter),
        # Nobody fetches these whole; what matters is that they are two, and large.
        "SmolLM2-135M-Instruct-F16-00001-of-00002.gguf": _blob(starter),
        "SmolLM2-135M-Instruct-F16-00002-of-00002.gguf": _blob(starter),
        "mmproj-SmolLM2-F16.gguf": b"GGUF" + bytes(15_000),
    }
    tags = ["gguf", "en", "license:apache-2.0", "region:us"]
    base = "HuggingFaceTB/SmolLM2-135M-Instruct"
    tags += [f"base_model:{base}", f"base_model:quantized:{base}"]
    own = world.add(Repo(STARTER_REPOSITORY, tags=tags, downloads=48_200, likes=31))
    own.gguf = {"architecture": "llama", "total": 134_515_008, "context_length": 8192}
    own.commit("first", files)
    gated = world.add(
        Repo(GATED, tags=["gguf", "license:gemma"], gated="manual", downloads=900, likes=4)
    )
    gated.commit("first", {"README.md": CARD, "guarded-Q4_K_M.gguf": b"GGUF" + bytes(40_000)})
    for number, (name, licence) in enumerate(zip(NAMES, LICENCES, strict=True)):
        _plain(world, name, licence, 1_200_000 // (number + 1))
    for number in range(more):
        _plain(world, f"many/Model-{number:03}-{1 + number % 9}B-GGUF", "mit", 500 - number)
    return world


@cache
def _blob(path: Path) -> Blob:
    """Returns a file's content, hashed once for all worlds that have it."""
    return Blob(path)


def _plain(world: World, name: str, licence: str, downloads: int) -> None:
    tags = ["gguf", "en", "conversational"] + ([f"license:{licence}"] if licence else [])
    repo = world.add(Repo(name, tags=tags, downloads=downloads, likes=downloads // 900))
    repo.commit("first", {"README.md": "# A model\n", "model-Q4_K_M.gguf": b"GGUF" + bytes(9)})
