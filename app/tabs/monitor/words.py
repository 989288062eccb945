"""Monitor's words: what was read and counted, as sentences. Knows no Qt."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from app.network.traffic import Traffic
from app.run_facts import GATE
from app.tabs.monitor.limits import Surroundings
from app.tabs.monitor.tries import Told
from app.words.quantities import bytes_in_words
from app.words.wording import LANGUAGE
from inspector.untrusted import shown
from resources import table
from runner.confine.labels import Label
from runner.confine.preloaded import PREFIX
from runner.porter.record import Seen, Snapshot

SHOWN_ATTEMPTS = 5
UNCONFINED = "unconfined"
FRONT_ENDS = frozenset({"window", "terminal", "confirm"})


class MonitorWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every word by its code, as `resources/texts/en/monitor.toml` has them."""

    said: dict[str, str]
    party: dict[str, str]
    party_tip: dict[str, str]
    column: dict[str, str]
    column_tip: dict[str, str]
    answer: dict[str, str]
    answer_tip: dict[str, str]
    reason: dict[str, str]
    process: dict[str, str]
    process_tip: dict[str, str]
    label: dict[str, str]
    label_short: dict[str, str]
    row: dict[str, str]
    row_tip: dict[str, str]
    means: dict[str, str]
    missing: dict[str, str]
    settle: dict[str, str]
    opening: dict[str, str]
    porter: dict[str, str]
    try_: dict[str, str] = msgspec.field(name="try")
    tried: dict[str, str]
    back: dict[str, str]
    upstream: dict[str, str]
    limits: dict[str, str]
    limits_tip: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of label and value, and where the value comes from."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessWords:
    """One process as Monitor tells of it.

    Attributes:
        pid: names it from one refresh to the next.
        is_sealed: whether a lock may be shown.
    """

    pid: int
    name: str
    tip: str
    label: str
    is_sealed: bool
    rows: tuple[Row, ...]


@cache
def monitor_words() -> MonitorWords:
    """Returns the words."""
    read: MonitorWords = table(f"texts/{LANGUAGE}/monitor.toml", MonitorWords)
    return read


def clock(at: float) -> str:
    """Returns a time of day; "never" where nothing has happened yet."""
    return time.strftime("%H:%M:%S", time.localtime(at)) if at else monitor_words().said["never"]


def process_words(snapshot: Snapshot, traffic: Traffic | None = None) -> tuple[ProcessWords, ...]:
    """Returns every process: the model's first, then the others, the porter last."""
    order = {"engine": 0, "echo": 0, "window": 1, "terminal": 1, "gate": 2, "courier": 2}
    seen = sorted(snapshot.processes, key=lambda one: order.get(one.facts.kind, 3))
    told = tuple(_process(one, snapshot, traffic) for one in seen)
    return told if snapshot.looked is None else (*told, _porter(snapshot))


def _process(seen: Seen, snapshot: Snapshot, traffic: Traffic | None) -> ProcessWords:
    words, facts = monitor_words(), seen.facts
    at = clock(snapshot.looked.at if snapshot.looked else 0.0)
    values = {
        "why": words.label_short[facts.label],
        "carried": _carried(traffic) if facts.kind == GATE and traffic is not None else "",
        "pid": str(facts.pid),
        "means": _list([means_words(name) for name in facts.means]),
        "missing": _list([missing_words(one) for one in facts.missing]),
        "settle": _settle(seen),
        "reach": _list([_opening(name) for name in facts.openings]),
        "sockets": _sockets(seen.sockets, seen.outside),
        "refused": str(seen.refused),
        "last": _last(seen),
        "heard": _heard(seen.heard_s),
    }
    return ProcessWords(
        pid=facts.pid,
        name=words.process.get(facts.kind, facts.kind),
        tip=words.process_tip.get(facts.kind, ""),
        label=words.label[facts.label],
        is_sealed=facts.label == Label.SEALED,
        rows=_rows(values, at),
    )


def _porter(snapshot: Snapshot) -> ProcessWords:
    """The porter is in no list of its own: it started everything, and nothing holds it."""
    words, looked = monitor_words(), snapshot.looked
    assert looked is not None  # noqa: S101 - the caller looked
    values = {
        "why": words.label_short[UNCONFINED],
        "pid": str(looked.porter),
        "reach": words.porter["reach"],
        "asked": words.porter["list"],
        "sockets": _sockets(*looked.sockets.get(str(looked.porter), (-1, -1))),
    }
    return ProcessWords(
        pid=looked.porter,
        name=words.process["porter"],
        tip=words.process_tip["porter"],
        label=words.label[UNCONFINED],
        is_sealed=False,
        rows=_rows(values, clock(looked.at)),
    )


def _rows(values: dict[str, str], at: str) -> tuple[Row, ...]:
    words = monitor_words()
    return tuple(
        Row(label=words.row[key], value=value, source=words.row_tip[key].format(at=at))
        for key, value in values.items()
        if value
    )


def _list(parts: Sequence[str]) -> str:
    return "\n".join(f"· {part}" for part in parts) if len(parts) > 1 else "".join(parts)


def means_words(name: str) -> str:
    """Words a wall that is in force."""
    return monitor_words().means.get(name, name)


def missing_words(one: str) -> str:
    """Words a wall that is not there, with the reason that the system or the reading gave."""
    name, _, why = one.partition(": ")
    told = monitor_words().missing.get(name, name)
    return f"{told} ({why})" if why else told


def _opening(name: str) -> str:
    """Words a way that was found open; places that can be written to name themselves."""
    words = monitor_words().opening
    if name.startswith(PREFIX):
        return words["loaded first"].format(library=shown(name.removeprefix(PREFIX), 300))
    return words.get(name, name)


def _settle(seen: Seen) -> str:
    settle, facts = monitor_words().settle, seen.facts
    if facts.label == Label.SEALED or (not facts.missing and facts.kind not in FRONT_ENDS):
        return ""
    names = dict.fromkeys(one.partition(": ")[0] for one in facts.missing)
    told = dict.fromkeys(settle[name] for name in names if name in settle)
    if not told and facts.kind in FRONT_ENDS:
        return settle["window"]
    return " ".join(told)


def _sockets(held: int, outside: int) -> str:
    said = monitor_words().said
    if held < 0 or outside < 0:
        return said["unknown"]
    if held == 0:
        return said["sockets_nothing"]
    return said["sockets_out" if outside else "sockets_none"].format(held=held, outside=outside)


def _carried(traffic: Traffic) -> str:
    """Words what the gate has let through, connection by connection while they are open."""
    said, total = monitor_words().said, traffic.since_load
    lines = [
        said["carried_open"].format(host=one.host, why=one.why, down=bytes_in_words(one.bytes_down))
        for one in traffic.open
    ]
    whole = said["carried_load" if traffic.has_load else "carried_start"].format(
        count=total.connections,
        up=bytes_in_words(total.bytes_up),
        down=bytes_in_words(total.bytes_down),
        refused=total.refused,
    )
    return _list([whole, *lines])


def _last(seen: Seen) -> str:
    newest = list(reversed(seen.attempts[-SHOWN_ATTEMPTS:]))
    return _list([f"{attempt.call} at {clock(attempt.at)}" for attempt in newest])


def _heard(seconds: float) -> str:
    said = monitor_words().said
    if seconds < 0:
        return ""
    return said["just_now"] if seconds < 1 else said["seconds"].format(seconds=f"{seconds:.0f}")


# ---- the trial ----------------------------------------------------------------------------------


def trial_rows(told: Sequence[Told]) -> tuple[Row, ...]:
    """Returns what became of each way out."""
    return tuple(_trial_row(one) for one in told)


def _trial_row(one: Told) -> Row:
    words = monitor_words()
    how = _how(one)
    return Row(
        label=words.try_[one.tried.name],
        value=words.tried[how],
        source=words.tried[f"tip_{how}"].format(
            call=one.tried.call,
            outcome=one.tried.outcome,
            at=clock(one.attempt.at if one.attempt else 0.0),
        ),
    )


def _how(one: Told) -> str:
    if one.is_open:
        return "open"
    if one.attempt is not None:
        return "counted"
    return "not_told" if one.tried.call else "uncounted"


def trial_headline(told: Sequence[Told], at: float) -> str:
    """Returns the one line that says how the trial went."""
    said, when = monitor_words().said, clock(at)
    opened = sum(one.is_open for one in told)
    if opened:
        return said["try_some"].format(tried=len(told), open=opened, at=when)
    counted = sum(one.attempt is not None for one in told)
    return said["try_all"].format(tried=len(told), refused=len(told), counted=counted, at=when)


# ---- what no label covers -----------------------------------------------------------------------


def limit_rows(around: Surroundings, folder: str) -> tuple[Row, ...]:
    """Returns what this computer may do with what is said here, looked up or said to be not."""
    limits, tips = monitor_words().limits, monitor_words().limits_tip
    values = {
        "programs": limits["programs_value"],
        "manager": limits["manager_now" if around.is_superuser else "manager_value"],
        "accounts": limits[_accounts(around.is_private)],
        "swap": _swap(around.swap),
        "synced": _synced(around.synced),
        "backups": limits["backups_value"],
        "screen": limits["screen_value"],
    }
    return tuple(
        Row(label=limits[key], value=value, source=tips[key].format(folder=folder))
        for key, value in values.items()
    )


def _accounts(is_private: bool | None) -> str:
    if is_private is None:
        return "accounts_unknown"
    return "accounts_closed" if is_private else "accounts_open"


def _swap(places: tuple[str, ...] | None) -> str:
    limits = monitor_words().limits
    if places is None:
        return limits["swap_unknown"]
    return limits["swap_on"].format(places=", ".join(places)) if places else limits["swap_off"]


def _synced(folder: str) -> str:
    limits = monitor_words().limits
    return limits["synced_yes"].format(folder=folder) if folder else limits["synced_no"]
