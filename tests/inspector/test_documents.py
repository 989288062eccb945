"""Texts of attached files: plain, code and PDF; what is not a text is refused by name."""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.code_colours import code_colours
from inspector.documents import TEXT_CHARS, read_document
from inspector.errors import InspectorError


def pdf(text: str = "Hello from a page", pages: int = 1, password: str = "") -> bytes:
    """Writes a small PDF with one line on each page."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refused(path: Path) -> str:
    with pytest.raises(InspectorError) as caught:
        read_document(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Grüße\n".encode(), "Grüße\n"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("breit".encode("utf-16"), "breit"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"", ""),
    ],
)
def test_plain_texts(tmp_path: Path, content: bytes, text: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    document = read_document(file)
    assert (document.kind, document.text, document.cut) == ("text", text, False)


def test_a_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"x" * (TEXT_CHARS + 1))
    document = read_document(file)
    assert len(document.text) == TEXT_CHARS
    assert document.cut


def test_a_pdf(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(pages=3))
    document = read_document(file)
    assert (document.kind, document.pages) == ("pdf", 3)
    assert document.text.count("Hello from a page") == 3


def test_what_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "a.bin"
    binary.write_bytes(bytes(range(256)) * 10)
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(pdf(text=""))
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(pdf(password="secret"))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing else")
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as out:
        out.truncate(33 * 1024 * 1024)
    assert refused(tmp_path / "gone.txt") == "document.missing"
    assert refused(binary) == "document.not_text"
    assert refused(empty) == "document.no_text"
    assert refused(locked) == "document.encrypted"
    assert refused(broken) == "document.damaged"
    assert refused(huge) == "document.too_large"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_pdf_is_read_or_refused_by_name(tmp_path: Path, at: int, patch: bytes) -> None:
    content = bytearray(pdf())
    at %= len(content) - len(patch)
    content[at : at + len(patch)] = patch
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    with contextlib.suppress(InspectorError):
        assert read_document(file).kind in {"pdf", "text"}


def test_code_gets_roles_of_the_theme() -> None:
    from app.theme.tokens import ROLES

    code = 'def f(x):\n    return "s" + 1  # why\n'
    ranges = code_colours(code, "python").ranges
    assert (0, 3, "code_keyword") in ranges
    assert {role for _, _, role in ranges} <= ROLES
    assert all(start >= 0 and start + length <= len(code) for start, length, _ in ranges)
    assert code_colours(code, "no such language").ranges == []
    assert code_colours("x" * 100_000, "python").ranges == []
