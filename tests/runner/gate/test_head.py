"""The head of a request: what one side could read otherwise than the other is refused."""

import pytest

from runner.gate.head import BadRequest, parse

PLAIN = "GET http://127.0.0.1:8080/a HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "fields",
    [
        "A\n\nGET /hidden HTTP/1.1\nHost: x",
        "A\rTransfer-Encoding: chunked",
        "A\0: b",
        "A b: c",
        ": b",
        "Content-Length: 0\r\nContent-Length: 50",
        f"Content-Length: {'9' * 5000}",
        "Content-Length: 5, 5",
    ],
)
def test_what_could_hide_a_request_is_none(fields: str) -> None:
    """A line end within a field's name came past the gate, and with it a request without a line."""
    with pytest.raises(BadRequest):
        parse(f"{PLAIN}{fields}\r\n\r\n".encode())


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("localhost", "localhost"),
        ("::1:8080", "[::1]:8080"),
        ("[::1]:8080", "[::1]:8080"),
    ],
)
def test_the_gate_says_itself_which_host_it_asks(target: str, host: str) -> None:
    fields = "Host: other.example\r\nhost: x\r\nContent-Length: 3\r\nTE: trailers\r\n\r\n"
    head = parse(f"POST http://{target}/a?b HTTP/1.1\r\n{fields}".encode())
    assert (head.path, head.body_bytes) == ("/a?b", 3)
    assert head.passed_on.decode() == (
        f"POST /a?b HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    )
