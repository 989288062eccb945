"""A far side that can't prove who it is gets no request, and is told as what it is."""

import queue
import ssl
import subprocess
from pathlib import Path

import pytest

from runner.courier.client import CourierClient
from runner.errors import RunnerError
from runner.store import Store
from tests.support.hub import HubServer
from tests.support.porter import running_porter

pytestmark = pytest.mark.fault


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
