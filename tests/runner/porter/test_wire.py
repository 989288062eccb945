"""The porter's requests: what a front end may say, and that everything else is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runner.confine.labels import Label
from runner.porter import ending, wire
from runner.porter.address import checked
from runner.porter.ending import LONGEST_LINE, Tail, judge
from runner.porter.kinds import Posture
from runner.porter.spawn import child_environment, front_end_environment
from runner.porter.wire import Facts, OpenAddress, Refused, Start, decode_request
from runner.protocol.common import EndKind

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
FIELDS = some.fixed_dictionaries(
    {
        "type": some.sampled_from(["Start", "End", "OpenAddress", "OpenFolder"])
        | some.text(max_size=5)
    },
    optional=dict.fromkeys(
        ("number", "kind", "readable", "writable", "options", "hard", "url", "path"), JSON
    ),
)


@settings(max_examples=300, deadline=None)
@given(FIELDS)
def test_a_request_is_understood_or_refused(fields: dict[str, object]) -> None:
    try:
        request = decode_request(json.dumps(fields).encode())
    except Refused:
        return
    assert 0 < request.number < 2**31
    if isinstance(request, Start):
        assert all(path.is_absolute() for path in (*request.readable, *request.writable))
        assert all(isinstance(value, str) for value in request.options.values())


@settings(max_examples=200, deadline=None)
@given(some.binary(max_size=100))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Refused):
        decode_request(noise)


def test_requests_survive_the_way() -> None:
    start = Start(
        number=1,
        kind="engine",
        readable=(Path("/a b/ü.gguf"),),
        writable=(Path("/models/.incoming"),),
        options={"a": "b"},
    )
    assert decode_request(wire.encode(start)) == start
    opening = OpenAddress(number=2, url="https://example.org/")
    assert decode_request(wire.encode(opening)) == opening


def test_answers_survive_the_way() -> None:
    facts = Facts(
        number=1, pid=2, kind="engine", posture="no network", label="sealed off", means=("seccomp",)
    )
    assert wire.decode_answer(wire.encode(facts)) == facts


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://exämple.org/",
        "https://example.org/ -x",
        "https://example.org\\@evil.example/",
        "https://example.org:port/",
        "https://example.org/\u202egpj",
        "-https://example.org",
        "ftp://example.org/",
        "//example.org",
    ],
)
def test_addresses_that_are_not_opened(url: str) -> None:
    with pytest.raises(Refused, match=r".+"):
        checked(url)


def test_addresses_that_are() -> None:
    for url in (
        "https://example.org/a?b=c#d",
        "http://127.0.0.1:8080/",
        "https://xn--exmple-cua.org",
    ):
        assert checked(url) == url


# ---- how a process ended ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "asked", "kills", "expected"),
    [
        (0, False, 0, ("exit", 0)),
        (3 << 8, False, 0, ("exit", 3)),
        (11, False, 0, ("signal", 11)),
        (11 | 0x80, False, 0, ("signal", 11)),
        (9, False, 0, ("signal", 9)),
        (9, False, 1, ("out of memory", 9)),
        (6, False, 1, ("signal", 6)),
        (9, True, 1, ("asked", 0)),
        (15, True, 0, ("asked", 0)),
        (1 << 8, True, 0, ("asked", 0)),
    ],
)
def test_endings(status: int, asked: bool, kills: int, expected: tuple[str, int]) -> None:
    found = judge(status, asked=asked, memory_kills=kills)
    assert (found.kind, found.status) == expected


def test_the_porter_says_endings_in_the_words_of_the_protocol() -> None:
    words = {ending.ASKED, ending.EXIT, ending.SIGNAL, ending.OUT_OF_MEMORY, ending.NOT_STARTED}
    assert words | {EndKind.PROTOCOL} == set(EndKind)


def test_the_tail_keeps_the_last_lines_and_no_control_signs() -> None:
    tail = Tail()
    for number in range(500):
        tail.add(f"line {number}\n".encode())
    tail.add(b"\x1b[31mred\x00" + b"x" * 5000)
    lines = tail.text().splitlines()
    assert len(lines) <= ending.KEPT_LINES + 1
    assert lines[-2] == "line 499"
    assert "\x1b" not in tail.text()
    assert len(lines[-1]) == LONGEST_LINE
    assert (
        len(wire.encode(wire.Gone(number=1, how="exit", status=1, tail=tail.text()))) < 128 * 1024
    )


def test_a_tail_of_odd_letters_fits_into_a_packet() -> None:
    tail = Tail()
    for _ in range(300):
        tail.add("\N{GRINNING FACE}".encode() * 400 + b"\n")
    answer = wire.Gone(number=1, how="exit", status=1, tail=tail.text())
    assert len(wire.encode(answer)) <= 2 * wire.MAX_PACKET_BYTES


# ---- what a process gets ------------------------------------------------------------------------


def test_secrets_stay_with_the_porter() -> None:
    from app.processes import table

    own = {
        "HF_TOKEN": "x",
        "HF_TOKEN_PATH": "/home/a/token",
        "https_proxy": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "HOME": "/home/a",
        "LANG": "C",
        "CUDA_VISIBLE_DEVICES": "0",
        "LC_ALL": "C",
        "LC_CTYPE": "C",
        "GGML_VK_VISIBLE_DEVICES": "0",
        "VK_DRIVER_FILES": "x",
        "LD_LIBRARY_PATH": "x",
        "LD_PRELOAD": "x",
        "SSH_AUTH_SOCK": "/run/agent",
        "SESSION_MANAGER": "local/here:@/x",
    }
    for kind in table().values():
        environment = child_environment(kind, own)
        assert len(environment) <= 10
        assert not {"HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "LD_PRELOAD"} & environment.keys()
        assert "HF_TOKEN_PATH" not in environment
        # The one way out takes the way that the person's network wants.
        assert ("https_proxy" in environment) is (kind.name == "gate")
    front_end = front_end_environment(own)
    assert front_end["HOME"] == "/home/a"
    assert front_end["HF_TOKEN_PATH"] == "/home/a/token", "it names a file, and holds no secret"
    assert {"HF_TOKEN", "https_proxy", "AWS_SECRET_ACCESS_KEY"}.isdisjoint(front_end)
    assert {"SSH_AUTH_SOCK", "SESSION_MANAGER"}.isdisjoint(front_end)


def test_a_front_end_hears_of_the_proxy_and_not_of_its_password() -> None:
    for address in (
        "http://me:secret@proxy:3128/",
        "me:secret@proxy:3128",
    ):
        own = {"HTTPS_PROXY": address, "no_proxy": "a.example,.b.example"}
        front_end = front_end_environment(own)
        assert front_end["LIGHTWELL_WAY_OUT"] == "HTTPS_PROXY http://proxy:3128 login"
        assert front_end["LIGHTWELL_WAY_AROUND"] == "a.example,.b.example"
        assert "secret" not in str(front_end)
    assert "LIGHTWELL_WAY_OUT" not in front_end_environment({"HTTPS_PROXY": " "})
    unreadable = front_end_environment({"HTTPS_PROXY": "http://me:se/cret@proxy:3128"})
    assert unreadable["LIGHTWELL_WAY_OUT"] == "HTTPS_PROXY http:// login"


def test_nobody_else_tells_a_front_end_who_is_asked() -> None:
    """The window would name another Hub and another proxy than the gate goes to."""
    own = {"HF_ENDPOINT": "https://true.example", "LIGHTWELL_MIRROR": "x", "LIGHTWELL_WAY_OUT": "x"}
    front_end = front_end_environment({**own, "LIGHTWELL_WAY_AROUND": "x"})
    assert {name for name in front_end if name != "PYTHONPATH"} == {"HF_ENDPOINT"}


def test_words_that_are_shared_are_the_same() -> None:
    from runner.confine import limits, seal

    assert seal.LOCAL_ONLY == Posture.LOCAL_ONLY
    assert limits.NO_NETWORK == Posture.NO_NETWORK
    assert len(Label) == 5
