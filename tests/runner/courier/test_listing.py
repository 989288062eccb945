"""How lists are read from answers of servers that go about it in their own ways."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import pytest

from runner.courier import told
from runner.courier.listing import pages, whole_answer
from runner.errors import RunnerError

Handle = Callable[[httpx2.Request], httpx2.Response]


def asked_of(
    handle: Handle, monkeypatch: pytest.MonkeyPatch, endpoint: str = "https://mirror.example/hub"
) -> tuple[list[list[dict[str, Any]]], list[str]]:
    """Reads every page; returns them, and which addresses were asked."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", endpoint)
    seen: list[str] = []

    def noted(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return handle(request)

    with httpx2.Client(transport=httpx2.MockTransport(noted)) as client:

        def get(url: str, query: Mapping[str, Any]) -> httpx2.Response:
            return client.get(url, params=query or None)

        return [page for page, _ in pages(get, "/api/models", {"search": "x"})], seen


@pytest.mark.parametrize(
    "link",
    [
        "https://mirror.example/hub/api/models?search=x&cursor=2",
        "https://huggingface.co/api/models?search=x&cursor=2",
        "/hub/api/models?search=x&cursor=2",
        "?search=x&cursor=2",
    ],
)
def test_the_next_page_is_asked_of_the_hub_that_gave_the_first(
    link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if "cursor" in request.url.params:
            return httpx2.Response(200, json=[{"id": "a/second"}])
        return httpx2.Response(
            200, json=[{"id": "a/first"}], headers={"link": f"<{link}>; rel=next"}
        )

    came, seen = asked_of(handle, monkeypatch)
    assert came == [[{"id": "a/first"}], [{"id": "a/second"}]]
    assert seen[1] == "https://mirror.example/hub/api/models?search=x&cursor=2"


def test_a_page_that_leads_to_itself_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    link = {"link": '</hub/api/models?c=1>; rel="next"'}
    came, _ = asked_of(lambda _: httpx2.Response(200, json=[{}], headers=link), monkeypatch)
    assert len(came) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx2.Response(200, html="<p>Log in"), "courier.not_the_hub"),
        (httpx2.Response(200, content=b""), "courier.not_the_hub"),
        (httpx2.Response(200, content=b'[{"id": "a/b"'), "courier.not_the_hub"),
        (httpx2.Response(200, json={"models": []}), "courier.wrong_answer"),
        (httpx2.Response(200, content=b'[{"id": "a/\\ud800"}]'), "courier.wrong_answer"),
    ],
)
def test_what_is_no_list(
    answer: httpx2.Response, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RunnerError) as refused:
        asked_of(lambda _: answer, monkeypatch)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456+00:00"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05+02:00"),
        ("yesterday", ""),
        (None, ""),
        (1_700_000_000, ""),
    ],
)
def test_dates_are_read_as_they_come(said: object, changed: str) -> None:
    assert told.find({"id": "a/b", "lastModified": said}).changed == changed


@pytest.mark.parametrize(
    ("said", "gated"),
    [
        (False, ""),
        ("false", ""),
        (None, ""),
        (True, "true"),
        ("auto", "auto"),
        ("manual", "manual"),
    ],
)
def test_how_access_is_given(said: object, gated: str) -> None:
    assert told.find({"id": "a/b", "gated": said}).gated == gated


def test_what_is_missing_is_empty() -> None:
    assert told.find({"modelId": "a/b", "tags": None, "gguf": None}).repository == "a/b"
    assert told.file({"type": "directory", "path": "x", "oid": "1"}) is None
    assert told.file({"path": "x.gguf", "size": 5, "lfs": None}) is not None
    large = told.file(
        {"path": "x", "size": 133, "lfs": {"oid": "sha256:ab", "size": 7}, "oid": "c"}
    )
    assert large is not None
    assert (large.size, large.sha256, large.blob) == (7, "ab", "c")


@pytest.mark.parametrize("said", ["{", "[" * 100_000 + "]" * 100_000], ids=["cut", "too deep"])
def test_an_answer_that_cant_be_read_is_told_of(said: str) -> None:
    with pytest.raises(RunnerError) as refused:
        whole_answer(httpx2.Response(200, text=said), list)
    assert refused.value.code == "courier.not_the_hub"
