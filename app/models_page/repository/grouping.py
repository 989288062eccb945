"""The files of a repository as a person chooses among them: by quantisation, split sets as one.

Knows no Qt. Names are all that there is before a header was read; what a header says later counts
more, and the two are shown apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runner.protocol.courier import RemoteFile

_QUANT = re.compile(
    r"(?<![A-Za-z0-9])"
    r"((?:UD-)?(?:I?Q\d(?:_[0-9KSMLX]{1,3})*(?:_NL)?|T?Q[12]_0|BF16|F(?:P)?16|F(?:P)?32|MXFP4(?:_MOE)?|NVFP4))"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_FLOAT = re.compile(r"^FP(16|32)$")
_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)
_PROJECTOR = re.compile(r"(?:^|[-_./])mmproj(?:[-_.]|$)", re.IGNORECASE)
_IMPORTANCE = re.compile(r"imatrix", re.IGNORECASE)
_ENDING = ".gguf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be fetched: a file, or the files of a split set.

    Attributes:
        name: the file's name, without the part of a split set.
        quantisation: as the name states it, in upper case; empty where it states none.
        files: first to last.
        missing: how many files of a split set the repository does not have.
        is_projector: whether it is for pictures or sound, beside a model.
        is_matrix: whether it is an importance matrix, which no one can talk to.
    """

    name: str
    quantisation: str
    files: tuple[RemoteFile, ...]
    missing: int = 0
    is_projector: bool = False
    is_matrix: bool = False

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    @property
    def is_model(self) -> bool:
        """Whether a person can talk to it, as far as its name tells."""
        return not self.is_projector and not self.is_matrix

    def bits_per_weight(self, parameters: float | None) -> float | None:
        """Returns bits a weight, the header included; None where nobody states the parameters."""
        if not parameters or not self.is_model:
            return None
        return 8 * self.size / parameters


def choices(files: Iterable[RemoteFile]) -> tuple[Choice, ...]:
    """Returns what can be chosen: models by size, then projectors, then importance matrices."""
    sets: defaultdict[tuple[str, int], list[RemoteFile]] = defaultdict(list)
    found: list[Choice] = []
    for file in files:
        if not file.path.lower().endswith(_ENDING):
            continue
        if part := _PART.fullmatch(file.path):
            sets[part["stem"], int(part["count"])].append(file)
        else:
            found.append(_choice(file.path[: -len(_ENDING)], (file,)))
    for (stem, count), members in sets.items():
        ordered = tuple(sorted(members, key=lambda file: file.path))
        found.append(_choice(stem, ordered, missing=max(0, count - len(ordered))))
    return tuple(sorted(found, key=lambda one: (not one.is_model, one.is_matrix, one.size)))


def quantisation_of(name: str) -> str:
    """Returns the quantisation that a name states, in upper case; empty where it states none."""
    matches = _QUANT.findall(name)
    return _FLOAT.sub(r"F\1", str(matches[-1]).upper()) if matches else ""


def chosen_by(wanted: str, among: Sequence[Choice]) -> Choice | None:
    """Returns what `wanted` names: a file's path, or a quantisation."""
    for one in among:
        if any(file.path == wanted for file in one.files):
            return one
    matches = [one for one in among if one.is_model and one.quantisation == wanted.upper()]
    return matches[0] if matches else None


def _choice(stem: str, files: tuple[RemoteFile, ...], missing: int = 0) -> Choice:
    name = stem.rpartition("/")[2]
    return Choice(
        name=name,
        # Some repositories have a folder a quantisation, and the same name in each.
        quantisation=quantisation_of(name) or quantisation_of(stem),
        files=files,
        missing=missing,
        is_projector=bool(_PROJECTOR.search(name)),
        is_matrix=bool(_IMPORTANCE.search(name)),
    )
