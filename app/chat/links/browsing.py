"""Opens an address in the person's browser and writes it into the ledger once it was opened.

Only the address is known here: what the browser then fetches is the browser's own.
"""

import logging
from concurrent.futures import Future
from urllib.parse import urlsplit

from app.context import AppContext
from runner.errors import RunnerError
from runner.store.ledger_lines import Entry, Event, Line

log = logging.getLogger(__name__)

PORTS = {"http": 80, "https": 443}


def open_in_browser(context: AppContext, url: str, why: str, *, with_path: bool = True) -> None:
    """Asks the porter to show an address, which asks the person; an opened one becomes a line.

    Args:
        context: whose porter, ledger and notices are used.
        url: an http or https address.
        why: in words, for the ledger.
        with_path: the ledger keeps more than the host; not where the chat itself is not kept.
    """

    def answered(opened: bool, code: str) -> None:
        if code:
            context.mailbox.post(lambda: context.notices.failure(RunnerError(code, url)))
        elif opened:
            entry = opened_in_browser(url, why, with_path=with_path)
            context.store.ledger.add(entry).add_done_callback(written)

    def written(future: "Future[Line]") -> None:
        failure = future.exception()
        if isinstance(failure, RunnerError):
            context.mailbox.post(lambda: context.notices.failure(failure))
        elif failure is not None:
            log.error("an opened address is not in the ledger", exc_info=failure)

    context.porter.open_address(url, answered)


def opened_in_browser(url: str, why: str, *, with_path: bool) -> Entry:
    """Returns the ledger's entry for an address that was handed to the browser."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Entry(
        event=Event.BROWSER,
        who="browser",
        why=why,
        host=parts.hostname or "",
        port=parts.port or PORTS.get(parts.scheme, 0),
        path=path if with_path else "",
        result="handed to the browser",
    )
