"""YAML whose plain values stay texts; apart, because most who import the frameworks read none."""

import yaml


class _TextLoader(yaml.SafeLoader):
    """Reads every plain value as text: `1.0`, `no` and dates must not change on the way."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag == "tag:yaml.org,2002:null"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class AliasError(ValueError):
    """There are aliases, which grow."""


def load(text: str) -> object:
    """Returns the value of a text.

    Raises:
        AliasError: it has aliases.
        ValueError: it is no YAML, or a tag on a value makes no sense.
    """
    try:
        if "&" in text and any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text)):
            raise AliasError("aliases aren't part of the format")
        return yaml.load(text, Loader=_TextLoader)  # noqa: S506 - a SafeLoader with fewer types
    # A tag such as `!!int` on a word, or a number of a million digits, fails in the converters.
    except (yaml.YAMLError, AttributeError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def dumped(value: object) -> str:
    """Returns a value as YAML, its keys in their order."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
