"""Words for what is in force: the model process's label, the app's state and its connections."""

import time

import msgspec

from app.network.door import DoorState
from app.network.traffic import Traffic
from app.run_facts import connections, is_enforced, is_online
from app.words.quantities import bytes_in_words
from app.words.translation import translate
from runner.confine.labels import Label
from runner.porter.record import Snapshot
from runner.porter.wire import Facts


class StateWords(msgspec.Struct, frozen=True):
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
        Label.TRIED: translate("States", "Model process: tried here, not proved by the system"),
        Label.WATCHED: translate("States", "Model process: watched, not enforced"),
    }
    from app.tabs.monitor.words import means_words, missing_words  # late: a start has no facts yet

    label = Label(facts.label)
    lines = [
        translate(
            "States", "Source: read from the system by the porter, for process {pid}."
        ).format(pid=facts.pid)
    ]
    if facts.means:
        means = "; ".join(map(means_words, facts.means))
        lines.append(translate("States", "In force: {means}.").format(means=means))
    if facts.missing:
        missing = "; ".join(map(missing_words, facts.missing))
        lines.append(translate("States", "Not in force: {missing}.").format(missing=missing))
    lines.append(translate("States", "The inspector's Monitor tab says what each of these means."))
    return StateWords(words[label], "\n".join(lines), label is Label.SEALED)


def network_words(
    state: DoorState, snapshot: Snapshot, *, is_asking: bool = False, under_way: int = 0
) -> StateWords:
    """Returns the words for the app's own state: what the switch allows, and what runs."""
    if is_online(snapshot):
        return _running(state, under_way)
    if state is DoorState.ONLINE:
        return StateWords(
            translate("States", "Online: {count}").format(count=_count(0)),
            translate(
                "States",
                "The switch is at online: what you ask for is fetched without another question. "
                "Nothing is being fetched now: no process runs that may reach the internet "
                "(source: the porter's list). Click to go offline.",
            ),
        )
    if is_asking:
        text = translate("States", "Offline, asking")
    else:
        text = translate("States", "Offline")
    if is_enforced(snapshot):
        tip = translate(
            "States",
            "No process of this app is meant to reach the internet, and the kernel refuses network "
            "calls to each but the porter itself (source: the porter's list of processes). What "
            "needs the network asks you first. Click to go online.",
        )
    else:
        tip = translate(
            "States",
            "No process of this app is meant to reach the internet, but it was not proved of each "
            "that the kernel keeps it from doing so (source: the porter's list of processes). What "
            "needs the network asks you first. Click to go online.",
        )
    return StateWords(text, tip)


def _running(state: DoorState, under_way: int) -> StateWords:
    """Words for the time in which a gate runs, whatever the switch says."""
    if state is DoorState.ONLINE:
        return StateWords(
            translate("States", "Online: {count}").format(count=_count(under_way)),
            translate(
                "States",
                "A gate process runs, the one that may reach the internet (source: the porter's "
                "list). The Monitor tab shows each connection. Click to go offline, which stops it.",
            ),
        )
    if state is DoorState.ONCE:
        return StateWords(
            translate("States", "Online once: {count}").format(count=_count(under_way)),
            translate(
                "States",
                "A gate process runs for what you allowed once, and ends with it (source: the "
                "porter's list). The Monitor tab shows each connection.",
            ),
        )
    return StateWords(
        translate("States", "Going offline"),
        translate("States", "A gate process is ending (source: the porter's list)."),
    )


def connection_words(snapshot: Snapshot, traffic: Traffic | None = None) -> tuple[str, str]:
    """Returns the words for the connections and their source; empty while not counted."""
    found = connections(snapshot)
    if found.open is None:
        return "", ""
    if found.open == 1:
        text = translate("States", "1 socket leads out")
    elif found.open:
        text = translate("States", "{count} sockets lead out").format(count=found.open)
    else:
        text = _count(len(traffic.open) if traffic else 0)
    tips = []
    if traffic is not None and (told := _since(traffic)):
        text = f"{text}, {told}"
        tips.append(_since_tip(traffic))
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
    return text, " ".join((*tips, tip, more))


def _count(connections: int) -> str:
    if connections == 1:
        return translate("States", "1 connection")
    return translate("States", "{count} connections").format(count=connections)


def _since(traffic: Traffic) -> str:
    total = traffic.since_load
    if not total.connections:
        return ""
    told = (
        translate("States", "{count} since the load, ↓ {down}")
        if traffic.has_load
        else translate("States", "{count} since the start, ↓ {down}")
    )
    return told.format(count=total.connections, down=bytes_in_words(total.bytes_down))


def _since_tip(traffic: Traffic) -> str:
    total = traffic.since_load
    since = (
        translate("States", "Since a model was loaded at {at}")
        if traffic.has_load
        else translate("States", "Since the start at {at}")
    )
    return translate(
        "States",
        "{since}: {count} connections, {up} sent, {down} received, {refused} refused by the gate "
        "(source: the ledger).",
    ).format(
        since=since.format(at=time.strftime("%H:%M:%S", time.localtime(total.since))),
        count=total.connections,
        up=bytes_in_words(total.bytes_up),
        down=bytes_in_words(total.bytes_down),
        refused=total.refused,
    )
