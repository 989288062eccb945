"""The engine on llama.cpp: load, evaluate, decode, keep and restore, count.

`binding` is the one file that imports llama_cpp; `engine.LlamaEngine` is what `create` makes.
"""

from runner.engine.base import Engine


def create() -> Engine:
    """Makes the engine; only here is the library loaded into the process."""
    from runner.engine.llama.engine import LlamaEngine

    return LlamaEngine()
