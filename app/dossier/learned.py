"""What the reader has told of one model, handed on so that two places say the same of it. Knows no Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Described by modules that no start needs.
    from inspector.frameworks.profile import Profile
    from inspector.inspection import Inspection
    from inspector.licences.report import LicenceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came so far; None is what has not come."""

    path: Path
    looked: "Inspection | None" = None
    licences: "LicenceReport | None" = None
    profile: "Profile | None" = None
