"""What this machine is made of, as evidence: shown, and read by no framework."""

from collections.abc import Iterator, Mapping

from inspector.facts import Source, SourceKind, known, now
from inspector.findings.evidence_values import Evidence
from inspector.findings.values import Link


def machine_evidence(parts: Mapping[str, str]) -> Iterator[Evidence]:
    """Yields what the front end says of this machine; it enters no verdict on the model."""
    for part, name in parts.items():
        source = Source(
            kind=SourceKind.MEASURED, document="this machine", where=part, read_at=now()
        )
        yield Evidence(key=f"machine.{part}", fact=known(name, source), link=Link.MACHINE)
