"""Words for what is in force: the model process's label, the app's state and its connections."""

import time
from dataclasses import dataclass

from app.run_facts import connections, is_enforced, is_online
from app.words.translation import translate
from runner.confine.labels import Label
from runner.porter.record import Snapshot
from runner.porter.wire import Facts


@dataclass(frozen=True, slots=True)
class StateWords:
    """What a state label says; a lock belongs to `is_sealed` alone."""

    text: str
    tip: str
    is_sealed: bool = False


def process_words(facts: Facts) -> StateWords:
    """Returns the words for what the porter read of the model process."""
    words = {
        Label.SEALED: translate("States", "Model process: sealed off"),
        Label.NO_NETWORK: translate("States", "Model process: no network, files not restricted"),
        Label.CALLS_REFUSED: translate("States", "Model process: network calls refused only"),
        Label.WATCHED: translate("States", "Model process: watched, not enforced"),
    }
    label = Label(facts.label)
    lines = [
        translate(
            "States", "Source: read from the system by the porter, for process {pid}."
        ).format(pid=facts.pid)
    ]
    if facts.means:
        lines.append(translate("States", "In force: {means}.").format(means=", ".join(facts.means)))
    if facts.missing:
        lines.append(
            translate("States", "Not in force: {missing}.").format(missing=", ".join(facts.missing))
        )
    lines.append(translate("States", "The inspector's Monitor tab says what each of these means."))
    return StateWords(words[label], "\n".join(lines), label is Label.SEALED)


def network_words(snapshot: Snapshot) -> StateWords:
    """Returns the words for the app's own state, from the processes that run."""
    if is_online(snapshot):
        return StateWords(
            translate("States", "Online"),
            translate("States", "Source: the porter's list; a gate process is running."),
        )
    if is_enforced(snapshot):
        tip = translate(
            "States",
            "Source: the porter's list of processes. None is meant to reach the internet, and the "
            "kernel refuses network calls to each but the porter itself.",
        )
    else:
        tip = translate(
            "States",
            "Source: the porter's list of processes. None is meant to reach the internet, but it "
            "was not proved of each that the kernel keeps it from doing so.",
        )
    return StateWords(translate("States", "Offline"), tip)


def connection_words(snapshot: Snapshot) -> tuple[str, str]:
    """Returns the words for the connections and their source; empty while not counted."""
    found = connections(snapshot)
    if found.open is None:
        return "", ""
    if found.open == 0:
        text = translate("States", "0 connections")
    elif found.open == 1:
        text = translate("States", "1 socket leads out")
    else:
        text = translate("States", "{count} sockets lead out").format(count=found.open)
    if found.refused == 1:
        text = translate("States", "{words}, 1 attempt refused").format(words=text)
    elif found.refused:
        text = translate("States", "{words}, {count} attempts refused").format(
            words=text, count=found.refused
        )
    tip = translate(
        "States",
        "Source: at {at} the porter counted the sockets of {processes} processes, its own included.",
    ).format(at=time.strftime("%H:%M:%S", time.localtime(found.at)), processes=found.processes)
    if found.is_enforced:
        more = translate(
            "States",
            "The kernel refuses network calls to all but the porter, so these could open none "
            "between two counts, and tells the porter of each attempt.",
        )
    else:
        more = translate(
            "States",
            "It was not proved that the kernel keeps each of them from the network, so this is "
            "true of that moment only.",
        )
    return text, f"{tip} {more}"
