"""Markdown → text without its signs, for the clipboard."""

from app.markdown.blocks import Block, Code, Rule, Table, plain
from app.markdown.stream import MarkdownStream


def plain_text(markdown: str) -> str:
    """Returns a text as it reads on screen; what is too long to be drawn follows as it is."""
    stream = MarkdownStream(keeps_lines=True)
    stream.feed(markdown)
    stream.finish()
    parts = [_text(block) for block in stream.settled]
    if stream.omitted:
        parts.append(markdown[-stream.omitted :])
    return "\n\n".join(part for part in parts if part)


def _text(block: Block) -> str:
    indent = "  " * max(0, block.place.indent - 1)
    match block:
        case Code():
            return block.text
        case Rule():
            return "—" * 8
        case Table():
            rows = [block.header, *block.rows] if block.header else list(block.rows)
            return "\n".join("\t".join(plain(cell) for cell in row) for row in rows)
        case _:
            marker = f"{block.place.marker} " if block.place.marker else ""
            return f"{indent}{marker}{plain(block.spans)}"
