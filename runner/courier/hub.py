"""Jobs that ask the Hub: the one file that imports `huggingface_hub`.

Nothing is sent that a job does not need: no token, no telemetry, no look-up of update or agent.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

import httpx2
import huggingface_hub
from huggingface_hub import (
    HfApi,
    close_session,
    constants,
    get_session,
    hf_hub_url,
    set_client_factory,
)
from huggingface_hub.utils._http import hf_raise_for_status
from huggingface_hub.utils._validators import validate_repo_id

from runner.channel.bulk import FrameKind
from runner.child.jobs import JobKind, JobTools
from runner.courier import told
from runner.courier.answers import accept, host, is_html, named_failures
from runner.courier.fetching import Fetching
from runner.courier.heads import content_range, plain_etag
from runner.courier.line import GateTransport, ToTheGate
from runner.courier.listing import Get, pages, search_query, whole_answer
from runner.errors import RunnerError
from runner.porter.hubs import TOKEN_VARIABLE
from runner.protocol.allowance import LEAST_WINDOW, allowance
from runner.protocol.courier import (
    LONGEST_CARD,
    LONGEST_RANGE,
    MOST_FILES,
    MOST_FOUND,
    Ask,
    AskText,
    Card,
    Check,
    Checked,
    Fetch,
    Fetched,
    Find,
    FoundPage,
    Range,
    Ranged,
    RemoteFile,
    Repository,
    Search,
)

AGENT = "lightwell"
BUILD = {"huggingface_hub": huggingface_hub.__version__}
WAIT_S = 30.0
STALL_S = 6.0
"""How long the bytes of a file may fail to come before the connection is given up."""

MOST_REDIRECTS = 5
CARD = "README.md"
SEARCH = "/api/models"
MOST_KEPT = 10 * MOST_FOUND
"""Of a server whose pages are longer than was asked for."""

NO_FIELDS: Mapping[str, str] = {}


class Hub:
    """The Hub as the courier sees it.

    Thread: the work thread; one job at a time.
    """

    def __init__(self) -> None:
        self._errand, self._window = 0, LEAST_WINDOW
        # From the keyring, by way of the porter; no front end has it.
        self._token = os.environ.pop(TOKEN_VARIABLE, "")
        backend = ToTheGate(lambda: (self._errand, self._window))
        set_client_factory(lambda: self._client(backend))
        self._api = HfApi(token=False, library_name=AGENT, library_version=_version())
        self._fetching = Fetching()

    def jobs(self) -> dict[str, JobKind]:
        """Returns the table of jobs."""
        return {
            "search": JobKind(Search, self.search),
            "repository": JobKind(Ask, self.repository),
            "files": JobKind(Ask, self.files),
            "card": JobKind(Ask, self.card),
            "text": JobKind(AskText, self.text),
            "range": JobKind(Range, self.range),
            "check": JobKind(Check, self.check),
            "fetch": JobKind(Fetch, self.fetch),
        }

    def search(self, asked: Search, tools: JobTools) -> FoundPage:
        """Returns models with GGUF files that the Hub finds for some words: as many as asked, or more.

        Some servers answer in pages of their own size; what came is not thrown away.
        """
        if asked.after and not asked.after.startswith(f"{SEARCH}?"):
            raise RunnerError("courier.wrong_answer", asked.after, host=host())
        most = min(asked.most, MOST_FOUND)
        finds: list[Find] = []
        on = ""
        with self._errand_of(asked.errand):
            get = self._getter(asked.token)
            way = asked.after or SEARCH
            query = {} if asked.after else search_query(asked, most)
            for page, on in pages(get, way, query):  # noqa: B007 - kept
                finds += [one for entry in page if (one := told.find(entry)).repository]
                if len(finds) >= most:
                    break
        return FoundPage(finds=tuple(finds[:MOST_KEPT]), after=on)

    def repository(self, asked: Ask, tools: JobTools) -> Repository:
        """Returns what the Hub says of a repository."""
        with self._errand_of(asked.errand, asked.repository):
            path = f"/api/models/{_name(asked)}/revision/{quote(asked.revision, safe='')}"
            response = self._getter(asked.token)(f"{constants.ENDPOINT}{path}", {})
            hf_raise_for_status(response)
            said = whole_answer(response, dict)
        return told.repository(said, asked)

    def files(self, asked: Ask, tools: JobTools) -> list[RemoteFile]:
        """Returns the files of a repository at a revision."""
        files: list[RemoteFile] = []
        with self._errand_of(asked.errand, asked.repository):
            path = f"/api/models/{_name(asked)}/tree/{quote(asked.revision, safe='')}"
            query = {"recursive": True, "expand": False}
            for page, _ in pages(self._getter(asked.token), path, query):
                files += [file for entry in page if (file := told.file(entry)) is not None]
                if len(files) >= MOST_FILES:
                    break
        return files[:MOST_FILES]

    def card(self, asked: Ask, tools: JobTools) -> Card:
        """Returns the text of a repository's card at a revision; empty where there is none."""
        try:
            return self._text(asked, CARD)
        except RunnerError as error:
            if error.code == "courier.no_such_file":
                return Card(text="")
            raise

    def text(self, asked: AskText, tools: JobTools) -> Card:
        """Returns a small file of text."""
        return self._text(asked, asked.path)

    def _text(self, asked: Ask, path: str) -> Card:
        with self._errand_of(asked.errand, asked.repository):
            url = hf_hub_url(asked.repository, path, revision=asked.revision)
            with self._get(url, asked.token) as response:
                accept(response, httpx2.codes.OK)
                if is_html(response):
                    raise RunnerError("courier.not_the_hub", host=host())
                text = _most(response, LONGEST_CARD + 1)
        whole = text[:LONGEST_CARD].decode("utf-8", "replace")
        return Card(text=whole, cut=len(text) > LONGEST_CARD)

    def range(self, asked: Range, tools: JobTools) -> Ranged:
        """Sends a part of a file over the bulk channel."""
        if asked.start < 0 or not 0 < asked.length <= LONGEST_RANGE:
            raise RunnerError("courier.bad_range", f"{asked.length} bytes from {asked.start}")
        with self._errand_of(asked.errand, asked.repository):
            url = hf_hub_url(asked.repository, asked.path, revision=asked.commit)
            last = asked.start + asked.length - 1
            fields = {"Range": f"bytes={asked.start}-{last}"}
            with self._get(url, asked.token, fields) as response:
                accept(response, httpx2.codes.PARTIAL_CONTENT, httpx2.codes.OK)
                if is_html(response):
                    raise RunnerError("courier.not_the_hub", host=host())
                first, given, size = content_range(response, asked.size)
                if response.status_code == httpx2.codes.OK:
                    # A server without ranges: what comes before the part goes by unkept.
                    given = min(last, given)
                    received = _most(response, given + 1)[asked.start :]
                elif first != asked.start or given > last:
                    raise RunnerError("courier.wrong_range", f"{first}-{given}/{size}")
                else:
                    received = _most(response, asked.length)
                if len(received) != given - asked.start + 1:
                    raise RunnerError("courier.cut_off", f"{len(received)} bytes came")
                hub = (response.history or [response])[0].headers
                etag = hub.get("x-linked-etag") or hub.get("etag") or ""
                ranged = Ranged(
                    received=len(received),
                    size=size,
                    commit=hub.get("x-repo-commit", ""),
                    etag=plain_etag(etag),
                    host=response.url.host,
                )
        tools.send_bulk(FrameKind.BYTES, received)
        return ranged

    def check(self, asked: Check, tools: JobTools) -> Checked:
        """Reads what has come of a file."""
        return self._fetching.check(asked, tools)

    def fetch(self, asked: Fetch, tools: JobTools) -> Fetched:
        """Fetches the rest of a file into its part."""
        window = allowance(asked.size, asked.connections).window
        with self._errand_of(asked.errand, asked.repository, window):
            url = hf_hub_url(asked.repository, asked.path, revision=asked.commit)
            return self._fetching.fetch(
                asked, tools, lambda fields: self._get(url, asked.token, fields, STALL_S)
            )

    def _getter(self, token: str) -> Get:
        """Returns what asks for a whole answer."""
        headers = self._api._build_hf_headers(token=token or self._token or False)
        return lambda url, query: get_session().get(url, params=query or None, headers=headers)

    def _get(
        self,
        url: str,
        token: str,
        fields: Mapping[str, str] = NO_FIELDS,
        wait_s: float = WAIT_S,
    ) -> AbstractContextManager[httpx2.Response]:
        # Without the field, a server may compress, and a range is of something else.
        headers = {
            **self._api._build_hf_headers(token=token or self._token or False),
            "Accept-Encoding": "identity",
            **fields,
        }
        return get_session().stream("GET", url, headers=headers, timeout=wait_s)

    def _client(self, backend: ToTheGate) -> httpx2.Client:
        return httpx2.Client(
            transport=GateTransport(backend),
            # One request a connection: so each is a line of the ledger with its own bytes, although
            # the gate can't look into what is encrypted.
            headers={"Connection": "close"},
            trust_env=False,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            timeout=WAIT_S,
        )

    @contextmanager
    def _errand_of(
        self, number: int, repository: str = "", window: int = LEAST_WINDOW
    ) -> Iterator[None]:
        """Lets connections belong to one errand only, and names what went wrong."""
        self._errand, self._window = number, window
        try:
            with named_failures(repository):
                yield
        finally:
            # A connection that stays open would carry the next errand under this one's line.
            close_session()
            self._errand, self._window = 0, LEAST_WINDOW


def _name(asked: Ask) -> str:
    """Returns the name of a repository, if it can be one.

    Raises:
        HFValidationError: it can't.
    """
    validate_repo_id(asked.repository)
    return asked.repository


def _version() -> str:
    try:
        return version(AGENT)
    except PackageNotFoundError:
        return "0"  # run from its folder, without having been installed


def _most(response: httpx2.Response, most: int) -> bytes:
    """Reads a body, and of a longer one no more than that."""
    received = bytearray()
    for chunk in response.iter_bytes():
        received += chunk
        if len(received) >= most:
            break
    return bytes(received[:most])
