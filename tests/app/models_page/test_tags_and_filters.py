"""What tags say, and which results stay: unknown is a value of its own, never a no."""

import pytest

from app.models_page.find.filters import OPENED, Candidate, Filters, Size, size_of
from app.models_page.find.hub_tags import LicenceKind, Named, Said, licence_kind, read_tags
from app.models_page.fit import Fit
from app.models_page.table.open_cell import open_groups
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.findings.values import Tile

TAGS = (
    "gguf",
    "en",
    "region:us",
    "license:llama3.2",
    "base_model:meta-llama/Llama-3.2-3B-Instruct",
    "base_model:quantized:meta-llama/Llama-3.2-3B-Instruct",
)


def said(*tags: str) -> Said:
    return read_tags("somebody/Model-3B-GGUF", tags)


def candidate(
    *tags: str, gated: str = "", fit: Fit = Fit.UNKNOWN, opened: frozenset[str] = frozenset()
) -> Candidate:
    found = said(*tags)
    return Candidate(said=found, gated=gated, fit=fit, parameters=found.parameters, opened=opened)


def test_tags_are_told_apart() -> None:
    found = said(*TAGS)
    assert found.licence == "llama3.2"
    assert found.licence_kind is LicenceKind.CONDITIONS
    assert found.languages == ("en",)
    assert found.base_models == ("meta-llama/Llama-3.2-3B-Instruct",)
    assert found.relation == "quantized"
    assert found.parameters == 3e9
    assert found.openness is Named.UNKNOWN
    assert said("dataset:allenai/dolma").openness is Named.DATA


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("apache-2.0", LicenceKind.OSI),
        ("mit", LicenceKind.OSI),
        ("gemma", LicenceKind.CONDITIONS),
        ("cc-by-nc-4.0", LicenceKind.NO_COMMERCE),
        ("other", LicenceKind.OTHER),
        ("a-licence-of-mine", LicenceKind.OTHER),
        ("", LicenceKind.UNKNOWN),
    ],
)
def test_the_sort_of_a_licence(licence: str, kind: LicenceKind) -> None:
    assert licence_kind(licence)[1] is kind


def test_no_filter_passes_everything() -> None:
    assert Filters().is_any
    assert Filters().passes(candidate())


def test_what_is_unknown_stays_where_only_the_known_misfits_go() -> None:
    fits = Filters(fits=True)
    assert fits.passes(candidate(fit=Fit.UNKNOWN))
    assert fits.passes(candidate(fit=Fit.TIGHT))
    assert not fits.passes(candidate(fit=Fit.NOT))


def test_unknown_can_be_asked_for() -> None:
    assert Filters(licence=LicenceKind.UNKNOWN).passes(candidate())
    assert not Filters(licence=LicenceKind.UNKNOWN).passes(candidate(*TAGS))
    assert Filters(language="unknown").passes(candidate())
    assert not Filters(language="unknown").passes(candidate(*TAGS))
    assert Filters(openness=Named.UNKNOWN).passes(candidate(*TAGS))
    assert not Filters(openness=Named.DATA).passes(candidate(*TAGS))


def test_filters_add_up() -> None:
    both = Filters(language="en", access="gated")
    assert both.passes(candidate(*TAGS, gated="manual"))
    assert not both.passes(candidate(*TAGS))
    assert not both.passes(candidate(gated="manual"))


def test_sizes_have_borders() -> None:
    assert size_of(None) is Size.UNKNOWN
    assert size_of(135e6) is Size.TINY
    assert size_of(3e9) is Size.SMALL
    assert size_of(8e9) is Size.MIDDLE
    assert size_of(70e9) is Size.LARGE


def test_what_a_card_opens_can_be_asked_for_where_it_was_looked_at() -> None:
    code = Filters(openness=f"{OPENED}code")
    looked_at = candidate(*TAGS, opened=frozenset({"code", "datasets"}))
    assert code.passes(looked_at)
    assert not code.passes(candidate(*TAGS))
    # Data that a card opens are named; where nobody looked they stay unknown, a value of its own.
    assert Filters(openness=Named.DATA).passes(looked_at)
    assert not Filters(openness=Named.UNKNOWN).passes(looked_at)
    tiles = {part.id: Tile.OPEN for part in stack().part if part.group == "code"}
    letters = fingerprint.letters_of(tiles)
    assert open_groups(letters) == {"code"}
    assert open_groups(None) == open_groups("") == frozenset()
