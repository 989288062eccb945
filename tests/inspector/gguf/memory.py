"""Bytes in memory behind the reader's protocol, with the same promises as a file."""

from inspector.errors import InspectorError


class Memory:
    """A file that never was on disk; it can be shortened while it is read."""

    def __init__(self, data: bytes, name: str = "memory.gguf") -> None:
        self.data = data
        self.name = name
        self.size = len(data)

    def read(self, offset: int, length: int) -> bytes:
        assert length <= self.size, "a read that the length does not justify"
        piece = self.data[offset : offset + length]
        if len(piece) < length:
            raise InspectorError("gguf.changed", path=self.name)
        return piece

    def close(self) -> None:
        pass
