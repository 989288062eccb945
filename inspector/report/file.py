"""A report as a file: a frame with a digest, around the content exactly as it was digested.

The digest is SHA-256 over the bytes of the value of `content` as they stand in the file. It shows
that something was changed; whoever changes a report can make the digest anew, so it is no signature.
"""

import hashlib
from typing import Any

import msgspec

from inspector.errors import InspectorError
from inspector.report.values import SCHEMA, Content

LARGEST = 32 * 1024 * 1024

METHOD = "sha256 of content"

_PAGE, _HEAD = b"<!doctype html", 64
"""How the page begins, which a person takes for the report."""

_SHA256 = "^[0-9a-f]{64}$"

_STEM = SCHEMA.rpartition("/")[0]


class PageMade(msgspec.Struct, frozen=True):
    """The page that was saved with a report: the digest of its bytes."""

    sha256: str

    @classmethod
    def of(cls, page: bytes) -> "PageMade":
        """Returns what is kept of a page."""
        return cls(hashlib.sha256(page).hexdigest())


class _Frame(msgspec.Struct, frozen=True):
    schema: str
    digest: str
    content: msgspec.Raw
    method: str = METHOD
    page: PageMade | None = None


class ReportRead(msgspec.Struct, frozen=True):
    """A report that was read.

    Attributes:
        stated: the digest that stands in the file.
        counted: the digest of what stands in it now.
        page: the page that was saved with it; None in reports of before.
    """

    content: Content
    stated: str
    counted: str
    page: PageMade | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the digest still fits; that says nothing of who wrote it."""
        return self.stated == self.counted


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema of a report, for programs in other languages."""
    body = msgspec.json.schema(Content)
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "type": "object",
        "required": ["schema", "method", "digest", "content"],
        "properties": {
            "schema": {"const": SCHEMA},
            "method": {"const": METHOD},
            "digest": {**text, "pattern": _SHA256},
            "page": {
                "type": "object",
                "required": ["sha256"],
                "properties": {"sha256": {**text, "pattern": _SHA256}},
            },
            "content": {"$ref": body["$ref"]},
        },
        "$defs": body["$defs"],
    }


def written(content: Content, page: PageMade | None = None) -> bytes:
    """Returns the report as a file.

    Args:
        content: what it says.
        page: the page that is saved with it, which has the content's digest on it and is made before.
    """
    body = msgspec.json.format(msgspec.json.encode(content), indent=1)
    digest = hashlib.sha256(body).hexdigest()
    frame = {"schema": SCHEMA, "method": METHOD, "digest": digest}
    head = msgspec.json.encode(frame if page is None else {**frame, "page": page})
    # The frame ends with the content, whose bytes are the digested ones.
    return head[:-1] + b',\n"content": ' + body + b"}\n"


def digest_of(file: bytes) -> str:
    """Returns the digest that stands in a file that `written` made."""
    return msgspec.json.decode(file, type=_Frame).digest


def read_report(raw: bytes, name: str) -> ReportRead:
    """Returns the report in the bytes of a file.

    Raises:
        InspectorError: `report.too_large`, `report.is_page` for the page that was saved with it,
            `report.not_one`, or `report.newer` for a later form.
    """
    if len(raw) > LARGEST:
        raise InspectorError("report.too_large", name=name, size=LARGEST // 1024 // 1024)
    if raw[:_HEAD].lstrip().lower().startswith(_PAGE):
        raise InspectorError("report.is_page", name=name)
    try:
        frame = msgspec.json.decode(raw, type=_Frame)
        if frame.schema != SCHEMA and frame.schema.startswith(f"{_STEM}/"):
            raise InspectorError("report.newer", name=name, found=frame.schema[:40], known=SCHEMA)
        if frame.schema != SCHEMA or frame.method != METHOD:
            raise InspectorError("report.not_one", "another schema", name=name)
        body = bytes(frame.content)
        content = msgspec.json.decode(body, type=Content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InspectorError("report.not_one", str(error)[:200], name=name) from error
    return ReportRead(content, frame.digest, hashlib.sha256(body).hexdigest(), frame.page)
