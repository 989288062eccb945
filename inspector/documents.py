"""The text of a file that a person attaches to a question: plain text, code, or PDF.

Runs in the reader process, because a PDF is hostile input as much as a model is: a broken or
endless one costs that process its job, and nothing else.
"""

import hashlib
from pathlib import Path

import msgspec

from inspector.errors import InspectorError

FILE_BYTES = 32 * 1024 * 1024
"""The largest file that is opened at all."""

TEXT_CHARS = 2 * 1024 * 1024
"""What is taken of a file's text; far more than any context holds."""

PAGES = 2_000
"""Pages of a PDF that are read."""

_BINARY_SHARE = 0.02
_MB = 1024 * 1024


class Document(msgspec.Struct, frozen=True):
    """A file's text.

    Attributes:
        kind: `text` or `pdf`.
        sha256: of the file.
        pages: of a PDF; 0 for a text.
        cut: whether the file has more text than was taken.
    """

    name: str
    kind: str
    text: str
    sha256: str
    pages: int = 0
    cut: bool = False


def read_document(path: Path) -> Document:
    """Returns the text of the file at `path`.

    Raises:
        InspectorError: `document.missing`, `document.too_large`, `document.not_text`,
            `document.no_text`, `document.encrypted` or `document.damaged`.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise InspectorError(
                "document.too_large", name=name, most=FILE_BYTES // _MB, size=size // _MB
            )
        content = path.read_bytes()[: FILE_BYTES + 1]
    except OSError as error:
        raise InspectorError("document.missing", str(error), name=name) from error
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"%PDF-"):
        text, pages, cut = _pdf(content, name)
        return Document(name, "pdf", text, digest, pages, cut)
    text = _plain(content, name)
    return Document(name, "text", text[:TEXT_CHARS], digest, cut=len(text) > TEXT_CHARS)


def _plain(content: bytes, name: str) -> str:
    """Returns bytes as text: UTF-8 or UTF-16 by its mark, else Latin-1 where that makes sense."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    head = content[:65536]
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)
    if b"\0" in head or controls > len(head) * _BINARY_SHARE:
        raise InspectorError("document.not_text", name=name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _pdf(content: bytes, name: str) -> tuple[str, int, bool]:
    """Returns text, number of pages, and whether there is more."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        # Many files are locked with an empty password, which every program opens.
        if reader.is_encrypted and not reader.decrypt(""):
            raise InspectorError("document.encrypted", name=name)
        pages = len(reader.pages)
        parts: list[str] = []
        length = 0
        for number in range(min(pages, PAGES)):
            part = reader.pages[number].extract_text()
            parts.append(part)
            length += len(part)
            if length > TEXT_CHARS:
                break
    except (FileNotDecryptedError, DependencyError) as error:  # the latter: a cipher we lack
        raise InspectorError("document.encrypted", str(error), name=name) from error
    except InspectorError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        NotImplementedError,
        OSError,
        AssertionError,
        ImportError,
    ) as error:
        # pypdf raises what it meets in a damaged file; the file is to blame, whatever the class.
        raise InspectorError("document.damaged", repr(error)[:500], name=name) from error
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    if not text:
        raise InspectorError("document.no_text", name=name)
    return text[:TEXT_CHARS], pages, length > TEXT_CHARS or pages > PAGES
