"""Rules on runs of this file here: which template ran, what a recipe records, how fast it was."""

import re
import statistics
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.inputs import RunSeen
from inspector.claims.values import Claim, Grade, Verdict
from inspector.facts import Fact, Source, SourceKind, Value, known

NEEDED = ("file hash", "engine build", "settings", "seed", "batches")
LEAST_TOKENS = 16
"""An answer of fewer tokens tells nothing of speed."""

_SMALL = re.compile(
    r"(?i)\b(?:laptops?|(?:run|runs|running|deployed?|used?) on-device|on-device (?:use|deployment|inference|applications?|assistants?)|edge devices?|consumer (?:hardware|gpus?|devices?)|mobile (?:phones?|devices?|hardware)|smartphones?|raspberry pi|runs? on (?:a |your )?(?:cpus?|laptop|phone))\b"
)


def _seen(value: Value, where: str) -> Fact:
    return known(value, Source(kind=SourceKind.MEASURED, document="a run here", where=where))


def template_used(maker: Maker) -> Iterator[Claim]:
    """TMPL-USED: the template that the runs' recipes record, against the file's."""
    case = maker.case
    runs = [run for run in case.beside.runs if run.template]
    if not runs:
        yield maker.claim(Verdict.UNKNOWN, "no_runs")
        return
    last = runs[0]
    hashes = {check.sha256 for check in case.templates}
    evidence = [_seen(last.template_sha256 or last.template, "template of the latest run")]
    evidence += [case.measured(one, "SHA-256 of a template of the file") for one in sorted(hashes)]
    if last.template == "none":
        verdict, reason = Verdict.STATED, "raw"
    elif last.template_sha256 in hashes:
        verdict, reason = Verdict.AGREES, "equal"
    else:
        verdict, reason = Verdict.DIFFERS, "other"
    yield maker.claim(
        verdict,
        reason,
        Grade.RUN,
        text=last.template_sha256[:12],
        evidence=evidence,
        count=len(runs),
        template=last.template,
    )


def recorded(maker: Maker) -> Iterator[Claim]:
    """SEEDREC: what the latest run's recipe records, and whether asking again gave the same."""
    runs = maker.case.beside.runs
    if not runs:
        yield maker.claim(Verdict.UNKNOWN, "no_runs")
        return
    twice = next((run for run in runs if run.again >= 0), None)
    last = twice or runs[0]
    missing = [one for one in NEEDED if one not in last.recorded]
    evidence = [_seen(", ".join(last.recorded) or "–", "recorded by the recipe")]
    context: dict[str, str | float] = {"missing": ", ".join(missing) or "–", "token": last.again}
    if twice is not None and not twice.again:
        verdict, reason = Verdict.AGREES, "same_again"
    elif twice is not None:
        verdict, reason = Verdict.DIFFERS, "other_again"
    else:
        verdict, reason = Verdict.STATED, "partly" if missing else "recorded"
    yield maker.claim(verdict, reason, Grade.RUN, evidence=evidence, context=context)


def speed(maker: Maker) -> Iterator[Claim]:
    """SPEED: tokens per second here, beside what the card says of small machines."""
    case = maker.case
    runs = [run for run in case.beside.runs if run.decode_tps > 0 and run.tokens >= LEAST_TOKENS]
    hits = case.text.search(_SMALL) if case.text is not None else []
    if not runs:
        if hits:
            yield maker.claim(
                Verdict.STATED, "not_run", Grade.CARD, passages=maker.places(hits[:3])
            )
        elif case.text is None:
            yield maker.claim(Verdict.UNKNOWN, "no_card")
        else:
            yield maker.not_stated()
        return
    rate = statistics.median(run.decode_tps for run in runs)
    yield maker.claim(
        Verdict.PERSON if hits else Verdict.NOT_STATED,
        "measured" if hits else "measured_only",
        Grade.RUN,
        passages=maker.places(hits[:3]),
        evidence=(_seen(f"{rate:.1f}", f"median of {len(runs)} answers"), _machine(runs[0])),
        rate=f"{rate:.1f}",
        count=len(runs),
        machine=_machine(runs[0]).text,
    )


def _machine(run: RunSeen) -> Fact:
    devices = ", ".join(run.devices) or "–"
    told = ", ".join(filter(None, (run.machine, devices, f"{run.threads} threads")))
    return _seen(told, "machine")
