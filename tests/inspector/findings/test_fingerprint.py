"""The fingerprint: one picture, readable without colour and without sight."""

import itertools
from xml.etree import ElementTree as ET

import resources
from inspector.findings import fingerprint
from inspector.findings.stack import stack
from inspector.findings.values import Availability, Finding, Findings, Terms, Tile

SVG = "{http://www.w3.org/2000/svg}"
SIX = {
    "base-weights": (Availability.PUBLIC, Terms.OPEN),
    "adapted-weights": (Availability.GATED, Terms.RESTRICTED),
    "checkpoint-weights": (Availability.NOT_RELEASED, Terms.UNKNOWN),
    "compressed-weights": (Availability.NAMED, Terms.UNKNOWN),
    "telemetry": (Availability.NOT_APPLICABLE, Terms.UNKNOWN),
}


def six(subject="six states"):
    return Findings(
        subject, [Finding(part=part, availability=a, terms=t) for part, (a, t) in SIX.items()]
    )


def test_every_part_has_one_tile_and_no_two_share_a_place():
    plan = fingerprint.layout()
    assert [place.part for place in plan.places] == [part.id for part in stack().part]
    assert len({(place.column, place.row) for place in plan.places}) == len(plan.places)
    kinds = [heading.kind for heading in plan.headings]
    assert kinds == sorted(kinds, reverse=True) or kinds == sorted(
        kinds, key=["component", "attribute"].index
    )


def test_six_states_have_six_shapes_and_six_words():
    looks = fingerprint.looks()
    assert set(looks) == set(Tile)
    shapes = {resources.text(f"icons/{look.icon}.svg") for look in looks.values()}
    assert len(shapes) == len(Tile)
    assert len({look.word for look in looks.values()}) == len(Tile)


def test_colours_are_dark_enough_on_white():
    for look in fingerprint.looks().values():
        channels = [int(look.colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, look


def test_the_picture_is_svg_with_its_words_inside():
    root = ET.fromstring(fingerprint.svg(six()))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "six states"
    told = root.findtext(f"{SVG}desc")
    for look in fingerprint.looks().values():
        assert look.word in told
    tips = [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g") if group.get("class")]
    assert "Base/pretrained weights: open" in tips
    assert len(tips) == len(stack().part) + len(Tile)


def test_a_name_can_not_break_the_picture():
    root = ET.fromstring(fingerprint.svg(six('<script>alert("&")</script>\x00\x1b]0;x')))
    assert not list(root.iter(f"{SVG}script"))


def test_the_tally_counts_components_and_attributes_apart():
    said = fingerprint.tally(six())
    components, attributes = said.split("; ")
    assert components.startswith(
        f"{len(stack().of('component'))} components: 1 open, 1 restricted, 1 closed"
    )
    assert (
        attributes
        == f"{len(stack().of('attribute'))} attributes: {len(stack().of('attribute'))} unknown"
    )


def test_lists_show_the_same_rows_with_attributes_beside_components():
    whole, small = fingerprint.layout(), fingerprint.compact()
    assert [place.part for place in small.places] == [place.part for place in whole.places]
    assert len({(one.column, one.row) for one in small.places}) == len(small.places)
    rows = {place.group: place.row for place in small.places}
    assert len(set(rows.values())) < len(rows)
    for group in rows:
        columns = [
            [one.column for one in plan.places if one.group == group] for plan in (whole, small)
        ]
        assert columns[1] == [columns[1][0] + one - columns[0][0] for one in columns[0]]


def test_small_shapes_differ_by_many_dots():
    small = {tile: "".join(look.small) for tile, look in fingerprint.looks().items()}
    assert {len(dots) for dots in small.values()} == {49}
    for one, other in itertools.combinations(small.values(), 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) >= 8


def test_letters_are_kept_and_read_again():
    kept = fingerprint.letters(six())
    tiles = fingerprint.tiles_of(kept)
    assert [tiles[part] for part in SIX] == [six().all[part].tile for part in SIX]
    assert set(tiles.values()) == set(Tile)
    assert fingerprint.tiles_of(kept[:-1]) == fingerprint.tiles_of("?" * len(kept)) == {}


def test_what_is_this_apps_or_this_machines_is_marked_and_counted_apart():
    ours = stack().ours
    assert "telemetry" in ours
    assert "compilers" in ours
    root = ET.fromstring(fingerprint.svg(six()))
    lines = [one for one in root.iter(f"{SVG}path") if one.get("class") == "ours"]
    assert len(lines) == len(ours) + 1  # and one in the legend
    assert fingerprint.words(six()).count(fingerprint.OURS) == len(ours)
    components, attributes = fingerprint.tally(six()).split("; ")
    kinds = {part.id for part in stack().of("component")}
    assert components.endswith(f"{len(ours & kinds)} {fingerprint.OURS}")
    assert "not applicable" not in components  # telemetry is nobody's finding on the model
    assert fingerprint.OURS not in attributes
