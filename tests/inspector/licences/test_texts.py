"""Licence texts: each known one is itself and no other; hostile ones take bounded time and memory."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.licences.catalogue import reading_of, spdx
from inspector.licences.documents import licence_text, notice, read_text
from inspector.licences.fingerprints import LONGEST, match
from resources import table
from tests.support.shared_data import shared

MATCHED: dict[str, dict[str, str]] = table("licences/matched.toml", dict)
APACHE = Path(__file__).parents[3] / "LICENSE"
SECONDS = 5.0


def scancode(key: str) -> str:
    told: dict[str, str] = json.loads(shared(f"licences/texts/lic_{key}.json").read_text())
    return told["text"]


@pytest.mark.parametrize("key", sorted(MATCHED["scancode"]))
def test_a_known_text_is_itself(key: str) -> None:
    found = match(scancode(key))
    assert found.licence == MATCHED["scancode"][key]
    assert found.relation == "same"
    assert found.found >= 0.99
    assert found.beyond <= 0.01


@pytest.mark.parametrize("key", sorted(MATCHED["scancode"]))
def test_a_known_text_is_not_taken_for_another_when_its_own_is_unknown(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the next version of a family, which we don't know yet, is not taken for the last one."""
    from inspector.licences import fingerprints

    own = MATCHED["scancode"][key]
    known = tuple(one for one in fingerprints._known() if one[0].licence != own)
    monkeypatch.setattr(fingerprints, "_known", lambda: known)
    found = match(scancode(key))
    assert found.relation != "same"
    if found.identifies:
        assert found.passages, "a difference is always shown"


@pytest.mark.parametrize(
    "title", ["The MIT License (MIT)", "# MIT License", "MIT LICENCE", "\ufeffMIT"]
)
def test_the_licences_own_name_above_its_text_is_no_change(title: str) -> None:
    _, _, body = shared("cards/deepseek-r1/LICENSE").read_text().partition("\n")
    assert match(f"{title}\n{body}").relation == "same"
    assert match(f"{title}, but not on Tuesdays and not at all in May\n{body}").relation != "same"


@pytest.mark.parametrize("version", ["3.1", "3.2", "3.3"])
def test_an_unknown_version_of_a_family_is_not_taken_for_a_known_one(version: str) -> None:
    text = scancode(f"llama-{version}-license-2024").replace(version, "5.7")
    text = text.replace(version.replace(".", "_"), "5_7")
    found = match(text)
    assert found.licence.startswith("LicenseRef-Llama")
    assert found.relation == "related"


def test_real_files_of_repositories() -> None:
    for name, licence in (
        ("cards/llama-3.2/LICENSE", "LicenseRef-Llama-3.2"),
        ("cards/deepseek-r1/LICENSE", "MIT"),
    ):
        found = match(shared(name).read_text(encoding="utf-8"))
        assert (found.licence, found.relation) == (licence, "same")


def test_our_own_licence() -> None:
    found = match(APACHE.read_text(encoding="utf-8"))
    assert (found.licence, found.relation) == ("Apache-2.0", "same")


def test_marks_that_vary_do_not_count() -> None:
    text = APACHE.read_text(encoding="utf-8")
    for changed in (text.upper(), text.replace("\n", " "), text.replace('"', "“"), f"> {text}"):
        assert match(changed).licence == "Apache-2.0"
        assert match(changed).found > 0.95


def test_what_was_added_is_quoted_with_its_line() -> None:
    text = APACHE.read_text(encoding="utf-8")
    lines = text.split("\n")
    lines.insert(100, "You may not use the Work to operate a toaster on Sundays or holidays.")
    found = match("\n".join(lines))
    assert found.licence == "Apache-2.0"
    assert any(one.line == 101 and "toaster on sundays" in one.excerpt for one in found.passages)


def test_a_sentence_added_to_a_long_licence_is_a_change() -> None:
    text = APACHE.read_text(encoding="utf-8")
    added = text.replace(
        "END OF TERMS", "10. The Work is not for use by anybody who sells bread.\n\nEND OF TERMS"
    )
    found = match(added)
    assert found.relation == "changed"
    assert "bread" in found.passages[0].excerpt


def test_a_word_left_out_is_told_with_its_place() -> None:
    text = APACHE.read_text(encoding="utf-8")
    left_out = text.replace("does not grant permission to use", "does grant permission to use")
    assert left_out != text
    found = match(left_out)
    assert any("does grant permission" in one.excerpt for one in found.passages)


def test_a_known_text_with_more_around_it_is_not_assessed() -> None:
    mit = shared("cards/deepseek-r1/LICENSE").read_text(encoding="utf-8")
    more = "Nobody may use the Software for anything that was begun on a Monday. " * 20
    found = match(f"{mit}\n{more}")
    assert (found.licence, found.relation) == ("MIT", "within")
    assert not found.identifies


def test_two_licences_in_one_file_are_both_told() -> None:
    mit = shared("cards/deepseek-r1/LICENSE").read_text(encoding="utf-8")
    bsd = scancode("moonshot-ai-modified-mit-2025")
    found = match(f"{mit}\n\n{scancode('openmdw-1.0')}\n\n{bsd}")
    assert found.relation == "within"
    assert len({found.licence, *found.also}) > 1


@pytest.mark.parametrize(
    "hostile",
    [
        "word " * 2_000_000,
        "\0" * 1_000_000,
        "a" * 10_000_000,
        "Copyright (c) " * 500_000,
        "](" * 500_000,
        "](" + "x" * 500_000,
        "\u202e" * 300_000 + "MIT",
        "(a) " * 400_000,
        "SPDX-License-Identifier: " * 100_000,
        "is licensed under the " * 100_000,
        "provided under and subject to " * 100_000,
        "i" * 200 + ". " + "i" * 100_000,
        "\n" * 1_000_000,
        " ".join(str(number) for number in range(200_000)),
    ],
    ids=range(14),
)
def test_hostile_texts_take_bounded_time(hostile: str) -> None:
    began = time.monotonic()
    found = licence_text(hostile, "LICENSE")
    notice(hostile, "NOTICE")
    assert time.monotonic() - began < SECONDS
    assert not found.match.identifies
    assert found.match.cut == (len(hostile) > LONGEST)
    assert len(found.text) <= 64 * 1024


def test_a_file_of_any_size_and_any_bytes_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "LICENSE"
    file.write_bytes(b"\xff\xfe\0" * 4_000_000)
    text = read_text(file)
    assert text is not None
    assert len(text) <= 1024 * 1024
    assert read_text(tmp_path / "missing") is None


@settings(max_examples=100, deadline=2_000)
@given(st.text(max_size=2_000))
def test_no_text_breaks_it(text: str) -> None:
    found = licence_text(text, "LICENSE")
    assert 0 <= found.match.found <= 1
    assert 0 <= found.match.beyond <= 1
    notice(text, "NOTICE")


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("Llama 3.2 is licensed under the Llama 3.2 Community License, Copyright © Meta Platforms, Inc.", "LicenseRef-Llama-3.2"),
        ("Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms", "LicenseRef-Gemma"),
        ("Licensed by NVIDIA Corporation under the NVIDIA Open Model License", "LicenseRef-NVIDIA-Open-Model"),
        ("SPDX-License-Identifier: MIT\n", "MIT"),
    ],
)  # fmt: skip
def test_a_notice_names_its_licence(text: str, licence: str) -> None:
    named = notice(text, "NOTICE").named
    assert named is not None
    assert named.id == licence


def quoted_from(key: str) -> bool:
    found = reading_of(MATCHED["scancode"][key])
    return (
        found is not None
        and re.search(rf"\b{re.escape(key)}(?![\w-])", found.reading.of) is not None
    )


@pytest.mark.parametrize("key", sorted(filter(quoted_from, MATCHED["scancode"])))
def test_what_a_reading_quotes_stands_in_the_text(key: str) -> None:
    """The words in quotes, the sums, and the numbers that clauses begin with."""
    found = reading_of(MATCHED["scancode"][key])
    assert found is not None
    text = " ".join(re.sub(r"[*\\]", "", scancode(key)).casefold().split())
    is_numbered = "counted" not in found.reading.note
    for topic, said in found.statements.items():
        for quoted in re.findall("“([^”]+)”", said.says):
            assert quoted.casefold() in text, (topic, quoted)
        for sum_ in re.findall(r"\b(\d+) million", said.says):
            assert f"{sum_} million" in text, (topic, sum_)
        for clause in re.findall(r"(?:^|, )(\d+)\b", said.clause.partition(";")[0]):
            if is_numbered:
                assert re.search(rf"(?<![\d.]){clause}\. ?[\w(]", text), (topic, clause)


def test_every_fingerprint_belongs_to_a_licence_with_a_name() -> None:
    listed = {one.id for one in spdx().licences}
    told = table("licences/fingerprints.json", dict[str, object])["texts"]
    assert isinstance(told, list)
    for row in told:
        assert row["licence"] in listed or row["licence"].startswith("LicenseRef-")


def test_every_text_that_was_read_elsewhere_can_be_recognised() -> None:
    from inspector.licences import fingerprints

    known = {one[0].licence for one in fingerprints._known()}
    assert set(MATCHED["texts"]) <= known
