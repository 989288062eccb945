"""What is on the wire, folded from lines and live counts in whatever order they come."""

from app.network.traffic import Traffic
from runner.protocol.engine import Loaded
from runner.store.ledger_lines import Entry, Event, Line, Passing


def line(number: int, event: Event, **fields: object) -> Line:
    entry = Entry(event=event, **fields)  # type: ignore[arg-type]
    return Line(number=number, at_ms=0, entry=entry, hash="")


def loaded() -> Loaded:
    return Loaded(
        run=1, seconds=0.1, context=1, context_trained=1, layers=1, layers_offloaded=0,
        devices=[], template="none", template_sha256="", sampling={}, threads=1, memory_bytes=0,
    )  # fmt: skip


def test_bytes_are_live_and_then_final() -> None:
    traffic = Traffic(lambda: 5.0)
    assert traffic.take([line(1, Event.CONNECTION, host="h", why="w")])
    assert traffic.take([Passing(number=1, bytes_up=3, bytes_down=700)])
    (connection,) = traffic.open
    assert (connection.host, connection.bytes_down) == ("h", 700)
    assert traffic.since_load.bytes_down == 700
    traffic.take([line(2, Event.RESULT, of=1, bytes_up=4, bytes_down=900)])
    assert traffic.open == ()
    assert (traffic.since_load.bytes_up, traffic.since_load.bytes_down) == (4, 900)
    assert not traffic.take([object()])


def test_a_gate_that_is_gone_has_nothing_open_and_its_last_line_counts() -> None:
    traffic = Traffic(lambda: 5.0)
    traffic.take([line(1, Event.CONNECTION)])
    traffic.take([line(3, Event.LOOK_UP)])
    assert traffic.under_way == {1, 3}
    traffic.gate_gone()
    assert traffic.open == ()
    assert traffic.under_way == frozenset()
    traffic.take([line(2, Event.RESULT, of=1, bytes_down=9)])
    assert traffic.since_load.bytes_down == 9
    traffic.take([line(3, Event.RESULT, of=1, bytes_down=9)])
    assert traffic.since_load.bytes_down == 9, "a result counts once"


def test_a_load_begins_a_new_count() -> None:
    traffic = Traffic(lambda: 5.0)
    traffic.take([line(1, Event.CONNECTION), line(2, Event.REFUSED)])
    traffic.take([line(3, Event.RESULT, of=1, bytes_down=9)])
    traffic.take([loaded()])
    assert traffic.has_load
    assert traffic.since_load.connections == traffic.since_load.refused == 0


def test_what_is_open_at_a_load_is_of_the_new_count_too() -> None:
    """Its bytes were told beside no connection at all, and once it had ended, nothing was claimed sent."""
    traffic = Traffic(lambda: 5.0)
    traffic.take([line(1, Event.CONNECTION), Passing(number=1, bytes_up=1, bytes_down=7)])
    traffic.take([loaded(), line(2, Event.CONNECTION)])
    assert traffic.since_load.connections == 2
    for number in (1, 2):
        traffic.take([line(2 + number, Event.RESULT, of=number, bytes_down=9)])
    assert (traffic.since_load.connections, traffic.since_load.bytes_down) == (2, 18)
    traffic.take([loaded()])
    assert traffic.since_load.connections == 0


def test_a_connection_that_lingered_after_a_load_without_a_byte_is_of_no_count() -> None:
    """A download's; the model that came is loaded at once, and nothing of its run was sent."""
    traffic = Traffic(lambda: 5.0)
    traffic.take([line(1, Event.CONNECTION), Passing(number=1, bytes_up=3, bytes_down=7)])
    traffic.take([loaded()])
    assert traffic.since_load.connections == 1, "nobody knows yet"
    traffic.take([line(2, Event.RESULT, of=1, bytes_up=3, bytes_down=7)])
    assert (traffic.since_load.connections, traffic.since_load.bytes_down) == (0, 0)


def test_the_last_word_of_what_ended_before_a_load_is_not_of_the_new_count() -> None:
    traffic = Traffic(lambda: 5.0)
    traffic.take([line(1, Event.CONNECTION)])
    traffic.gate_gone()
    traffic.take([loaded(), line(2, Event.RESULT, of=1, bytes_down=9)])
    assert (traffic.since_load.connections, traffic.since_load.bytes_down) == (0, 0)
