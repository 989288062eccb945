"""What a process is told about its own sealing. Standard library only."""

from collections.abc import Mapping
from types import MappingProxyType

from runner.values import Value


class Plan(Value):
    """The porter's instructions to a new process.

    Attributes:
        posture: a value of `runner.porter.kinds.Posture`.
        parent: the porter's process id.
        readable: paths that it may read besides the interpreter and the packages.
        writable: folders that it may write in and read.
        walls: names of the walls to put up, or None for all that there are.
        devices: it may use the GPU's device files.
        data_limit_bytes: most private memory, 0 for no limit.
        first_to_die: the system ends it before others when memory runs out.
        unreadable: a file outside what it may read, for the self-test.
        bus: where the desktop's bus listens, for the self-test of a front end.
    """

    kind: str
    posture: str
    parent: int
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    options: Mapping[str, str] = MappingProxyType({})
    walls: tuple[str, ...] | None = None
    devices: bool = False
    data_limit_bytes: int = 0
    first_to_die: bool = False
    unreadable: str = ""
    bus: tuple[str, ...] = ()

    @classmethod
    def from_fields(cls, given: Mapping[str, object]) -> "Plan":
        """Builds a plan from decoded JSON; fields that it does not know are an error."""
        if unknown := given.keys() - cls.__annotations__.keys():
            raise ValueError(f"unknown fields in the plan: {sorted(unknown)}")
        values = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
        return cls(**values)  # type: ignore[arg-type]

    def wants(self, wall: str) -> bool:
        """Says whether the wall of that name is to be put up."""
        return self.walls is None or wall in self.walls
