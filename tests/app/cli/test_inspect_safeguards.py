"""What `lightwell inspect` prints of safeguards, from the report of a card."""

import io

from app.cli.safeguards import print_safeguards
from app.cli.screen import Screen
from inspector.safeguards.values import SafeguardReport
from tests.inspector.safeguards.test_derive import report


def printed_of(made: SafeguardReport, *, sources: bool) -> str:
    out = io.StringIO()
    print_safeguards(made, Screen(out, io.StringIO()), sources=sources)
    return out.getvalue()


def printed(*, sources: bool) -> str:
    made = report("# Small\n\nIt went through safety tuning.\n", names=["Small heretic"])
    return printed_of(made, sources=sources)


def test_each_safeguard_has_a_row_and_no_verdict_on_safety() -> None:
    told = printed(sources=False)
    for name in ("Moderation", "Governance", "Policies", "Aligned weights", "System prompts"):
        assert name in told
    assert "These stay with the service" in " ".join(told.split())
    assert "“heretic”, in general.name, claims" in " ".join(told.split())
    assert "absent, in this app" in told


def test_the_places_that_a_row_rests_on() -> None:
    told = " ".join(printed(sources=True).split())
    assert "“It went through safety tuning.”" in told
    assert "line 3" in told
