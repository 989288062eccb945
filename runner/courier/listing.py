"""Lists of the Hub, page by page, as far as whoever asks wants to go.

A page names the next one by a link. Mirrors hand on the link of the Hub that they stand for, and
some give only the end of an address; the next page is always asked of the Hub that gave the first,
so that nothing that was said to it, such as a token, goes anywhere else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx2
import msgspec
from huggingface_hub import constants
from huggingface_hub.utils._http import hf_raise_for_status

from runner.courier.answers import host, is_html
from runner.errors import RunnerError
from runner.protocol.courier import Search

Get = Callable[[str, Mapping[str, Any]], httpx2.Response]
Page = tuple[list[dict[str, Any]], str]

HALF_A_SIGN = re.compile(rb"\\u[dD][89a-fA-F]")
"""Signs beyond the first 65,536 are two such, one after the other; one alone is no sign."""

NOTHING: Mapping[str, Any] = {}

SORTS = {
    "last_modified": "lastModified",
    "created_at": "createdAt",
    "trending_score": "trendingScore",
}
"""Orders whose names the Hub writes otherwise."""

TOLD = [
    "createdAt",
    "downloads",
    "gated",
    "gguf",
    "lastModified",
    "likes",
    "private",
    "tags",
]
"""What a search is to tell of each model; by itself the Hub tells no dates, and no sizes at all."""


def pages(get: Get, path: str, query: Mapping[str, Any]) -> Iterator[Page]:
    """Returns one page after the other, each with the way to the next; empty after the last.

    Args:
        get: asks for an address.
        path: below the Hub's address; with a query where it is the way to a further page.
        query: of the first page.
    """
    while path:
        response = get(f"{constants.ENDPOINT}{path}", query)
        hf_raise_for_status(response)
        entries = whole_answer(response, list)
        before, path, query = path, way_on(response), NOTHING
        if path == before:
            path = ""  # a page that leads to itself
        yield [entry for entry in entries if isinstance(entry, dict)], path


def whole_answer(response: httpx2.Response, kind: type) -> Any:
    """Returns what an answer holds.

    Raises:
        RunnerError: `courier.not_the_hub`, `courier.wrong_answer`.
    """
    if is_html(response):
        raise RunnerError("courier.not_the_hub", host=host())
    try:
        said = response.json()
    except (ValueError, RecursionError) as error:
        raise RunnerError("courier.not_the_hub", str(error), host=host()) from error
    if not isinstance(said, kind):
        raise RunnerError("courier.wrong_answer", f"a {type(said).__name__}", host=host())
    if HALF_A_SIGN.search(response.content):
        try:
            msgspec.json.decode(response.content)
        except ValueError as error:
            # Half of a sign, which no text has: nobody could be told of what it stands in.
            raise RunnerError("courier.wrong_answer", str(error), host=host()) from error
    return said


def way_on(response: httpx2.Response) -> str:
    """Returns path and query of the page that an answer names as the next; empty where it names none."""
    named = response.links.get("next", {}).get("url", "")
    if not named:
        return ""
    try:
        url = response.request.url.join(named)
    except httpx2.InvalidURL:
        return ""
    way = url.raw_path.decode("ascii")
    prefix = httpx2.URL(constants.ENDPOINT).raw_path.decode("ascii").rstrip("/")
    return way.removeprefix(prefix) if prefix and way.startswith(f"{prefix}/") else way


def search_query(asked: Search, most: int) -> dict[str, object]:
    """Returns the fields of a search."""
    query = {
        "search": asked.words,
        "author": asked.author,
        "filter": "gguf",
        "sort": SORTS.get(asked.sort, asked.sort),
        "limit": most,
        "expand": TOLD,
    }
    return {name: value for name, value in query.items() if value}
