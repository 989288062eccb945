"""A far side that can't prove who it is gets no request, and is told as what it is."""

import contextlib
import queue
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import httpcore2
import pytest

from runner.courier.answers import of_transport
from runner.courier.client import CourierClient
from runner.courier.line import GateStream
from runner.errors import RunnerError
from runner.store import Store
from tests.support.hub import HubServer
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with certificates that sign themselves: `good` for `hub.example`, and `old`."""
    folder = tmp_path_factory.mktemp("certificates")
    openssl = ("openssl", "x509", "-req", "-in", "request", "-signkey", "key", "-extfile", "names")
    (folder / "names").write_text("subjectAltName=DNS:hub.example")
    for command in (
        ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", "key", "-out", "request", "-subj", "/CN=hub.example"),
        (*openssl, "-days", "2", "-out", "good"),
        (*openssl, "-days", "-1", "-out", "old"),
    ):  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return folder


@pytest.mark.parametrize(
    ("shown", "trusted", "host", "code"),
    [
        ("old", "old", "hub.example", "courier.tls_date"),
        ("good", "good", "other.example", "courier.tls_name"),
        ("good", "good", "127.0.0.1", "courier.tls_name"),
        ("good", "old", "hub.example", "courier.tls"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_apart(
    certificates: Path, shown: str, trusted: str, host: str, code: str
) -> None:
    """Through the courier's own stream with TLS; the real path trusts this system's list alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / shown, certificates / "key")
    ours, theirs = socket.socketpair()

    def answer() -> None:
        with theirs, contextlib.suppress(OSError):
            context.wrap_socket(theirs, server_side=True).close()

    server = threading.Thread(target=answer)
    server.start()
    trust = ssl.create_default_context(cafile=str(certificates / trusted))
    with pytest.raises(httpcore2.ConnectError) as refused:
        GateStream(ours.detach()).start_tls(trust, host, 10)
    server.join(10)
    assert of_transport(refused.value).code == code


def test_a_certificate_that_nobody_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setattr("runner.store.ballast.SIZE", 64 * 1024)
    with HubServer(context=context) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        with Store.open(tmp_path / "lightwell.sqlite") as store, running_porter() as porter:
            client = CourierClient(porter, store.ledger, token=lambda: "hf_secret")
            answers: queue.SimpleQueue[object] = queue.SimpleQueue()
            client.repository("a/b", "main", "a test", answers.put, answers.put)
            answer = answers.get(timeout=60)
            client.close()
    assert isinstance(answer, RunnerError)
    assert answer.code == "courier.tls"
    assert answer.context["host"] == "127.0.0.1"
    assert hub.sent == []
