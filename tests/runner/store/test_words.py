"""Every code of the store, the library and the settings has words, and no words are left over."""

import re
from pathlib import Path

import msgspec

from resources import table

CODE = re.compile(r'"((?:store|files|import|backup|settings)\.[a-z_]+)"')
NOT_CODES = {"settings.toml"}


class Words(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    meaning: str
    remedy: str


def test_codes_and_words_are_the_same_set():
    sources = [*Path("runner/store").rglob("*.py"), *Path("runner/library").rglob("*.py")]
    sources += [Path("app/settings.py"), Path("app/cli/ledger.py")]
    used = {code for file in sources for code in CODE.findall(file.read_text(encoding="utf-8"))}
    worded = {}
    for area in ("store", "files", "import", "backup", "settings"):
        worded |= table(f"texts/en/errors/{area}.toml", dict[str, Words])
    assert used - NOT_CODES == set(worded)
    assert all(words.title.endswith(".") and words.remedy for words in worded.values())
