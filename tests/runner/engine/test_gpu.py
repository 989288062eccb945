"""Offloading to a real device; skipped, and so listed as not run, where the engine has none."""

import pytest

from runner import hardware
from runner.protocol.engine import Load, Log, Reading, StopReason
from tests.support.engine import Recorder, ask
from tests.support.porter import running_porter
from tests.support.sessions import driving

pytestmark = pytest.mark.gpu

LONG = "Tell me about the history of the river Seine. " * 150


@pytest.fixture(autouse=True)
def device(bench):
    library = bench.engine._library
    accelerators = library.accelerators() if library.can_offload else []
    if not accelerators:
        pytest.skip("not run: this build of llama.cpp has no GPU backend, or there is no GPU")
    return accelerators[0]


def load(bench, path, **more):
    outlet = Recorder()
    return bench.forget().load(Load(run=1, path=str(path), **more), outlet), outlet


@pytest.mark.parametrize(("wished", "expected"), [(0, 0), (7, 7), (1000, 30), (-1, 30)])
def test_as_many_layers_as_wished_stand_on_the_device(bench, starter_model, wished, expected):
    loaded, _ = load(bench, starter_model, gpu_layers=wished, context=1024)
    assert loaded.layers_offloaded == expected
    assert bool(loaded.devices) == bool(expected)
    outlet = Recorder()
    done = bench.engine.generate(ask("Name three rivers."), outlet)
    assert done.tokens == len(outlet.tokens) == 8


def test_the_same_words_come_with_and_without_it(bench, starter_model):
    texts = []
    for layers in (0, -1):
        load(bench, starter_model, gpu_layers=layers, context=1024)
        outlet = Recorder()
        bench.engine.generate(ask("The capital of France is", max_tokens=4), outlet)
        texts.append(outlet.text)
    assert texts[0] == texts[1]


def test_a_prompt_can_be_stopped_within_300_ms(bench, starter_model):
    load(bench, starter_model, gpu_layers=-1, context=4096)
    bench.engine.generate(ask("Hello", max_tokens=1), Recorder())
    outlet = Recorder()
    original = outlet.send

    def send(event):
        original(event)
        if isinstance(event, Reading):
            outlet.stop()

    outlet.send = send
    done = bench.engine.generate(ask(LONG), outlet)
    assert done.reason is StopReason.STOPPED
    assert outlet.since_stop() < 0.3
    replay = ask(LONG, max_tokens=1)
    assert bench.engine.generate(replay, Recorder()).kept == sum(done.splits)


def beyond_its_memory(bench, starter_model, device) -> int:
    """A context whose cache takes twice the device's memory; skipped where this machine's is less."""
    cache = bench.load(starter_model)._running.model.cache
    memory = hardware.memory()
    if memory and 2 * device.memory_total > memory.free:
        pytest.skip("not run: this machine has less memory free than twice its device has")
    return cache.longest(2 * device.memory_total)


def test_only_the_layers_that_fit_are_offloaded_beside_a_large_cache(bench, starter_model, device):
    tokens = beyond_its_memory(bench, starter_model, device)
    loaded, _ = load(bench, starter_model, gpu_layers=-1, context=tokens)
    assert 0 < loaded.layers_offloaded < loaded.layers


def test_what_the_device_has_no_room_for_is_loaded_on_the_processor(bench, starter_model, device):
    tokens = beyond_its_memory(bench, starter_model, device)
    loaded, outlet = load(bench, starter_model, gpu_layers=1000, context=tokens)
    assert loaded.layers_offloaded == 0
    assert any("no room" in line.text for line in outlet.of(Log))


def test_the_sealed_process_reaches_the_device(starter_model):
    with running_porter() as porter, driving(porter, "engine") as driver:
        loaded = driver.load(starter_model, context=512, gpu_layers=-1)
        assert loaded.layers_offloaded == loaded.layers
        assert driver.answer("Hello", max_tokens=4)[1].tokens > 0
