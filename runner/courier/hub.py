"""Jobs that ask the Hub: the one file that imports `huggingface_hub`.

Nothing is sent that a job does not need: no token, no telemetry, no look-up of update or agent.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

import httpcore2
import httpx2
import huggingface_hub
from huggingface_hub import HfApi, close_session, get_session, hf_hub_url, set_client_factory
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile

from runner.channel.bulk import FrameKind
from runner.child.jobs import JobKind, JobTools
from runner.courier.line import GateTransport, ToTheGate
from runner.errors import RunnerError
from runner.protocol.courier import (
    LONGEST_CARD,
    LONGEST_RANGE,
    MOST_FILES,
    MOST_FOUND,
    Ask,
    Card,
    Find,
    Range,
    Ranged,
    RemoteFile,
    Repository,
    Search,
)

AGENT = "lightwell"
BUILD = {"huggingface_hub": huggingface_hub.__version__}
WAIT_S = 30.0
GATE_SAYS = {403: "courier.refused", 507: "courier.no_ledger"}
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class Hub:
    """The Hub as the courier sees it.

    Thread: the work thread; one job at a time.
    """

    def __init__(self) -> None:
        self._errand = 0
        backend = ToTheGate(lambda: self._errand)
        set_client_factory(lambda: self._client(backend))
        self._api = HfApi(token=False, library_name=AGENT, library_version=_version())

    def jobs(self) -> dict[str, JobKind]:
        """Returns the table of jobs."""
        return {
            "search": JobKind(Search, self.search),
            "repository": JobKind(Ask, self.repository),
            "files": JobKind(Ask, self.files),
            "card": JobKind(Ask, self.card),
            "range": JobKind(Range, self.range),
        }

    def search(self, asked: Search, tools: JobTools) -> list[Find]:
        """Returns models with GGUF files that the Hub finds for some words."""
        with self._errand_of(asked.errand):
            found = self._api.list_models(
                search=asked.words,
                filter="gguf",
                sort=asked.sort,  # type: ignore[arg-type]  # the Hub refuses what it does not know
                limit=min(asked.most, MOST_FOUND),
            )
            return [_find(model) for model in islice(found, MOST_FOUND)]

    def repository(self, asked: Ask, tools: JobTools) -> Repository:
        """Returns what the Hub says of a repository."""
        with self._errand_of(asked.errand):
            said: Any = self._api.model_info(asked.repository, revision=asked.revision)
        find = _find(said)
        return Repository(
            repository=find.repository,
            commit=said.sha or "",
            downloads=find.downloads,
            likes=find.likes,
            gated=find.gated,
            private=bool(said.private),
            changed=find.changed,
            tags=find.tags,
        )

    def files(self, asked: Ask, tools: JobTools) -> list[RemoteFile]:
        """Returns the files of a repository at a revision."""
        with self._errand_of(asked.errand):
            tree = self._api.list_repo_tree(
                asked.repository, recursive=True, revision=asked.revision
            )
            return [
                _file(entry) for entry in islice(tree, MOST_FILES) if isinstance(entry, RepoFile)
            ]

    def card(self, asked: Ask, tools: JobTools) -> Card:
        """Returns the text of a repository's card at a revision."""
        with self._errand_of(asked.errand):
            url = hf_hub_url(asked.repository, "README.md", revision=asked.revision)
            with self._get(url, {}) as response:
                if response.status_code == httpx2.codes.NOT_FOUND:
                    return Card(text="")
                _accept(response, httpx2.codes.OK)
                text = _most(response, LONGEST_CARD + 1)
        whole = text[:LONGEST_CARD].decode("utf-8", "replace")
        return Card(text=whole, cut=len(text) > LONGEST_CARD)

    def range(self, asked: Range, tools: JobTools) -> Ranged:
        """Sends a part of a file over the bulk channel."""
        if asked.start < 0 or not 0 < asked.length <= LONGEST_RANGE:
            raise RunnerError("courier.bad_range", f"{asked.length} bytes from {asked.start}")
        with self._errand_of(asked.errand):
            url = hf_hub_url(asked.repository, asked.path, revision=asked.commit)
            last = asked.start + asked.length - 1
            # Without the second field, a server may compress, and the range is of something else.
            fields = {"Range": f"bytes={asked.start}-{last}", "Accept-Encoding": "identity"}
            with self._get(url, fields) as response:
                _accept(response, httpx2.codes.PARTIAL_CONTENT)
                given = CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
                if given is None or int(given[1]) != asked.start or int(given[2]) > last:
                    raise RunnerError(
                        "courier.wrong_range", response.headers.get("content-range", "")
                    )
                received = _most(response, asked.length)
                if len(received) != int(given[2]) - asked.start + 1:
                    raise RunnerError("courier.cut_off", f"{len(received)} bytes came")
                hub = (response.history or [response])[0].headers
                etag = hub.get("x-linked-etag") or hub.get("etag", "")
                ranged = Ranged(
                    received=len(received),
                    size=int(given[3]),
                    commit=hub.get("x-repo-commit", ""),
                    etag=etag.removeprefix("W/").strip('"'),
                    host=response.url.host,
                )
        tools.send_bulk(FrameKind.BYTES, received)
        return ranged

    def _get(self, url: str, fields: dict[str, str]) -> Any:
        headers = self._api._build_hf_headers(token=False) | fields
        return get_session().stream("GET", url, headers=headers)

    def _client(self, backend: ToTheGate) -> httpx2.Client:
        return httpx2.Client(
            transport=GateTransport(backend),
            # One request a connection: so each is a line of the ledger with its own bytes, although
            # the gate can't look into what is encrypted.
            headers={"Connection": "close"},
            trust_env=False,
            follow_redirects=True,
            timeout=WAIT_S,
        )

    @contextmanager
    def _errand_of(self, number: int) -> Iterator[None]:
        """Lets connections belong to one errand only, and names what went wrong."""
        self._errand = number
        try:
            yield
        except RepositoryNotFoundError as error:
            gated = isinstance(error, GatedRepoError)
            raise RunnerError(
                "courier.gated" if gated else "courier.not_found", str(error)
            ) from error
        except (RevisionNotFoundError, EntryNotFoundError) as error:
            raise RunnerError("courier.not_found", str(error)) from error
        except HFValidationError as error:
            raise RunnerError("courier.bad_name", str(error)) from error
        except HfHubHTTPError as error:
            status = error.response.status_code
            _refused(status, error.response)
            raise RunnerError("courier.hub_error", str(error), status=status) from error
        except (httpx2.HTTPError, httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            raise RunnerError("courier.not_reached", f"{type(error).__name__}: {error}") from error
        finally:
            # A connection that stays open would carry the next errand under this one's line.
            close_session()
            self._errand = 0


def _version() -> str:
    try:
        return version(AGENT)
    except PackageNotFoundError:
        return "0"  # run from its folder, without having been installed


def _accept(response: httpx2.Response, wanted: int) -> None:
    status = response.status_code
    if status == wanted:
        return
    _refused(status, response)
    if status in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
        raise RunnerError("courier.gated", str(response.url))
    if status == httpx2.codes.NOT_FOUND:
        raise RunnerError("courier.not_found", str(response.url))
    raise RunnerError("courier.hub_error", str(response.url), status=status)


def _refused(status: int, response: httpx2.Response) -> None:
    """Tells an answer of the gate from one of the Hub."""
    if "x-gate" not in response.headers:
        return
    why = response.headers["x-gate"]
    code = GATE_SAYS.get(status, "courier.not_reached")
    raise RunnerError(code, why, host=response.url.host)


def _most(response: httpx2.Response, most: int) -> bytes:
    """Reads a body, and of a longer one no more than that."""
    received = bytearray()
    for chunk in response.iter_bytes():
        received += chunk
        if len(received) >= most:
            break
    return bytes(received[:most])


def _find(model: Any) -> Find:
    changed = model.last_modified
    return Find(
        repository=model.id,
        downloads=model.downloads or 0,
        likes=model.likes or 0,
        gated=str(model.gated or ""),
        changed=changed.isoformat() if changed else "",
        tags=tuple(map(str, model.tags or ())),
    )


def _file(entry: RepoFile) -> RemoteFile:
    return RemoteFile(
        path=entry.path,
        size=entry.size,
        blob=entry.blob_id,
        sha256=entry.lfs.sha256 if entry.lfs else "",
    )
