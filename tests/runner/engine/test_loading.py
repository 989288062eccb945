"""Loading: what a file can be, what it can't, stopping, giving memory back."""

import gc
import struct

import psutil
import pytest

from runner.engine.llama.binding import Accelerator
from runner.engine.llama.devices import Need, layers_that_fit, offloaded
from runner.errors import RunnerError
from runner.protocol.engine import Count, Load, Loading, Log
from tests.support.engine import Recorder, ask
from tests.support.random_model import Extras, write_model

MB = 1_000_000


def load(bench, path, **more):
    outlet = Recorder()
    command = Load(run=1, path=str(path), **({"context": 512} | more))
    return bench.forget().load(command, outlet), outlet


def refused(bench, path, **more) -> RunnerError:
    with pytest.raises(RunnerError) as caught:
        load(bench, path, **more)
    return caught.value


class TestTheStarter:
    def test_says_what_it_is(self, bench, starter_model):
        loaded, outlet = load(bench, starter_model)
        assert (loaded.context, loaded.context_trained, loaded.layers) == (512, 8192, 30)
        assert loaded.template == "file"
        assert loaded.template_sha256
        assert {"<|endoftext|>", "<|im_end|>"} <= set(loaded.end_tokens)
        assert loaded.sampling == {}
        assert loaded.layers_offloaded == 0
        assert loaded.devices == []
        assert loaded.memory_bytes > 90 * MB
        assert any("n_ctx" in line.text for line in outlet.of(Log))

    def test_takes_the_context_that_was_trained_unless_told(self, bench, starter_model):
        loaded, _ = load(bench, starter_model, context=0)
        assert loaded.context == 8192

    def test_gives_its_memory_back(self, bench, starter_model):
        process = psutil.Process()
        load(bench, starter_model)
        bench.engine.unload()
        gc.collect()
        before = process.memory_info().rss
        load(bench, starter_model, context=4096)
        bench.engine.generate(ask("Hello"), Recorder())
        assert process.memory_info().rss - before > 90 * MB
        bench.engine.unload()
        assert process.memory_info().rss - before < 15 * MB
        with pytest.raises(RunnerError, match="no_model"):
            bench.engine.count(Count(run=1, text="x"))

    def test_gives_way_to_another_model(self, bench, starter_model, tiny_model):
        load(bench, starter_model)
        loaded, _ = load(bench, tiny_model, context=0)
        assert loaded.layers == 2
        assert bench.engine.generate(ask("Hello"), Recorder()).tokens > 0

    def test_can_be_stopped_while_it_loads(self, bench, starter_model):
        outlet = Recorder(stop_after=1)
        with pytest.raises(RunnerError) as caught:
            bench.forget().load(Load(run=1, path=str(starter_model)), outlet)
        assert caught.value.code == "engine.stopped"
        assert outlet.since_stop() < 0.3
        assert all(0 <= event.fraction <= 1 for event in outlet.of(Loading))

    def test_does_not_take_a_context_that_memory_has_no_room_for(self, bench, starter_model):
        error = refused(bench, starter_model, context=2**31 - 1)
        assert error.code == "engine.context_too_big"
        assert error.context["needed_mb"] > error.context["free_mb"]


class TestOtherFiles:
    """Each of these ends in one code, and the engine goes on."""

    @pytest.fixture
    def header(self, starter_model):
        return starter_model.read_bytes()[:2_000_000]

    @pytest.fixture
    def file(self, tmp_path):
        return tmp_path / "model.gguf"

    def test_missing(self, bench, file):
        assert refused(bench, file).code == "engine.file_missing"

    def test_a_folder(self, bench, tmp_path):
        assert refused(bench, tmp_path).code == "engine.file_unreadable"

    def test_empty(self, bench, file):
        file.write_bytes(b"")
        assert refused(bench, file).code == "engine.file_empty"

    def test_of_another_kind(self, bench, file):
        file.write_bytes(b"PK\x03\x04" + bytes(1000))
        assert refused(bench, file).code == "engine.not_gguf"

    @pytest.mark.parametrize(
        ("cut", "code"),
        [
            (4, "engine.header_damaged"),
            (30, "engine.header_damaged"),
            (900, "engine.truncated"),
            (1_900_000, "engine.truncated"),
        ],
    )
    def test_cut_short(self, bench, file, header, cut, code):
        file.write_bytes(header[:cut])
        assert refused(bench, file).code in {code, "engine.truncated"}

    @pytest.mark.parametrize(
        "version", [struct.pack("<I", 1), struct.pack("<I", 99), struct.pack(">I", 3)]
    )
    def test_of_another_version_or_byte_order(self, bench, file, header, version):
        file.write_bytes(header[:4] + version + header[8:])
        assert refused(bench, file).code == "engine.unsupported_version"

    def test_that_announces_absurd_counts(self, bench, file, header):
        file.write_bytes(header[:8] + struct.pack("<Q", 2**63) + header[16:])
        assert refused(bench, file).code == "engine.header_damaged"

    def test_of_an_unknown_architecture(self, bench, file):
        write_model(file, extras=Extras(architecture="zebra"))
        assert refused(bench, file).code == "engine.unsupported_architecture"

    def test_that_is_the_picture_part_of_a_model(self, bench, file):
        write_model(file, extras=Extras(architecture="clip"))
        assert refused(bench, file).code == "engine.projector_only"

    def test_with_a_vocabulary_only(self, bench, llama_cpp_models):
        file = llama_cpp_models / "ggml-vocab-llama-spm.gguf"
        assert refused(bench, file).code == "engine.vocabulary_only"

    def test_that_lacks_a_tensor(self, bench, file):
        write_model(file, extras=Extras(left_out=["blk.1.ffn_up.weight"]))
        assert refused(bench, file).code == "engine.incomplete"

    def test_for_embeddings_only(self, bench, file):
        write_model(file, extras=Extras(flags={"llama.attention.causal": False}))
        assert refused(bench, file).code == "engine.embedding_only"

    def test_with_pooling(self, bench, file):
        write_model(file, extras=Extras(counts={"llama.pooling_type": 1}))
        assert refused(bench, file).code == "engine.embedding_only"

    def test_of_several_parts_is_loaded_by_the_first(self, bench, tmp_path):
        write_model(tmp_path / "many.gguf", extras=Extras(tensors_per_part=8))
        parts = sorted(tmp_path.glob("many-*.gguf"))
        assert len(parts) == 3
        loaded, _ = load(bench, parts[0])
        assert loaded.layers == 2
        parts[2].unlink()
        assert refused(bench, parts[0]).code == "engine.split_missing"
        assert refused(bench, parts[1]).code == "engine.split_missing"

    def test_larger_than_all_memory(self, bench, file):
        with file.open("wb") as out:
            out.write(b"GGUF")
            out.truncate(8 * 10**12)
        assert refused(bench, file).code == "engine.out_of_memory"

    def test_with_a_template_that_does_not_compile(self, bench, file):
        write_model(file, extras=Extras(texts={"tokenizer.chat_template": "{% for %}"}))
        assert refused(bench, file).code == "engine.template_broken"
        assert bench.engine._running is None


class TestWhatAFileAsksFor:
    def test_its_sampling_defaults_are_told_with_their_keys(self, bench, tmp_path):
        extras = Extras(
            numbers={"general.sampling.temp": 0.25, "general.sampling.top_p": float("nan")},
            counts={"general.sampling.top_k": 17},
        )
        loaded, _ = load(bench, write_model(tmp_path / "m.gguf", extras=extras), context=0)
        assert {key: (found.value, found.source) for key, found in loaded.sampling.items()} == {
            "temperature": (0.25, "general.sampling.temp"),
            "top_k": (17, "general.sampling.top_k"),
        }

    def test_without_a_template_texts_are_joined_after_one_bos(self, tiny):
        assert tiny._running.prompts.make(ask("word1").said, "").tokens[:2].count(1) == 1

    def test_with_a_template_that_prints_bos_there_is_one_bos(self, bench, tmp_path):
        template = "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}"
        extras = Extras(texts={"tokenizer.chat_template": template})
        loaded, _ = load(bench, write_model(tmp_path / "m.gguf", extras=extras), context=0)
        assert loaded.template == "file"
        tokens = bench.engine._running.prompts.make(ask("word1").said, "").tokens
        assert tokens.count(1) == 1
        assert tokens[0] == 1

    def test_a_named_template_serves_where_there_is_no_other(self, bench, tmp_path):
        extras = Extras(texts={"tokenizer.chat_template.rag": "{{ messages[0].content }}"})
        loaded, _ = load(bench, write_model(tmp_path / "m.gguf", extras=extras), context=0)
        assert loaded.template == "file: rag"


class TestOffloading:
    """What is decided before a load; real devices are asked in the tests marked gpu."""

    def test_takes_what_fits_with_room_to_spare(self):
        device = Accelerator("GPU0", "a device", memory_free=5 * 2**30, memory_total=8 * 2**30)
        small = Need(weight_bytes=2**30, layers=33, cache_bytes=2**28)
        large = Need(weight_bytes=9 * 2**30, layers=33, cache_bytes=2**30)
        assert layers_that_fit([device], small) == 33
        assert 0 < layers_that_fit([device], large) < 33
        assert layers_that_fit([], small) == 0

    def test_reads_from_the_librarys_log_what_was_offloaded(self):
        assert offloaded("load_tensors: offloaded 12/33 layers to GPU") == 12
        assert offloaded("nothing of the kind") == 0
