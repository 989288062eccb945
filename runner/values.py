"""Values of the porter, and of what a process does before its seal, that cost nothing to define.

A frozen dataclass compiles six functions as it is defined, 0.4 ms each time; thirty of them made a
thirtieth of the window's start. `msgspec.Struct`, which the app uses (decision 0131), is out of
reach here: standard library only.
"""

from collections.abc import Callable, Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, without importing it
    from typing import Never, dataclass_transform
else:

    def dataclass_transform(**_: bool) -> "Callable[[type], type]":
        """Stands for the mark that tells mypy of the constructor."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Value:
    """Fields that never change once given; those with a value in the class may be left out.

    Raises:
        TypeError: a field is missing or unknown.
    """

    def __init__(self, *in_order: object, **named: object) -> None:
        own = type(self)
        names = own.__annotations__
        given = dict(zip(names, in_order, strict=False)) | named
        if len(given) < len(in_order) + len(named):
            raise TypeError(f"{own.__name__} is given too much, or a field twice")
        if unknown := given.keys() - names.keys():
            raise TypeError(f"{own.__name__} has no {', '.join(sorted(unknown))}")
        missing = [name for name in names if name not in given and not hasattr(own, name)]
        if missing:
            raise TypeError(f"{own.__name__} needs {', '.join(missing)}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> "Never":
        raise AttributeError(f"{type(self).__name__}.{name} can't be changed")

    def __delattr__(self, name: str) -> "Never":
        raise AttributeError(f"{type(self).__name__}.{name} can't be taken away")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return tuple(items_of(self)) == tuple(items_of(other))

    def __hash__(self) -> int:
        return hash((type(self), tuple(items_of(self))))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in items_of(self))
        return f"{type(self).__name__}({fields})"


def items_of(value: Value) -> Iterator[tuple[str, object]]:
    """Yields each field's name and value."""
    return ((name, getattr(value, name)) for name in type(value).__annotations__)
