"""Everything that `lightwell inspect` knows of a file, and its form as JSON."""

from dataclasses import dataclass

import msgspec

from app.cli.kept import KeptState
from inspector.claims.applied import applied
from inspector.claims.values import ClaimReport
from inspector.dossier import Dossier
from inspector.frameworks.profile import Profile
from inspector.gguf.digests import Digests
from inspector.inspection import Inspection
from inspector.licences.report import LicenceReport
from inspector.report.bench import BenchTold
from inspector.report.values import ClaimJudged
from inspector.safeguards.values import SafeguardReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What was read of a file, of the papers beside it, and of what is kept here.

    Attributes:
        digests: its fingerprints, where it was read whole.
        forebears: the claims of the cards of end and base models that are on this computer.
        judged: what people said of its claims, and `benches` what was measured, the latest first.
        kept: whether there was a store to look in.
    """

    inspection: Inspection
    digests: Digests | None
    licence: LicenceReport
    dossier: Dossier
    claims: ClaimReport
    forebears: tuple[ClaimReport, ...] = ()
    safeguards: SafeguardReport
    openness: Profile
    judged: tuple[ClaimJudged, ...]
    benches: tuple[BenchTold, ...]
    kept: KeptState

    def as_json(self) -> dict[str, object]:
        """Returns the form `lightwell.inspect/1`."""
        told: dict[str, object] = msgspec.to_builtins(self.inspection)
        parts: dict[str, object] = {
            "digests": self.digests,
            "licence": self.licence,
            "lineage": self.dossier.lineage,
            "templates": self.dossier.templates,
            "card": self.dossier.card,
            "claims": self.claims,
            "rules_applied": applied(self.claims),
            "claims_of_forebears": self.forebears,
            "judged": self.judged,
            "safeguards": self.safeguards,
            "benches": self.benches,
            "openness": self.openness,
            "kept": self.kept.value,
        }
        return told | {key: msgspec.to_builtins(part) for key, part in parts.items()}
