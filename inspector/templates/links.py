"""Finds addresses in text: links, hosts, numbers of machines, mail."""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from inspector.templates.rules import rules

_MOST = 200
_SCHEME = re.compile(
    r"(?i)\b(?:https?|ftp|wss?|file|data|javascript|tg|magnet|ipfs)\s{0,2}:\s{0,2}(?://|text/|[^\s/:]{1,40}[,(])[^\s\"'<>)\]{}]{0,200}"
)
_WWW = re.compile(r"(?i)\bwww\.[a-z0-9-]+\.[a-z]{2,}[^\s\"'<>)\]{}]{0,200}")
_MAIL = re.compile(r"(?i)\b[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,120}\.[a-z]{2,12}\b")
_NUMBERS = re.compile(
    r"\b(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b(?::\d{1,5})?(?:/\S{0,100})?"
)
_DEFANGED = re.compile(
    r"(?i)\bh(?:xx|\*\*|tt)ps?\s?(?:\[:\]|:)//\S+|\b[a-z0-9-]{2,60}\s?(?:\[\.\]|\(dot\)|\[dot\])\s?[a-z]{2,12}\b"
    r"|\b[a-z0-9-]{3,60} dot (?:com|net|org|example|io|info|dev|app|ru|cn|xyz|site|online)\b"
)
_HOST = re.compile(r"(?i)^[a-z]+:/*(?:[^@/\s]*@)?([a-z0-9.-]+)")


def links(text: str, *, bare: bool = True) -> Iterator[tuple[int, str]]:
    """Yields each address in a text with where it starts; names of standards are left out.

    Args:
        text: what to look at.
        bare: whether a host may stand without a scheme. In code `message.info` looks like one.
    """
    taken: list[tuple[int, int]] = []
    patterns = [_SCHEME, _WWW, _MAIL, _DEFANGED, _NUMBERS]
    for pattern in (*patterns, _bare_host()) if bare else patterns:
        for match in itertools.islice(pattern.finditer(text), _MOST):
            if any(start <= match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            if not _is_standard(match.group()):
                yield match.start(), match.group()


def _is_standard(address: str) -> bool:
    host = _HOST.match(address)
    return host is not None and host.group(1).lower() in rules().links.standards


@cache
def _bare_host() -> re.Pattern[str]:
    known = rules().links
    alone, with_path = "|".join(known.endings), "|".join(known.endings_with_path)
    path = r"/[^\s\"'<>)\]{}]{1,200}"
    return re.compile(
        r"(?i)(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{1,62}\.){1,4}"
        rf"(?:(?:{alone})(?:{path}|(?![\w.-]*\w))|(?:{with_path}){path})"
    )


def is_sent_to(text: str, at: int) -> bool:
    """Whether the words before a mail address send something there."""
    return _sending().search(text[max(0, at - 60) : at]) is not None


@cache
def _sending() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b{rules().links.sending}\w*\b")
