"""A use policy beside a model: its lists as they stand, with their lines, whatever the text is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.licences.policy import MOST_ENTRIES, is_policy_file, policy_text
from tests.support.shared_data import shared

MADE = """# Acceptable use

You will not use the model to:

- deceive people, including:
    - by **fraud**
    - by [impersonating](https://example.org/x) them
- harm animals

## Reports

1. Write to us.
"""


def test_lists_have_what_leads_to_them_and_every_entry_its_line() -> None:
    policy = policy_text(MADE, "USE_POLICY.md", "abc")
    lists = [(one.lead, [(it.text, it.line) for it in one.entries]) for one in policy.lists]
    assert lists == [
        ("deceive people, including:", [("by fraud", 6), ("by impersonating them", 7)]),
        ("You will not use the model to:", [("harm animals", 8)]),
        ("Reports", [("Write to us.", 12)]),
    ]
    assert (policy.source.document, policy.source.revision) == ("USE_POLICY.md", "abc")
    assert policy.source.read_at is not None


def test_a_real_policy_is_read_as_a_person_reads_it() -> None:
    raw = shared("cards/llama-3.2/USE_POLICY.md").read_text(encoding="utf-8")
    policy = policy_text(raw, "USE_POLICY.md")
    assert [len(one.entries) for one in policy.lists] == [14, 6, 6, 2, 4]
    assert policy.lists[0].lead.startswith("Violate the law")
    lines = raw.split("\n")
    for one in policy.lists:
        for entry in one.entries:
            assert entry.text.split(" ")[0] in lines[entry.line - 1]


@given(
    st.lists(st.sampled_from(["- ", "  - ", "    - ", "\t- ", "1. ", "", "words: "]), max_size=12)
)
@settings(max_examples=300, deadline=None)
def test_no_entry_is_lost_however_it_is_indented(starts: list[str]) -> None:
    text = "\n".join(f"{start}said{number}" for number, start in enumerate(starts))
    policy = policy_text(text, "USE_POLICY.md")
    told = [it.line for one in policy.lists for it in one.entries]
    led = {one.line for one in policy.lists}
    entries = {line for line, start in enumerate(starts, 1) if start.strip() not in {"", "words:"}}
    assert entries <= led | set(told)
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("USE_POLICY.md", True), ("Acceptable-Use-Policy.txt", True), ("POLICY.md", False), ("user.md", False)],
)  # fmt: skip
def test_a_policy_is_told_by_its_name(name: str, is_one: bool) -> None:
    assert is_policy_file(name) is is_one


@pytest.mark.parametrize(
    "text",
    [
        "- a\n" * 200_000,
        "\n".join(" " * (at % 40) + "- x" for at in range(50_000)),
        "- " + "[" * 500_000,
        "[a](" * 200_000,
        "- a" + "\u202e\0" * 100_000,
    ],
)
def test_hostile_policies_take_bounded_time_and_are_counted(text: str) -> None:
    began = time.process_time()
    policy = policy_text(text, "USE_POLICY.md")
    assert time.process_time() - began < 1
    assert policy.count <= MOST_ENTRIES
    assert policy.count + policy.more >= min(policy.count, 1)


@given(st.text(alphabet="-1a). \n\t#*[](x", max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_policy_is_read(text: str) -> None:
    policy = policy_text(text, "USE_POLICY.md")
    lines = [entry.line for one in policy.lists for entry in one.entries]
    assert lines == sorted(lines)
    assert all(one.entries for one in policy.lists)
