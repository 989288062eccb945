"""A front end's door to the courier: what it can be asked, each time with a reason in words.

Offline is the state in which no gate runs: none is started before something is asked for, and both
end a few seconds after the last errand.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from runner.courier.agent import user_agent
from runner.courier.reasons import Reasons
from runner.courier.with_gate import Reason, WithGate
from runner.errors import RunnerError
from runner.porter.client import PorterClient
from runner.protocol import courier as hub
from runner.reader_client import Deliver, ReaderClient, Ticket, at_once
from runner.store.ledger import Ledger

T = TypeVar("T")
Failed = Callable[[RunnerError], None]

DEADLINE_S = 90.0
LONG_S = 30 * 24 * 3600.0
"""For what may take days: whoever asks watches the progress instead."""

CERTIFICATES = (Path("/etc/ssl/certs"), Path("/etc/pki/tls/certs"), Path("/etc/ca-certificates"))
"""Where systems keep the certificates that they trust; the courier checks the Hub's by them too."""


class CourierClient:
    """Asks the Hub for things, each with its reason in words.

    Owned by: the front end's context. Thread: any; `done` and `failed` are called through
    `deliver`.

    Args:
        porter: starts the processes.
        ledger: must be kept on a disk, else nothing is fetched.
        deliver: takes each call to make; the window passes its mailbox's `post`.
        allowed: asked before each errand; where it says no, nothing is started or sent.
        token: returns the person's token for the Hub, empty for none.
        asked: returns what is asked of the porter besides, see `WithGate`.
        writable: folders that the courier may write in, which a fetch needs.
        who: asks through it, for the ledger.
    """

    def __init__(
        self,
        porter: PorterClient,
        ledger: Ledger,
        deliver: Deliver = at_once,
        allowed: Callable[[], bool] = lambda: True,
        *,
        token: Callable[[], str] = str,
        asked: Callable[[], Mapping[str, str]] = dict,
        writable: Sequence[Path] = (),
        who: str = "window",
    ) -> None:
        self._who = who
        self._token = token
        self._asked = asked
        self._started_with: list[Mapping[str, str]] = []
        self._ledger = ledger
        self._allowed = allowed
        self._deliver = deliver
        self._reasons = Reasons()
        self._client = ReaderClient(
            WithGate(porter, ledger, self._reasons.of, writable, asked), deliver, "courier"
        )

    def on_behalf_of(self, who: str) -> "CourierClient":
        """Returns this client, with the same processes, for errands that somebody else asked for.

        Args:
            who: asked for them; empty for nobody else.
        """
        if not who or who == self._who:
            return self
        other = copy.copy(self)
        other._who = who
        return other

    def search(
        self,
        words: str,
        why: str,
        done: Callable[[list[hub.Find]], None],
        failed: Failed,
        *,
        most: int = 20,
        sort: str = "downloads",
        author: str = "",
    ) -> Ticket | None:
        """Searches the Hub for models with GGUF files, of one author where one is named.

        The Hub sorts by `downloads`, `likes`, `last_modified`, `created_at` or `trending_score`.
        """
        return self.search_page(
            words,
            why,
            lambda page: done(list(page.finds[:most])),
            failed,
            most=most,
            sort=sort,
            author=author,
        )

    def search_page(
        self,
        words: str,
        why: str,
        done: Callable[[hub.FoundPage], None],
        failed: Failed,
        *,
        most: int = 20,
        sort: str = "downloads",
        author: str = "",
        after: str = "",
    ) -> Ticket | None:
        """As `search`, a page at a time: its `after` leads to the next one, until it is empty.

        A page may be longer than `most` where the Hub answers in pages of its own size; a model may
        come twice where the Hub's order changes between two pages.
        """
        return self._ask(
            "search",
            lambda errand: hub.Search(
                errand=errand,
                words=words,
                most=most,
                sort=sort,
                author=author,
                after=after,
                token=self._token(),
            ),
            hub.FoundPage,
            why,
            done,
            failed,
        )

    def repository(
        self,
        name: str,
        revision: str,
        why: str,
        done: Callable[[hub.Repository], None],
        failed: Failed,
    ) -> Ticket | None:
        """Asks what the Hub says of a repository."""
        return self._ask(
            "repository", self._about(name, revision), hub.Repository, why, done, failed
        )

    def files(
        self,
        name: str,
        revision: str,
        why: str,
        done: Callable[[list[hub.RemoteFile]], None],
        failed: Failed,
    ) -> Ticket | None:
        """Asks for the files of a repository, with sizes and hashes."""
        return self._ask(
            "files", self._about(name, revision), list[hub.RemoteFile], why, done, failed
        )

    def card(
        self, name: str, revision: str, why: str, done: Callable[[hub.Card], None], failed: Failed
    ) -> Ticket | None:
        """Asks for the card of a repository."""
        return self._ask("card", self._about(name, revision), hub.Card, why, done, failed)

    def text(
        self,
        name: str,
        revision: str,
        path: str,
        why: str,
        done: Callable[[hub.Card], None],
        failed: Failed,
    ) -> Ticket | None:
        """Asks for a small file of text, such as a licence."""
        return self._ask(
            "text",
            lambda errand: hub.AskText(
                errand=errand, repository=name, revision=revision, path=path, token=self._token()
            ),
            hub.Card,
            why,
            done,
            failed,
        )

    def range(
        self,
        name: str,
        commit: str,
        path: str,
        start: int,
        length: int,
        why: str,
        done: Callable[[hub.Ranged], None],
        failed: Failed,
        *,
        size: int = 0,
    ) -> Ticket | None:
        """Fetches a part of a file; its bytes are the ticket's payload when `done` is called.

        Some servers do not say how long the whole is: then `size`, as it was listed, holds.
        """
        return self._ask(
            "range",
            lambda errand: hub.Range(
                errand=errand,
                repository=name,
                commit=commit,
                path=path,
                start=start,
                length=length,
                size=size,
                token=self._token(),
            ),
            hub.Ranged,
            why,
            done,
            failed,
        )

    def check(
        self,
        asked: hub.Check,
        why: str,
        done: Callable[[hub.Checked], None],
        failed: Failed,
        progress: Callable[[int, int], None],
    ) -> Ticket | None:
        """Has what came of a file read, so that `fetch` goes on from there."""
        return self._ask(
            "check", lambda _: asked, hub.Checked, why, done, failed, progress, deadline_s=LONG_S
        )

    def fetch(
        self,
        asked: hub.Fetch,
        why: str,
        done: Callable[[hub.Fetched], None],
        failed: Failed,
        progress: Callable[[int, int], None],
    ) -> Ticket | None:
        """Fetches the rest of a file over one connection; errand and token are put in here."""
        return self._ask(
            "fetch",
            lambda errand: msgspec.structs.replace(asked, errand=errand, token=self._token()),
            hub.Fetched,
            why,
            done,
            failed,
            progress,
            deadline_s=LONG_S,
        )

    def stop(self, code: str) -> None:
        """Ends courier and gate now; what is under way or waits has failed with `code`.

        The next errand starts both anew.
        """
        self._client.stop(code)

    def close(self) -> None:
        """Ends the courier, and its gate with it."""
        self._client.close()

    def _ask(
        self,
        job: str,
        arguments: Callable[[int], msgspec.Struct],
        shape: type[T],
        why: str,
        done: Callable[[T], None],
        failed: Failed,
        progress: Callable[[int, int], None] | None = None,
        *,
        deadline_s: float = DEADLINE_S,
    ) -> Ticket | None:
        if not self._allowed():
            self._deliver(lambda: failed(RunnerError("network.offline", why)))
            return None
        self._start_anew_where_asked_otherwise()
        if not self._ledger.is_kept:
            self._deliver(lambda: failed(RunnerError("courier.no_ledger")))
            return None
        errand = self._reasons.number()
        asked = arguments(errand)
        account = "token" if getattr(asked, "token", "") else "none"
        self._reasons.keep(
            errand, Reason(who=self._who, why=why, agent=user_agent(), account=account)
        )

        def on_done(answer: T) -> None:
            self._reasons.over(errand)
            done(answer)

        def on_failed(error: RunnerError) -> None:
            self._reasons.over(errand)
            failed(_of_the_courier(error))

        trusted = [path for path in CERTIFICATES if path.is_dir()]
        return self._client.ask(
            job,
            asked,
            shape,
            on_done,
            on_failed,
            progress=progress,
            deadline_s=deadline_s,
            readable=trusted,
        )

    def _start_anew_where_asked_otherwise(self) -> None:
        """Ends processes without work that were started for another Hub, or without the token.

        Those that work are left to it: the first errand that finds them without work ends them.
        """
        if not self._client.is_idle:
            return
        self._reasons.all_over()
        asked = dict(self._asked())
        if self._started_with not in ([], [asked]):
            self._client.stop("network.stopped")
        self._started_with[:] = [asked]

    def _about(self, name: str, revision: str) -> Callable[[int], hub.Ask]:
        return lambda errand: hub.Ask(
            errand=errand, repository=name, revision=revision, token=self._token()
        )


def _of_the_courier(error: RunnerError) -> RunnerError:
    """Tells the ways in which a process is lost in words that fit what fetches."""
    if not error.code.startswith("reader."):
        return error
    if "porter.hub_declined" in error.detail:
        return RunnerError("courier.mirror_declined", error.detail)
    code = "courier.too_slow" if error.code == "reader.too_slow" else "courier.lost"
    return RunnerError(code, f"{error.code} {error.detail}".strip())
