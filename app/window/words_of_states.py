"""Words for what is in force: the model process's label and the app's state."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.translation import translate
from runner.confine.labels import Label
from runner.porter.wire import Facts

GATE = "gate"


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
    return StateWords(words[label], "\n".join(lines), label is Label.SEALED)


def network_words(running: Sequence[Facts]) -> StateWords:
    """Returns the words for the app's own state, from the processes that run."""
    if any(facts.kind == GATE for facts in running):
        return StateWords(
            translate("States", "Online"),
            translate("States", "Source: the porter's list; a gate process is running."),
        )
    return StateWords(
        translate("States", "Offline"),
        translate(
            "States",
            "Source: the porter's list of processes; none of them may reach the internet.",
        ),
    )
