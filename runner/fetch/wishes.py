"""The two ends of a fetch: whether a wish can come true, and what is noted once it has."""

import logging
from collections.abc import Iterable
from pathlib import Path

from runner.courier.part import no_space
from runner.errors import RunnerError
from runner.fetch.names import check_file, check_repository
from runner.fetch.place import arrived, prepare, put_beside
from runner.own_files import free_bytes
from runner.store import Store
from runner.store.fetches import UNFINISHED, Fetch
from runner.store.files import Origin
from runner.store.sources import Source

log = logging.getLogger(__name__)


def check(store: Store, wish: Fetch, others: Iterable[Fetch], keep_free: int) -> None:
    """Refuses a wish that can't come true, before anything is sent.

    Raises:
        RunnerError: `fetch.bad_name`, `fetch.no_hash`, `courier.no_ledger`, `fetch.no_space`,
            `fetch.cannot_write`.
    """
    check_repository(wish.repository)
    if not wish.files:
        raise RunnerError("fetch.bad_name", name=wish.repository)
    for file in wish.files:
        check_file(file)
    if not store.ledger.is_kept:
        raise RunnerError("courier.no_ledger")
    incoming = prepare(Path(wish.folder))
    waiting = sum(
        one.size - arrived(one)
        for one in others
        if one.state in UNFINISHED and one.folder == wish.folder
    )
    needed = waiting + wish.size - arrived(wish) + keep_free
    free = free_bytes(incoming)
    if free < needed:
        raise no_space(incoming, free, needed)


def take_in(store: Store, fetch: Fetch) -> None:
    """Notes a model among the files of this machine, with what was proved of it.

    Raises:
        RunnerError: codes of `files` and `store`; the files are in their places all the same.
    """
    known = store.files.adopt(fetch.path, origin=Origin.DOWNLOADED).result()
    try:
        put_beside(fetch, store.papers.of(fetch.repository, fetch.commit))
    except RunnerError as error:
        # The model is here and right; its papers are in the store.
        log.warning("card and terms do not lie beside %s: %s", fetch.path, error)
    first = fetch.files[0]
    if first.sha256:
        store.files.record_digests(known, sha256=first.sha256).result()
    source = Source(
        repository=fetch.repository,
        revision=fetch.revision,
        commit=fetch.commit,
        path=first.path,
        sha256=first.sha256,
    )
    store.sources.keep(known.id, source).result()
