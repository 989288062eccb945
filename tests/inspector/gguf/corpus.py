"""Crafted files by name, each with the code that it must be refused with, or None where it is read.

They are the shapes in which GGUF readers have failed since 2023: counts and lengths that wrap,
types that lie, tensors outside the file, and files that are something else.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tests.inspector.gguf.hostile import (
    ARR,
    BOOL,
    F32,
    F64,
    I8,
    I32,
    STR,
    U8,
    U16,
    U32,
    U64,
    Gguf,
    array,
    number,
    pair,
    string,
    tensor,
    text,
    tiny,
    tiny_pairs,
)

HUGE = 2**63
WRAP = 2**64 - 1


@dataclass(frozen=True)
class Case:
    """A file and what has to be said of it: a refusal's code, or oddities, or nothing."""

    name: str
    data: bytes
    code: str | None = None
    oddities: tuple[str, ...] = ()


def cases() -> Iterator[Case]:
    """Yields every crafted file."""
    yield from _frames()
    yield from _pairs()
    yield from _arrays()
    yield from _tensors()
    yield from _values()
    yield from _odd()


def _frames() -> Iterator[Case]:
    sound = tiny().build()
    yield Case("sound", sound)
    yield Case("empty", b"", "gguf.empty")
    yield Case("one byte", b"G", "gguf.wrong_magic")
    yield Case("magic only", b"GGUF", "gguf.truncated")
    yield Case("wrong magic", b"GGUX" + sound[4:], "gguf.wrong_magic")
    yield Case("zeros", bytes(4096), "gguf.is_zeros")
    yield Case("zip", b"PK\x03\x04" + bytes(64), "gguf.is_zip")
    yield Case("pickle", b"\x80\x02}q\x00." + bytes(8), "gguf.is_pickle")
    yield Case("html", b"<!DOCTYPE html><html>Sign in</html>", "gguf.is_html")
    yield Case(
        "lfs pointer",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "gguf.is_lfs_pointer",
    )
    yield Case(
        "safetensors", struct.pack("<Q", 20) + b'{"a":{"dtype":"F3"}}', "gguf.is_safetensors"
    )
    yield Case("ggml of 2023", b"tjgg" + bytes(64), "gguf.is_old_ggml")
    yield Case("json", b'{"model_type": "llama"}', "gguf.is_json")
    yield Case("gzip", b"\x1f\x8b\x08\0" + bytes(32), "gguf.is_compressed")
    yield Case("big-endian magic", b"FUGG" + bytes(32), "gguf.big_endian")
    yield Case("big endian", b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "gguf.big_endian")
    yield Case("version 0", Gguf(version=0).build(), "gguf.old_version")
    yield Case("version 1", Gguf(version=1).build(), "gguf.old_version")
    yield Case("version 2", Gguf(version=2, pairs=tiny_pairs()).build())
    yield Case("version 4", Gguf(version=4).build(), "gguf.future_version")
    yield Case("2^63 pairs", Gguf(pair_count=HUGE).build(), "gguf.too_many_keys")
    yield Case("2^63 tensors", Gguf(tensor_count=HUGE).build(), "gguf.too_many_tensors")
    yield Case("-1 tensors", Gguf(tensor_count=WRAP).build(), "gguf.too_many_tensors")
    yield Case("more pairs than bytes", Gguf(pair_count=1000).build(), "gguf.counts_exceed_file")
    yield Case(
        "more tensors than bytes", Gguf(tensor_count=60_000).build(), "gguf.counts_exceed_file"
    )
    yield Case("cut in the counts", sound[:20], "gguf.truncated")
    yield Case("cut in a key", sound[:40], "gguf.counts_exceed_file")
    yield Case("cut in a list", sound[:400], "gguf.long_array")
    yield Case("cut in the tensor table", sound[: len(sound) - 680], "gguf.truncated")
    yield Case("cut in the data", sound[:-1], "gguf.tensor_outside")


def _pairs() -> Iterator[Case]:
    def one(data: bytes) -> bytes:
        return Gguf(pairs=[*tiny_pairs(), data]).build()

    yield Case("empty key", one(pair("", U32, bytes(4))), "gguf.empty_key")
    yield Case("key of 2^63", one(pair("k", U32, bytes(4), HUGE)), "gguf.long_key")
    yield Case("key of 64 KiB", one(pair("k" * 65_536, U32, bytes(4))), "gguf.long_key")
    yield Case("key past the end", one(pair("k", U32, bytes(4), 5000)), "gguf.truncated")
    yield Case("duplicate key", one(string("general.name", "Other")), "gguf.duplicate_key")
    yield Case("type 13", one(pair("k", 13, bytes(8))), "gguf.value_type")
    yield Case("type 2^32-1", one(pair("k", 2**32 - 1, bytes(8))), "gguf.value_type")
    yield Case("string of 2^63", one(string("k", "x", HUGE)), "gguf.long_text")
    yield Case("string of 2^64-1", one(string("k", "x", WRAP)), "gguf.long_text")
    yield Case("string one too long", one(string("k", "x", 2)), "gguf.long_text")
    yield Case("value cut", one(pair("kkkkkkkk", U64, b"\1\2")), "gguf.truncated")
    yield Case("alignment 0", one(number("general.alignment", U32, 0)), "gguf.alignment")
    yield Case("alignment 3", one(number("general.alignment", U32, 3)), "gguf.alignment")
    yield Case("alignment 2^31", one(number("general.alignment", U32, 2**31)), "gguf.alignment")
    yield Case("alignment u64", one(number("general.alignment", U64, 32)), "gguf.key_type")
    yield Case("alignment string", one(string("general.alignment", "32")), "gguf.key_type")
    yield Case("not UTF-8", one(string("k", b"\xff\xfe\0\x80")))
    yield Case("key not UTF-8", one(pair(b"\xff\xfe", U8, b"\1")))
    yield Case("bool of 7", one(pair("k", BOOL, b"\7")))


def _arrays() -> Iterator[Case]:
    def one(data: bytes) -> bytes:
        return Gguf(pairs=[*tiny_pairs(), data]).build()

    yield Case("array of 2^63 numbers", one(array("k", F32, [0.0], HUGE)), "gguf.long_array")
    yield Case("array of 2^62 numbers", one(array("k", U32, [0], 2**62)), "gguf.long_array")
    yield Case("array of 2^30 bytes", one(array("k", U8, [0], 2**30)), "gguf.long_array")
    yield Case("array of 2^63 strings", one(array("k", STR, ["a"], HUGE)), "gguf.long_array")
    yield Case("array of 2^61 strings", one(array("k", STR, ["a"], 2**61)), "gguf.long_array")
    yield Case("array one string short", one(array("k", STR, ["a" * 20], 2)), "gguf.truncated")
    yield Case("array in an array", one(array("k", ARR, [bytes(12)])), "gguf.nested_array")
    nested = struct.pack("<IQ", ARR, 1) * 400
    yield Case("arrays 400 deep", one(pair("k", ARR, nested)), "gguf.nested_array")
    yield Case("array of type 99", one(array("k", 99, [bytes(4)])), "gguf.value_type")
    element = struct.pack("<IQ", STR, 2) + text("a") + text("b", HUGE)
    yield Case("element of 2^63", one(pair("k", ARR, element)), "gguf.truncated")
    element = struct.pack("<IQ", STR, 3) + text("a") + text("b", WRAP - 7) + text("c")
    yield Case("element that wraps to 0", one(pair("k", ARR, element)), "gguf.truncated")
    long = array("k", STR, [b"x" * (1024 * 1024 + 1), "a"])
    yield Case("element over 1 MiB", one(long), "gguf.long_element")
    yield Case("empty array", one(array("k", STR, [])))
    yield Case("array of empty strings", one(array("k", STR, [""] * 3000)))


def _tensors() -> Iterator[Case]:
    def one(*tensors: bytes, data: int = 4096) -> bytes:
        return Gguf(pairs=tiny_pairs(), tensors=list(tensors), data=bytes(data)).build()

    yield Case("name of 64 bytes", one(tensor("n" * 64, (4,))), "gguf.long_tensor_name")
    yield Case("name of 2^63", one(tensor("n", (4,), length=HUGE)), "gguf.long_tensor_name")
    yield Case("five dimensions", one(tensor("n", (1, 1, 1, 1, 1))), "gguf.dimensions")
    yield Case("2^32-1 dimensions", one(tensor("n", (1,), dimensions=2**32 - 1)), "gguf.dimensions")
    yield Case("unknown type", one(tensor("n", (4,), 99)), "gguf.tensor_type")
    yield Case("removed type", one(tensor("n", (32,), 31)), "gguf.tensor_type")
    yield Case("type -1", one(tensor("n", (4,), 2**32 - 1)), "gguf.tensor_type")
    yield Case("dimension of 2^63", one(tensor("n", (HUGE,))), "gguf.tensor_overflow")
    yield Case("dimensions that wrap", one(tensor("n", (2**32, 2**32, 4))), "gguf.tensor_overflow")
    yield Case("bytes that wrap", one(tensor("n", (2**62,))), "gguf.tensor_outside")
    yield Case("wrap hidden by 0", one(tensor("n", (HUGE, 0))), "gguf.tensor_overflow")
    yield Case("broken row", one(tensor("n", (33,), 2)), "gguf.tensor_row")
    yield Case("unaligned offset", one(tensor("n", (4,), 0, 7)), "gguf.tensor_alignment")
    yield Case("offset past the end", one(tensor("n", (4,), 0, 8192)), "gguf.tensor_outside")
    yield Case("offset of 2^64-32", one(tensor("n", (4,), 0, 2**64 - 32)), "gguf.tensor_outside")
    yield Case("end past the end", one(tensor("n", (2048,))), "gguf.tensor_outside")
    twins = (tensor("n", (8,), 0, 0), tensor("n", (8,), 0, 32))
    yield Case("duplicate tensor", one(*twins), "gguf.duplicate_tensor")
    overlapping = (tensor("a", (64,), 0, 0), tensor("b", (64,), 0, 32))
    yield Case("overlapping tensors", one(*overlapping), "gguf.tensor_overlap")
    same = (tensor("a", (64,), 0, 0), tensor("b", (64,), 0, 0))
    yield Case("tensors in one place", one(*same), "gguf.tensor_overlap")
    yield Case("scalar tensor", one(tensor("n", ()), data=32))


def _values() -> Iterator[Case]:
    blocks = "llama.block_count"
    yield Case("2^31 layers", tiny(blocks=number(blocks, U32, 2**31)).build(), "gguf.layers")
    yield Case("513 layers", tiny(blocks=number(blocks, U32, 513)).build(), "gguf.layers")
    yield Case("layers as text", tiny(blocks=string(blocks, "1")).build(), "gguf.key_type")
    yield Case("layers as u64", tiny(blocks=number(blocks, U64, 1)).build(), "gguf.key_type")
    name = number("general.architecture", U32, 1)
    yield Case("architecture as number", tiny(architecture=name).build(), "gguf.key_type")
    tokens = "tokenizer.ggml.tokens"
    yield Case("tokens as numbers", tiny(tokens=array(tokens, I32, [1])).build(), "gguf.key_type")
    yield Case("tokens as text", tiny(tokens=string(tokens, "a")).build(), "gguf.key_type")
    scores = "tokenizer.ggml.scores"
    yield Case("scores as u8", tiny(scores=array(scores, U8, [0] * 4)).build(), "gguf.key_type")
    yield Case("scores as f64", tiny(scores=array(scores, F64, [0] * 4)).build(), "gguf.key_type")
    short = array(scores, F32, [0.0])
    yield Case("too few scores", tiny(scores=short).build(), "gguf.short_array")
    types = "tokenizer.ggml.token_type"
    yield Case("token types as i8", tiny(types=array(types, I8, [1] * 4)).build(), "gguf.key_type")
    yield Case(
        "token types as u32", tiny(types=array(types, U32, [1] * 4)).build(), "gguf.key_type"
    )
    few = array(types, I32, [1])
    yield Case("too few token types", tiny(types=few).build(), "gguf.short_array")
    bos = number("tokenizer.ggml.bos_token_id", U16, 1)
    yield Case("special token as u16", tiny(bos=bos).build(), "gguf.key_type")
    bos = array("tokenizer.ggml.bos_token_id", U32, [1])
    yield Case("special token as list", tiny(bos=bos).build(), "gguf.key_type")
    merges = array("tokenizer.ggml.merges", U32, [1])
    yield Case("merges as numbers", tiny(name=merges).build(), "gguf.key_type")
    template = number("tokenizer.chat_template", U32, 1)
    yield Case("template as number", tiny(name=template).build(), "gguf.key_type")


def _odd() -> Iterator[Case]:
    bos = number("tokenizer.ggml.bos_token_id", U32, 2**31)
    yield Case("special token outside", tiny(bos=bos).build(), None, ("oddity.special_token",))
    nobody = number("tokenizer.ggml.bos_token_id", U32, 2**32 - 1)
    yield Case("special token -1", tiny(bos=nobody).build())
    groups = number("llama.attention.head_count_kv", U32, 3)
    yield Case("odd heads", tiny(groups=groups).build(), None, ("oddity.heads",))
    no_architecture = tiny(architecture=None).build()
    yield Case("no architecture", no_architecture, None, ("oddity.no_architecture",))
    yield Case("trailing bytes", tiny().build() + bytes(100), None, ("oddity.trailing",))
    gap = Gguf(
        pairs=tiny_pairs(),
        tensors=[tensor("a", (8,), 0, 0), tensor("b", (8,), 0, 96)],
        data=bytes(128),
    )
    yield Case("gap between tensors", gap.build(), None, ("oddity.gaps",))
    empty = Gguf(pairs=tiny_pairs(), tensors=[tensor("a", (0, 4))], data=b"")
    yield Case("tensor of nothing", empty.build(), None, ("oddity.empty_tensors",))
