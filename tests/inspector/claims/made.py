"""Makes small model files with cards, and looks at them by every rule."""

import functools
from pathlib import Path

import gguf
import numpy as np

from app.reader.dossier import read_dossier, renderer
from app.reader.licence import licences
from inspector.claims.case import Case
from inspector.claims.check import check_claims
from inspector.claims.inputs import Beside
from inspector.claims.text import CardText
from inspector.claims.values import ClaimReport
from inspector.gguf.model import GgufModel
from inspector.summary import summarise

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
WITH_PROMPT = (
    "{% if messages[0]['role'] != 'system' %}<|im_start|>system\n"
    "You are a quiet and helpful parrot.<|im_end|>\n{% endif %}" + TEMPLATE
)
TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "a"]


def model_file(
    folder: Path,
    name: str = "model.gguf",
    *,
    arch: str = "llama",
    file_type: int | None = 0,
    tensors: tuple[tuple[str, tuple[int, int]], ...] = (("token_embd.weight", (100, 100)),),
    template: str = "",
    **values: object,
) -> Path:
    """Writes a model; `values` are header keys with `__` for a dot."""
    path = folder / name
    writer = gguf.GGUFWriter(path, arch)
    if file_type is not None:
        writer.add_file_type(file_type)
    if template:
        writer.add_chat_template(template)
    for key, value in values.items():
        key = key.replace("__", ".")
        if isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, list):
            writer.add_array(key, value)
        else:
            writer.add_string(key, str(value))
    for title, shape in tensors:
        writer.add_tensor(title, np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def claims(
    path: Path,
    card: str | bytes | None = None,
    *,
    beside: Beside | None = None,
    documents: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
) -> ClaimReport:
    """Returns what the rules say of a file; `documents` are licence texts, `files` the publisher's."""
    at = path.parent / "README.md"
    if card is not None:
        at.write_bytes(card if isinstance(card, bytes) else card.encode())
    texts = []
    for name, text in (documents or {}).items():
        (path.parent / name).write_text(text)
        texts.append(str(path.parent / name))
    with GgufModel.open(path) as model:
        origin = read_dossier(model, str(path), str(at) if card is not None else "")
        return check_claims(
            Case(
                model=model,
                summary=summarise(model),
                lineage=origin.lineage,
                licence=licences(model, tuple(texts)),
                templates=origin.templates,
                card=origin.card,
                text=CardText(at.read_bytes(), at.name) if card is not None else None,
                renderer=functools.cache(renderer),
                beside=beside or Beside(),
                files=tuple((files or {}).items()),
            )
        )
