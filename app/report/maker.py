"""Which app made a page: a version's number stays for many changes, what a page is made from does not. Knows no Qt."""

import hashlib
from functools import cache
from pathlib import Path

import inspector
from resources import resource

_KINDS = frozenset({".py", ".toml", ".html"})


@cache
def maker() -> str:
    """Returns the digest over all that pages are made from: code, rules and words; empty without their files.

    Two apps with the same one make the same page of the same report.
    """
    here = Path(__file__).parent
    folders = (here, here.parent / "words", Path(inspector.__path__[0]), resource(""))
    files = [
        (f"{folder.name}/{path.relative_to(folder).as_posix()}", path)
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in _KINDS
    ]
    if not any(path.suffix == ".py" for _, path in files):
        return ""
    digest = hashlib.sha256()
    for name, path in sorted(files):
        # A checkout may have other line ends; what is made from them is the same.
        body = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()
