"""The list of good first models: each one vouched for, across the spectrum, without any network."""

from app.models_page.find.addresses import Kind, read
from app.models_page.find.first_models import checked_on, first_models, first_texts
from app.models_page.find.hub_tags import LicenceKind, licence_kind
from app.models_page.repository.grouping import quantisation_of


def test_every_entry_can_be_opened_and_says_why_it_is_here() -> None:
    for one in first_models():
        assert read(one.repository).kind is Kind.REPOSITORY
        assert read(one.base).kind is Kind.REPOSITORY
        assert quantisation_of(one.quantisation) == one.quantisation
        assert one.reason.endswith(".")
        assert one.seen
    assert checked_on() == "21 Nov 2026"


def test_each_person_and_each_place_of_the_spectrum_has_an_entry() -> None:
    texts = first_texts()
    assert {one.place for one in first_models()} == set(texts.places)
    for person in texts.people:
        assert any(person in one.people for one in first_models())
    assert {person for one in first_models() for person in one.people} == set(texts.people)


def test_sizes_are_plausible_for_the_parameters() -> None:
    for one in first_models():
        if one.bytes:
            assert 4 <= 8 * one.bytes / one.parameters <= 10, one.id


def test_licences_are_known_and_say_what_the_place_says() -> None:
    for one in first_models():
        kind = licence_kind(one.licence)[1]
        assert (kind is LicenceKind.CONDITIONS) == (one.place == "restricted"), one.id


def test_what_others_published_has_author_date_and_link() -> None:
    rated = [said for one in first_models() for said in one.rated]
    assert rated
    for said in rated:
        assert said.who
        assert said.date[:2] == "20"
        assert said.link.startswith("https://")
