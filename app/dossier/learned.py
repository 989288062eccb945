"""What the reader has told of one model, handed on so that two places say the same of it. Knows no Qt."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    # Described by modules that no start needs.
    from inspector.frameworks.profile import Profile
    from inspector.inspection import Inspection
    from inspector.licences.report import LicenceReport


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What came so far; None is what has not come."""

    path: Path
    looked: "Inspection | None" = None
    licences: "LicenceReport | None" = None
    profile: "Profile | None" = None
