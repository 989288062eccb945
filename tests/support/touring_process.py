"""The real window, sealed as the app's is, taking a tour by itself: every use of the app once.

With `offline` as its argument it takes the tour of somebody who never goes online.

Its exit status is 0 at the tour's end; another says which step did not end in time.
"""

import sys
import time
from collections.abc import Callable, Iterator

from runner.child.begin import begin_front_end

STEP_S = 60.0
POLL_MS = 20
TOO_LONG, BROKEN_OFF = 3, 4


def main() -> int:
    begin_front_end()
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.window.application import Parts
    from app.window.desktop import keep_from_bus
    from app.window.single import open_door
    from runner.library import paths
    from runner.porter.client import PorterClient
    from runner.store import Store

    porter = PorterClient.from_environment()
    keep_from_bus(porter)
    store, door = Store.open(paths.database_file()), open_door(paths.runtime_folder())
    application = QApplication(["lightwell"])
    parts = Parts(application, store, porter)
    parts.show([], door)
    steps = offline_tour(parts) if "offline" in sys.argv[2:] else tour(parts)
    until: list[float] = [time.monotonic() + STEP_S]
    waiting: list[tuple[str, Callable[[], bool]]] = [next(steps)]

    def look() -> None:
        name, is_done = waiting[0]
        if is_done():
            print(f"{time.monotonic():.2f} {name}", flush=True)
            until[0] = time.monotonic() + STEP_S
            try:
                waiting[0] = next(steps)
            except StopIteration:
                application.exit(0)
            except Exception as error:
                print("broke off:", repr(error), flush=True)
                application.exit(BROKEN_OFF)
        elif time.monotonic() > until[0]:
            print("not done:", name, parts.context.notices.kept, flush=True)
            application.exit(TOO_LONG)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(POLL_MS)
    try:
        return application.exec()
    finally:
        timer.stop()
        parts.window.close()
        parts.quit()


def tour(parts: object) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Yields what is waited for, step by step."""
    from app.models_page.find.addresses import read
    from app.models_page.hub.hub_desk import Sort
    from app.models_page.hub.hub_memory import Listed
    from app.models_page.repository.grouping import choices
    from app.network.door import Answer
    from app.window.application import Parts
    from app.window.network_question import NetworkQuestion
    from runner.session import SessionState
    from tests.support.models_world import STARTER_FILE, STARTER_REPOSITORY

    assert isinstance(parts, Parts)
    window, context = parts.window, parts.context
    yield "the model is ready", lambda: context.models.state is SessionState.READY

    window.show_page("models")
    page = window.page()
    came: dict[str, object] = {}
    page.desk.found.connect(lambda answer: came.update(found=answer))  # type: ignore[union-attr]
    page.desk.listed.connect(lambda listed: came.update(listed=listed))  # type: ignore[union-attr]
    page.desk.looked.connect(lambda *looked: came.update(looked=looked))  # type: ignore[union-attr]
    page.downloads.arrived.connect(lambda fetch: came.update(arrived=fetch))  # type: ignore[union-attr]
    page.desk.search(read("SmolLM2"), Sort.DOWNLOADS)  # type: ignore[union-attr]
    yield "the question is asked", lambda: bool(window.findChildren(NetworkQuestion))
    assert context.porter.snapshot().find("gate", "courier") is None
    window.findChildren(NetworkQuestion)[-1].buttons[Answer.ONLINE].click()
    yield "the search has results", lambda: "found" in came
    page.desk.look(STARTER_REPOSITORY)  # type: ignore[union-attr]
    yield "the repository is listed", lambda: "listed" in came
    listed = came["listed"]
    assert isinstance(listed, Listed)
    offered = choices(listed.files)
    (choice,) = [one for one in offered if one.files[0].path == STARTER_FILE]
    page.desk.look_inside(listed, choice)  # type: ignore[union-attr]
    yield "the header is here", lambda: "looked" in came
    # A small one, because strace looks at every call that moves its bytes.
    (small,) = [one for one in offered if one.is_projector]
    page.downloads.add(listed, small)  # type: ignore[union-attr]
    yield "the download has arrived", lambda: "arrived" in came
    context.network.go_offline()
    yield "offline again", lambda: context.porter.snapshot().find("gate", "courier") is None

    window.show_page("chat")
    chat = window.page()
    chat.composer.set_text("Say a few words about trees.")  # type: ignore[union-attr]
    chat.composer._on_send()  # type: ignore[union-attr]
    yield "the answer has begun", lambda: context.models.state is SessionState.ANSWERING
    chat.stop()  # type: ignore[union-attr]
    yield "the answer has ended", lambda: context.models.state is SessionState.READY
    window.inspector.choose("monitor")
    until = time.monotonic() + 1.0
    yield "Monitor was seen for a second", lambda: time.monotonic() > until


def offline_tour(parts: object) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Yields what is waited for, step by step; whatever needs the network is declined."""
    from app.models_page.find.addresses import read
    from app.models_page.hub.hub_desk import Sort
    from app.network.door import Answer
    from app.window.application import Parts
    from app.window.network_question import NetworkQuestion
    from runner.session import SessionState

    assert isinstance(parts, Parts)
    window, context = parts.window, parts.context
    yield "the model is ready", lambda: context.models.state is SessionState.READY
    for key in list(window.inspector._specs):
        window.inspector.choose(key)
        until = time.monotonic() + 0.3
        yield f"the tab {key} was seen", lambda until=until: time.monotonic() > until
    for key in window._specs:
        window.show_page(key)
        until = time.monotonic() + 0.2
        yield f"the page {key} was seen", lambda until=until: time.monotonic() > until
    window.show_page("models")
    page = window.page()
    failed: list[object] = []
    page.desk.failed.connect(failed.append)  # type: ignore[union-attr]
    page.desk.search(read("SmolLM2"), Sort.DOWNLOADS)  # type: ignore[union-attr]
    yield "the question is asked", lambda: bool(window.findChildren(NetworkQuestion))
    window.findChildren(NetworkQuestion)[-1].buttons[Answer.NO].click()
    yield "it was declined", lambda: bool(failed)
    window.show_page("chat")
    chat = window.page()
    chat.composer.set_text("Say a few words about trees.")  # type: ignore[union-attr]
    chat.composer._on_send()  # type: ignore[union-attr]
    yield "the answer has begun", lambda: context.models.state is SessionState.ANSWERING
    chat.stop()  # type: ignore[union-attr]
    yield "the answer has ended", lambda: context.models.state is SessionState.READY
    assert not context.notices.kept or all(
        notice.code == "network.declined" for notice in context.notices.kept if notice.code
    ), context.notices.kept
    assert context.store.ledger.head().count == 0


if __name__ == "__main__":
    sys.exit(main())
