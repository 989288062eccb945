"""Says what a file is that poses as GGUF: an error that names the mistake saves an hour."""

from typing import NoReturn

from inspector.errors import InspectorError
from inspector.gguf.ranges import Bytes

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "gguf.is_zip"),
    (b"\x80\x02", "gguf.is_pickle"),
    (b"\x80\x04", "gguf.is_pickle"),
    (b"version https://git-lfs", "gguf.is_lfs_pointer"),
    (b"tjgg", "gguf.is_old_ggml"),
    (b"fmgg", "gguf.is_old_ggml"),
    (b"lmgg", "gguf.is_old_ggml"),
    (b"algg", "gguf.is_old_ggml"),
    (b"FUGG", "gguf.big_endian"),
    (b"\x1f\x8b", "gguf.is_compressed"),
    (b"\x28\xb5\x2f\xfd", "gguf.is_compressed"),
    (b"\xfd7zXZ\x00", "gguf.is_compressed"),
)


def refuse_lookalike(source: Bytes) -> NoReturn:
    """Raises the error for a file that does not start with GGUF's magic."""
    start = source.read(0, min(512, source.size))
    for beginning, code in _STARTS:
        if start.startswith(beginning):
            raise InspectorError(code, path=source.name)
    text = start.lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head")):
        raise InspectorError("gguf.is_html", path=source.name)
    if start[8:10] in {b'{"', b"{ "} and int.from_bytes(start[:8], "little") < source.size:
        raise InspectorError("gguf.is_safetensors", path=source.name)
    if text.startswith((b'{"', b"{\n", b"{ ", b"[")):
        raise InspectorError("gguf.is_json", path=source.name)
    if not any(start):
        raise InspectorError("gguf.is_zeros", path=source.name)
    raise InspectorError("gguf.wrong_magic", path=source.name, start=_printable(start[:4]))


def _printable(start: bytes) -> str:
    """Writes the first bytes so that they can be told apart."""
    return " ".join(f"{byte:02x}" for byte in start)
