"""Why a load failed, from what the library said: its log is the only place where it tells."""

from dataclasses import dataclass
from pathlib import Path

from runner.errors import RunnerError

_GGUF = b"GGUF"


@dataclass(frozen=True, slots=True)
class _Sign:
    says: str
    code: str


# The first that occurs decides: the library ends every failed load with the same general line.
_SIGNS = (
    _Sign("and 0 tensors from", "engine.vocabulary_only"),
    _Sign("invalid split file", "engine.split_missing"),
    _Sign("invalid split count", "engine.split_missing"),
    _Sign("illegal split file", "engine.split_missing"),
    _Sign("gguf split", "engine.split_missing"),
    _Sign("tensors expected but", "engine.split_missing"),
    _Sign("not within the file bounds", "engine.truncated"),
    _Sign("out of memory", "engine.out_of_memory"),
    _Sign("cannot allocate memory", "engine.out_of_memory"),
    _Sign("failed to allocate", "engine.out_of_memory"),
    _Sign("unable to allocate", "engine.out_of_memory"),
    _Sign("bad_alloc", "engine.out_of_memory"),
    _Sign("clip cannot be used", "engine.projector_only"),
    _Sign("unknown model architecture", "engine.unsupported_architecture"),
    _Sign("unknown pre-tokenizer type", "engine.unsupported_tokeniser"),
    _Sign("unknown tokenizer", "engine.unsupported_tokeniser"),
    _Sign("invalid magic", "engine.not_gguf"),
    _Sign("bad gguf version", "engine.unsupported_version"),
    _Sign("big endian", "engine.unsupported_version"),
    _Sign("endianness", "engine.unsupported_version"),
    _Sign("is not supported, only", "engine.unsupported_version"),
    _Sign("this gguf file is version", "engine.unsupported_version"),
    _Sign("no longer supported", "engine.unsupported_version"),
    _Sign("exceeds remaining file size", "engine.truncated"),
    _Sign("failed to read", "engine.header_damaged"),
    _Sign("gguf_init_from_reader:", "engine.header_damaged"),
    _Sign("missing tensor", "engine.incomplete"),
    _Sign("' not found", "engine.incomplete"),
    _Sign("has wrong shape", "engine.incomplete"),
    _Sign("wrong number of tensors", "engine.incomplete"),
    _Sign("key not found in model", "engine.incomplete"),
)


def check_readable(path: Path) -> None:
    """Refuses what the library would only fail on in a less clear way."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError:
        raise RunnerError("engine.file_missing", path=path.name) from None
    except OSError as error:
        raise RunnerError("engine.file_unreadable", str(error), path=path.name) from error
    if not magic:
        raise RunnerError("engine.file_empty", path=path.name)
    if magic != _GGUF:
        raise RunnerError("engine.not_gguf", f"begins with {magic!r}", path=path.name)


def why_refused(said: str, reasons: str, path: Path, **context: str | float) -> RunnerError:
    """The error for a load that the library refused.

    Args:
        said: the library's whole log of this load.
        reasons: its errors and warnings, for the details.
        path: the file.
        context: values for the words.
    """
    lower = said.lower()
    code = next((sign.code for sign in _SIGNS if sign.says in lower), "engine.load_refused")
    return RunnerError(code, reasons, path=path.name, **context)
