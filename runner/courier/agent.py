"""What the courier says of itself with each request."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def user_agent() -> str:
    """Returns it, as the Hub's library puts it together in the courier; a test compares the two."""
    return f"lightwell/{_of('lightwell')}; hf_hub/{_of('huggingface_hub')}; python/{platform.python_version()}"


def _of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
