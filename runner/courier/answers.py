"""What went wrong between here and the Hub, as codes that have words.

The transport names what it can see at once. The Hub's library would otherwise wait and try again by
itself, while nobody is told; here whoever asked decides how long to wait.
"""

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore2
import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils._http import hf_raise_for_status, parse_ratelimit_headers

from runner.errors import RunnerError

GATE_SAYS = {
    403: "courier.refused",
    407: "courier.proxy_login",
    421: "courier.not_reached",
    501: "courier.proxy_unfit",
    502: "courier.proxy_failed",
    507: "courier.no_ledger",
}
CERTIFICATE_SAYS = {
    9: "courier.tls_date",
    10: "courier.tls_date",
    62: "courier.tls_name",
    64: "courier.tls_name",
}
"""What OpenSSL's numbers mean for a person: not valid yet, not any more, another name, another address."""

NOT_ENCRYPTED = "not encrypted"
"""The gate's word for an address that begins with http."""

THROUGH_A_TUNNEL = re.compile(r"(\d{3}) Gate: (.*)")
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 - the Hub's words for one
SIGNATURE = re.compile(r"(?<=[\w/])\?[^\s'\">]+")
"""The end of a store's address: whoever has it can fetch the file."""

WAIT_UNLESS_TOLD_S = 60
LONGEST_WAIT_S = 24 * 3600
SERVER_FAILED = 500


@contextmanager
def named_failures(repository: str = "") -> Iterator[None]:
    """Turns what the library and its client raise into errors with codes."""
    try:
        yield
    except GatedRepoError as error:
        raise RunnerError("courier.gated", _plain(error), page=page(repository)) from error
    except DisabledRepoError as error:
        raise RunnerError("courier.disabled", _plain(error), page=page(repository)) from error
    except RepositoryNotFoundError as error:
        raise RunnerError("courier.not_found", _plain(error), name=repository) from error
    except (RevisionNotFoundError, EntryNotFoundError) as error:
        raise RunnerError("courier.no_such_file", _plain(error), name=repository) from error
    except HFValidationError as error:
        raise RunnerError("courier.bad_name", _plain(error), name=repository) from error
    except HfHubHTTPError as error:
        raise _refusal(error, repository) from error
    except json.JSONDecodeError as error:
        raise RunnerError("courier.not_the_hub", _plain(error), host=host()) from error
    except (httpx2.TransportError, httpx2.TooManyRedirects, httpx2.DecodingError) as error:
        raise of_transport(error) from error
    except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
        raise RunnerError("courier.not_reached", _said(error), host=host()) from error


def of_status(response: httpx2.Response) -> RunnerError | None:
    """Names an answer for which the library would wait, or which is not the Hub's own."""
    status = response.status_code
    url = response.request.url
    # Of an encrypted request the gate answers the tunnel alone; there such a field is a server's own.
    if url.scheme == "http" and (why := response.headers.get("x-gate")) is not None:
        return of_gate(status, why, url.host)
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return RunnerError("courier.rate_limited", _url(response), seconds=_wait(response))
    if status == httpx2.codes.PROXY_AUTHENTICATION_REQUIRED:
        return RunnerError("courier.proxy_login", _url(response), host=host())
    if status >= SERVER_FAILED:
        return RunnerError("courier.hub_error", _url(response), status=status)
    return None


def of_gate(status: int, why: str, to: str) -> RunnerError:
    """Names an answer of the gate."""
    if why.strip() == NOT_ENCRYPTED:
        return RunnerError("courier.not_encrypted", why, host=to)
    return RunnerError(GATE_SAYS.get(status, "courier.not_reached"), why, host=to)


def of_transport(error: Exception) -> RunnerError:
    """Names what kept a request from being answered."""
    if found := THROUGH_A_TUNNEL.search(str(error)):
        to = error.request.url.host if isinstance(error, httpx2.RequestError) else host()
        return of_gate(int(found[1]), found[2], to)
    if isinstance(error, httpx2.TooManyRedirects):
        return RunnerError("courier.redirects", _said(error), host=host())
    if isinstance(error, httpx2.DecodingError):
        return RunnerError("courier.wrong_answer", _said(error), host=host())
    if isinstance(error, httpx2.ReadTimeout | httpx2.WriteTimeout):
        return RunnerError("courier.stalled", _said(error), host=host())
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            code = CERTIFICATE_SAYS.get(getattr(cause, "verify_code", 0), "courier.tls")
            return RunnerError(code, str(cause), host=host())
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError):
        return RunnerError("courier.cut_off", _said(error), host=host())
    return RunnerError("courier.not_reached", _said(error), host=host())


def accept(response: httpx2.Response, *wanted: int) -> None:
    """Lets the wanted answers pass; the library tells the others apart.

    Raises:
        RunnerError: `courier.wrong_answer`; the others come through `named_failures`.
    """
    if response.status_code in wanted:
        return
    if response.is_error:
        response.read()
        hf_raise_for_status(response)
    raise RunnerError(
        "courier.wrong_answer", f"{response.status_code} {_url(response)}", host=host()
    )


def page(repository: str) -> str:
    """Returns the Hub's page of a repository, where a person can accept its terms."""
    return f"{constants.ENDPOINT}/{repository}"


def host() -> str:
    """Returns the Hub's host, or that of the mirror in use."""
    return httpx2.URL(constants.ENDPOINT).host


def is_html(response: httpx2.Response) -> bool:
    """Says whether a page came: a network that wants a log-in first sends one for anything."""
    return response.headers.get("content-type", "").lower().startswith("text/html")


def _refusal(error: HfHubHTTPError, repository: str) -> RunnerError:
    response = error.response
    status = response.status_code
    if status == httpx2.codes.UNAUTHORIZED:
        if response.headers.get("x-error-message") == BAD_TOKEN:
            return RunnerError("courier.bad_token", _plain(error), page=page(repository))
        # To strangers the Hub says this of what is private and of what is not there alike.
        code = "courier.not_found" if repository else "courier.log_in"
        return RunnerError(code, _plain(error), name=repository, page=page(repository))
    if status == httpx2.codes.FORBIDDEN:
        return RunnerError("courier.forbidden", _plain(error), page=page(repository))
    if status == httpx2.codes.NOT_FOUND:
        return RunnerError("courier.not_found", _plain(error), name=repository)
    if status == httpx2.codes.UNAVAILABLE_FOR_LEGAL_REASONS:
        return RunnerError("courier.withheld", _plain(error), name=repository)
    if status == httpx2.codes.GONE:
        return RunnerError("courier.gone", _plain(error), name=repository)
    if httpx2.codes.is_client_error(status):
        return RunnerError("courier.declined", _plain(error), status=status)
    return RunnerError("courier.hub_error", _plain(error), status=status)


def _wait(response: httpx2.Response) -> int:
    told = response.headers.get("retry-after", "")
    if told.isdecimal():
        return min(int(told), LONGEST_WAIT_S)
    with suppress(ValueError):
        seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        return round(min(max(seconds, 1), LONGEST_WAIT_S))
    limit = parse_ratelimit_headers(response.headers)
    return min(limit.reset_in_seconds, LONGEST_WAIT_S) if limit else WAIT_UNLESS_TOLD_S


def _url(response: httpx2.Response) -> str:
    # Without the query: of a store's address that is a signature which opens the file.
    return str(response.request.url.copy_with(query=None))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {_plain(error)}"


def _plain(error: Exception) -> str:
    """Returns what the library said, without what follows a question mark in addresses."""
    return SIGNATURE.sub("", str(error))
