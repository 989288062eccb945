"""What the page knows of a repository from this computer: its files here, on their way, and as seen."""

from app.models_page.downloads.downloads import Downloads
from app.models_page.here.on_computer import OnComputer
from app.models_page.hub.hub_desk import HubDesk
from app.models_page.hub.hub_memory import answers_of
from app.models_page.repository.grouping import Choice
from app.models_page.repository.standing import Standing
from app.words.fetches import fetch_texts
from app.words.translation import translate
from runner.fetch.queue import FetchProgress
from runner.store.fetches import FetchState
from runner.store.files import FileState


class KnownHere:
    """Answers for the parts that show repositories. Owned by: the Models page. Thread: GUI."""

    def __init__(self, here: OnComputer, downloads: Downloads, desk: HubDesk) -> None:
        self._here = here
        self._downloads = downloads
        self._desk = desk

    def letters(self, repository: str) -> str | None:
        """Returns a repository's fingerprint: of its file here, or of its page as it was seen."""
        prints = self._here.prints
        if (item := self._here.from_repository(repository)) is not None:
            return prints.of_file(item.path, item.size)
        known = prints.of_repository(repository)
        listed = self._desk.memory.listed(repository) if known is None else None
        if listed is not None:
            prints.want_repository(answers_of(listed))
            known = prints.of_repository(repository)
        return known

    def standing(self, repository: str, choice: Choice) -> Standing:
        """Says whether a choice is here or on its way."""
        path = choice.files[0].path
        for item in self._here.items:
            if item.repository != repository or item.remote_path != path:
                continue
            if item.state is FileState.GONE:
                continue
            facts = self._here.facts.of(item.path, item.file.look)
            return Standing(
                translate("ModelsPage", "on this computer"),
                path=item.path,
                quantisation=facts.quantisation if facts is not None else "",
            )
        progress = self._downloads.of(repository, path)
        if progress is None or progress.fetch.state is FetchState.DONE:
            return Standing()
        return Standing(way_words(progress), is_listed=True)


def way_words(progress: FetchProgress) -> str:
    """Returns where a download stands, and how far it is while it goes on."""
    fetch = progress.fetch
    words = fetch_texts().states[fetch.state.value].lower()
    if fetch.state is not FetchState.RUNNING or not fetch.size:
        return words
    share = translate("ModelsPage", "{words} · {percent} %")
    return share.format(words=words, percent=100 * fetch.done // fetch.size)
