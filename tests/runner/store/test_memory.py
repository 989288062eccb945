"""Figures of memory: kept for each model, context and device, the latest in place of the earlier."""

from pathlib import Path

from runner.store import Store
from runner.store.memory import MemoryUse


def use(context: int = 4096, most: int = 350, layers: int = 0) -> MemoryUse:
    return MemoryUse(
        name="small.gguf",
        size=100,
        context=context,
        layers_offloaded=layers,
        predicted=400,
        loaded=300,
        most=most,
    )


def test_the_latest_figure_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.sqlite")
    try:
        store.memory.keep(use()).result(timeout=10)
        store.memory.keep(use(most=380)).result(timeout=10)
        store.memory.keep(use(context=8192)).result(timeout=10)
        store.memory.keep(use(layers=30)).result(timeout=10)
        kept = store.memory.of("small.gguf", 100)
        assert [one.context for one in kept][-1] == 4096
        assert len(kept) == 3
        assert {one.most for one in kept if one.context == 4096 and not one.layers_offloaded} == {
            380
        }
        assert all(one.taken > 0 for one in kept)
        assert store.memory.of("small.gguf", 101) == []
        assert len(store.memory.every()) == 3
    finally:
        store.close()
