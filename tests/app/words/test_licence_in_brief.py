"""The licence in a few words: whose word it is, and each reservation that a report can have."""

import pytest

from app.words.licence_in_brief import licence_in_brief
from tests.app.dossier.test_papers import MIT
from tests.app.reader.test_anothers_card import beside, licence_of
from tests.inspector.claims.made import model_file

CARD = "---\nlicense: mit\n---\n# Tiny Thing\n"
OTHERS = "---\nlicense: apache-2.0\n---\n# Otter 7B Chat\n"
CHANGED = MIT.replace("free of charge", "for a fee", 1)
OWN = "You may look at this model on Sundays, and at nothing else in here.\n" * 20


@pytest.mark.parametrize(
    ("header", "card", "text", "said"),
    [
        ({}, "", "", ""),
        ({"general__license": "mit"}, "", "", "MIT"),
        ({"general__license": "mit"}, CARD, MIT, "MIT"),
        ({}, CARD, "", "MIT, by its card"),
        ({}, "", MIT, "MIT, by its text"),
        ({}, OTHERS, MIT, "MIT, perhaps"),
        ({}, OTHERS, "", ""),
        ({"general__license": "apache-2.0"}, "", MIT, "Apache-2.0, text differs"),
        ({"general__license": "apache-2.0"}, CARD, "", "Apache-2.0, disputed"),
        ({"general__license": "mit"}, "", OWN, "MIT, text not known"),
        ({"general__license": "mit"}, "", CHANGED, "MIT, changed"),
    ],
)
def test_who_says_it_and_what_is_in_doubt(tmp_path, header, card, text, said) -> None:
    path = model_file(tmp_path, general__name="Tiny Thing", **header)
    papers = {"LICENSE": text} if text else {}
    if card:
        beside(tmp_path, card, **papers)
    elif text:
        (tmp_path / "LICENSE").write_text(text, encoding="utf-8")
    words, source = licence_in_brief(licence_of(path))
    assert words == said
    assert bool(source) == bool(said)
