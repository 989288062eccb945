"""Facts keep their sources and tell "unknown" from "absent", also after a trip through JSON."""

import msgspec
import pytest

from inspector.facts import Fact, Source, SourceKind, known, now, unknown

HEADER = Source(
    kind=SourceKind.HEADER,
    document="a.gguf",
    where="general.license",
    offset=24,
    read_at=now(),
)


@pytest.mark.parametrize("value", [True, 0, 7, 2.5, "mit", ("en", "de"), ()])
def test_a_fact_survives_json_with_its_source(value):
    fact = known(value, HEADER)
    back = msgspec.json.decode(msgspec.json.encode(fact), type=Fact)
    assert back == fact
    assert back.is_known
    assert back.source == HEADER


def test_unknown_is_not_an_empty_value():
    fact = unknown("settle.licence", [HEADER])
    assert not fact.is_known
    assert fact.text == ""
    assert fact.settle == "settle.licence"
    assert known(()).is_known


def test_only_numbers_are_numbers():
    assert known(3).number == 3
    assert known(2.5).number == 2.5
    assert known(True).number is None
    assert known("3").number is None
    assert known(("en", "de")).text == "en, de"
