"""The fields at the top of a card, read as YAML that can do nothing but hold values."""

import re
from collections.abc import Iterator

import msgspec
import yaml

from inspector.untrusted import shown

LARGEST = 64 * 1024
DEEPEST = 12
MOST_NODES = 5_000

_START = re.compile(r"\A\ufeff?((?:[ \t]*\r?\n){0,20})---[ \t]*\r?\n")
"""Empty lines may come before: the Hub reads past them, too."""

_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


class Field(msgspec.Struct, frozen=True):
    """One value: a scalar, or one element of a list, by its path such as `model-index.0.name`."""

    path: str
    value: bool | int | float | str
    line: int


class Problem(msgspec.Struct, frozen=True):
    """Why front matter, or a part of it, was not taken.

    Attributes:
        code: `too_large`, `not_closed`, `not_yaml`, `alias`, `too_deep`, `too_many`, `not_fields`
            or `duplicate`.
        detail: what exactly; short and printable.
    """

    code: str
    line: int = 0
    detail: str = ""


class FrontMatter(msgspec.Struct, frozen=True):
    """What the fields say, in the order of the file; where a key stands twice, the last one counts."""

    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()

    def all(self, key: str) -> tuple[Field, ...]:
        """Returns the value of a top-level key, or each plain value of its list."""
        return tuple(
            field
            for field in self.fields
            if field.path == key
            or (field.path.startswith(f"{key}.") and field.path[len(key) + 1 :].isdigit())
        )

    def first(self, key: str) -> Field | None:
        """Returns the first of `all`."""
        found = self.all(key)
        return found[0] if found else None

    def has(self, key: str) -> bool:
        """Whether anything stands at or below a top-level key."""
        return any(one.path == key or one.path.startswith(f"{key}.") for one in self.fields)


class _RefusedError(Exception):
    def __init__(self, code: str, line: int = 0, detail: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(code, line, detail)


def split(text: str) -> tuple[str, int, Problem | None]:
    """Returns front matter, where the body starts, and what is wrong with its frame."""
    start = _START.match(text)
    if start is None:
        return "", 0, None
    end = _END.search(text, start.end())
    if end is None:
        return "", 0, Problem("not_closed", 1)
    # What stands before counts as lines, so that each field is told with the card's own.
    return "\n" * start[1].count("\n") + text[start.end() : end.start()], end.end(), None


def read_front_matter(source: str) -> FrontMatter:
    """Returns the fields of front matter without its two lines of dashes; never raises."""
    if len(source.encode("utf-8", "replace")) > LARGEST:
        return FrontMatter((), (Problem("too_large", 1, f"{len(source)} characters"),))
    problems: list[Problem] = []
    try:
        _check_events(source)
        root = yaml.compose(source, Loader=_Loader)
        if root is None:
            return FrontMatter()
        if not isinstance(root, yaml.MappingNode):
            return FrontMatter((), (Problem("not_fields", 2),))
        fields = tuple(_flat(root, "", problems))
    except _RefusedError as refusal:
        return FrontMatter((), (refusal.problem,))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 0
        detail = shown(str(getattr(error, "problem", None) or error), 160)
        return FrontMatter((), (Problem("not_yaml", line, detail),))
    except (ValueError, OverflowError, RecursionError) as error:
        return FrontMatter((), (Problem("not_yaml", 0, shown(str(error), 160)),))
    return FrontMatter(fields, tuple(problems))


class _Loader(yaml.SafeLoader):
    """Reads what the safe loader reads, but without its odd numbers: `1:30` and `0777` are texts."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, form) for tag, form in known if not tag.endswith((":int", ":float", ":timestamp"))
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,18})$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^[-+]?[0-9]{1,18}\.[0-9]{0,18}(?:[eE][-+]?[0-9]{1,2})?$|^[-+]?[0-9]{1,18}[eE][-+]?[0-9]{1,2}$"
    ),
    list("-+0123456789"),
)


def _check_events(source: str) -> None:
    """Refuses, before any value is made, what grows: aliases, depth, numbers of values."""
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=_Loader)):
        line = event.start_mark.line + 2 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError("alias", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _RefusedError("too_deep", line)
        if count > MOST_NODES:
            raise _RefusedError("too_many", line)


def _flat(node: yaml.Node, path: str, problems: list[Problem]) -> Iterator[Field]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                problems.append(Problem("duplicate", key.start_mark.line + 2, shown(name)))
            seen[name] = value
        for name, value in seen.items():
            yield from _flat(value, f"{path}.{name}" if path else name, problems)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _flat(value, f"{path}.{number}", problems)
    elif isinstance(node, yaml.ScalarNode):
        value = _scalar(node)
        if value is not None:
            # The line of dashes comes before, and lines count from 1.
            yield Field(path, value, node.start_mark.line + 2)


def _scalar(node: yaml.ScalarNode) -> bool | int | float | str | None:
    tag, text = node.tag.rpartition(":")[2], str(node.value)
    if tag == "null":
        return None
    if tag == "bool":
        # `no` is Norwegian in a list of languages; YAML's older rule makes a truth value of it.
        return text.lower() == "true" if text.lower() in {"true", "false"} else text
    if tag == "int":
        return int(text)
    if tag == "float":
        return float(text)
    return text
