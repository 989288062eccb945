"""YAML whose plain values stay texts; apart, because most who import the frameworks read none."""

import yaml


class _TextLoader(yaml.SafeLoader):
    """Reads every plain value as text: `1.0`, `no` and dates must not change on the way."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Refuses what would copy tables into each other."""
        if any(key.value == "<<" for key, _ in node.value):
            raise MergeError("tables that take in others aren't read")


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag == "tag:yaml.org,2002:null"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class MergeError(ValueError):
    """A table takes in others, which doubles it with every line."""


def load(text: str) -> object:
    """Returns the value of a text. An alias is the same value once more, and costs nothing.

    Raises:
        MergeError: a table takes in another by `<<`.
        ValueError: it is no YAML, or a tag on a value makes no sense.
    """
    try:
        return yaml.load(text, Loader=_TextLoader)  # noqa: S506 - a SafeLoader with fewer types
    # A tag such as `!!int` on a word, or a number of a million digits, fails in the converters.
    except (yaml.YAMLError, AttributeError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def dumped(value: object) -> str:
    """Returns a value as YAML, its keys in their order."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
