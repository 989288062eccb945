"""What has become of a file upstream: asked for when a person wants to know, and then told."""

from collections.abc import Callable
from dataclasses import dataclass

from app.models_page.find.finds import moment
from app.models_page.here.shelf import ShelfItem, day_words
from app.network.door import Visit
from app.words.translation import translate
from runner.errors import RunnerError
from runner.protocol.courier import RemoteFile, Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A file of this computer beside what its repository holds now.

    Attributes:
        commit: the newest one of the revision that was fetched.
        changed: when the repository changed last, as the Hub writes it.
        is_there: whether the file is still in the repository.
        is_same: whether its bytes are still those that were fetched.
    """

    repository: str
    path: str
    commit: str
    changed: str
    is_moved: bool
    is_there: bool
    is_same: bool


def compare(
    visit: Visit,
    item: ShelfItem,
    done: Callable[[Upstream], None],
    failed: Callable[[RunnerError], None],
) -> None:
    """Asks what has become of a file since it was fetched; one of the two is called."""

    def files(said: Repository) -> None:
        if said.commit == item.commit:
            tell(said, [])
            return
        visit.courier.files(
            item.repository, said.commit, visit.why, lambda found: tell(said, found), failed
        )

    def tell(said: Repository, found: list[RemoteFile]) -> None:
        is_moved = said.commit != item.commit
        now = next((file for file in found if file.path == item.remote_path), None)
        done(
            Upstream(
                repository=item.repository,
                path=item.remote_path,
                commit=said.commit,
                changed=said.changed,
                is_moved=is_moved,
                is_there=not is_moved or now is not None,
                is_same=not is_moved or (now is not None and now.sha256 == item.promised),
            )
        )

    visit.courier.repository(item.repository, item.revision or "main", visit.why, files, failed)


def upstream_words(upstream: Upstream, now: float) -> str:
    """Returns in a sentence what has become of a file."""
    if not upstream.is_moved:
        return translate("Upstream", "This is the newest revision.")
    changed = moment(upstream.changed)
    day = day_words(changed, now) if changed else translate("Upstream", "an unknown day")
    if not upstream.is_there:
        text = translate(
            "Upstream", "The repository changed on {day}, and no longer has this file."
        )
    elif upstream.is_same:
        text = translate(
            "Upstream", "The repository changed on {day}; this file is still the same there."
        )
    else:
        text = translate(
            "Upstream", "There is a newer revision of this file, of {day}. Yours stays as it is."
        )
    return text.format(day=day)
