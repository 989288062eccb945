"""Values that cost nothing to define hold what dataclasses would."""

import pytest

from runner.values import Value, items_of


class Point(Value):
    """A value with a field that may be left out."""

    x: int
    y: int = 2


def test_fields_are_given_by_place_or_by_name() -> None:
    assert Point(1) == Point(x=1, y=2) != Point(1, 3)
    assert dict(items_of(Point(1))) == {"x": 1, "y": 2}
    assert len({Point(1), Point(x=1)}) == 1
    assert repr(Point(1)) == "Point(x=1, y=2)"


@pytest.mark.parametrize(
    ("in_order", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})]
)
def test_a_field_too_few_or_too_many_is_refused(
    in_order: tuple[int, ...], named: dict[str, int]
) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*in_order, **named)


def test_a_value_never_changes() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    assert point == Point(1)
