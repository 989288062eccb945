"""A report as a file, as statements, and checked again against the same and another model."""

import contextlib
import json
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.claims.values import Verdict
from inspector.errors import InspectorError
from inspector.findings.values import Availability, Review, Terms
from inspector.lineage.values import Doubt
from inspector.report.compare import GONE, Outcome, recheck
from inspector.report.file import METHOD, digest_of, json_schema, read_report, written
from inspector.report.rules import CLAIMS, FINDINGS, TEMPLATES, rule_sets
from inspector.report.statement import Area, Basis
from inspector.report.statements import statements
from inspector.report.values import SCHEMA, Content, RuleSet
from tests.support import reports
from tests.support.shared_data import shared


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    (folder / "README.md").write_text(reports.CARD)
    reports.model(folder)
    return folder


@pytest.fixture(scope="module")
def report(folder) -> Content:
    return reports.content(folder / "tiny.gguf")


def another(folder, **changed) -> Content:
    return reports.content(reports.model(folder, **changed))


def outcomes(found, outcome):
    return {one.id: one for one in found.of(outcome)}


# ---- the file ---------------------------------------------------------------------------------


def test_a_report_is_what_was_written(report):
    raw = written(report)
    read = read_report(raw, "report.json")
    assert read.content == report
    assert read.is_unchanged
    assert digest_of(raw) == read.stated
    told = json.loads(raw)
    assert (told["schema"], told["method"]) == (SCHEMA, METHOD)
    assert told["content"]["name"] == "Tiny"


def test_the_digest_can_be_followed_by_hand(report):
    import hashlib

    raw = written(report)
    start = raw.index(b'"content": ') + len(b'"content": ')
    assert hashlib.sha256(raw[start : raw.rindex(b"}")]).hexdigest() == json.loads(raw)["digest"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"name": "Tiny"', b'"name": "Tidy"'),
        (b'"not_released"', b'"partly"      '),
        (b'"size": ', b'"size":  '),
    ],
)
def test_a_changed_report_is_noticed(report, before, after):
    raw = written(report)
    assert before in raw
    assert not read_report(raw.replace(before, after, 1), "report.json").is_unchanged


def test_a_frame_in_another_order_is_the_same_report(report):
    told = msgspec.json.decode(written(report), type=dict[str, msgspec.Raw])
    turned = b'{"content":' + bytes(told["content"]) + b',"digest":' + bytes(told["digest"])
    turned += b',"method":' + bytes(told["method"]) + b',"schema":' + bytes(told["schema"]) + b"}"
    assert read_report(turned, "report.json").is_unchanged


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "report.not_one"),
        (b"{}", "report.not_one"),
        (b"\xff", "report.not_one"),
        (b'{"schema":"lightwell.inspect/1","digest":"","content":{}}', "report.not_one"),
        (b'{"schema":"lightwell.report/2","digest":"","content":{}}', "report.newer"),
        (b'{"schema":"lightwell.report/1","digest":"","content":{}}', "report.not_one"),
        (b'{"schema":"lightwell.report/1","digest":"","content":' + b"[" * 5000, "report.not_one"),
        (b" " * (32 * 1024 * 1024 + 1), "report.too_large"),
    ],
)
def test_what_is_no_report_ends_with_words(raw, code):
    with pytest.raises(InspectorError) as refused:
        read_report(raw, "report.json")
    assert refused.value.code == code


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_report_with_any_byte_turned_is_refused_or_noticed(report, data):
    raw = bytearray(written(report))
    at = data.draw(st.integers(raw.index(b'"content": ') + 11, len(raw) - 4))
    raw[at] ^= data.draw(st.integers(1, 255))
    unchanged = False
    with contextlib.suppress(InspectorError):
        unchanged = read_report(bytes(raw), "report.json").is_unchanged
    assert not unchanged


# ---- what it says -------------------------------------------------------------------------------


def test_every_area_has_statements_with_what_they_rest_on(report):
    every = statements(report)
    areas = {one.area for one in every.values()}
    assert areas == set(Area) - {Area.REVIEWS, Area.RUNS, Area.BENCH}
    assert every["weights"].basis is Basis.BYTES
    assert every["fact:licence"].says == "mit"
    data = every["finding:pretraining-dataset"]
    assert data.says == "not_released, unknown; of end_model"
    assert (data.basis, data.document) == (Basis.DOCUMENT, "README.md")
    assert every["finding:compressed-weights"].basis is Basis.HEADER
    assert every["verdict:mof-1.1"].rules == "mof-1.1"
    assert every["licence:weights:osi"].says == "yes"
    assert any(key.startswith("claim:") for key in every)


def test_the_rules_are_named_with_their_hashes(report):
    named = {one.id: one for one in report.rules}
    assert {one.framework for one in report.openness.verdicts} < set(named)
    assert {FINDINGS, TEMPLATES, CLAIMS} < set(named)
    assert all(len(one.sha256) == 64 for one in named.values())
    assert rule_sets(report.openness, "0") == rule_sets(report.openness, "0")


def test_what_nobody_looked_at_is_said(report, folder, tmp_path):
    assert {one.code for one in report.not_checked} >= {"network", "behaviour", "licence_text"}
    alone = reports.content(reports.model(tmp_path), whole=False)
    assert {one.code for one in alone.not_checked} >= {"bytes", "card"}
    assert alone.weights is None
    assert not alone.files[0].sha256


# ---- checked again --------------------------------------------------------------------------------


def test_the_same_model_holds_everything(report, folder):
    found = recheck(report, reports.content(folder / "tiny.gguf"))
    assert not found.of(Outcome.DIFFERS)
    assert not found.of(Outcome.NOT_CHECKED)
    assert not found.added
    assert found.counts[Outcome.HOLDS] == len(statements(report)) > 100


def test_a_relabelled_model_keeps_its_weights_and_says_what_changed(report, tmp_path):
    (tmp_path / "README.md").write_text(reports.CARD)
    found = recheck(report, another(tmp_path, licence="llama3.2"))
    differs, holds = outcomes(found, Outcome.DIFFERS), outcomes(found, Outcome.HOLDS)
    assert differs["fact:licence"].said == "mit"
    assert differs["fact:licence"].now == "llama3.2"
    assert "file:0:sha256" in differs
    assert "licence:weights" in differs
    assert "metadata:general.license" in differs
    assert "weights" in holds
    assert "fact:architecture" in holds


def test_another_template_is_noticed(report, tmp_path):
    (tmp_path / "README.md").write_text(reports.CARD)
    found = recheck(report, another(tmp_path, template="{{ messages[0].content }} 2"))
    assert "template:tokenizer.chat_template:sha256" in outcomes(found, Outcome.DIFFERS)


def test_without_the_card_what_rests_on_it_is_not_checked(report, tmp_path):
    found = recheck(report, another(tmp_path))
    left = outcomes(found, Outcome.NOT_CHECKED)
    assert left["finding:pretraining-dataset"].why == "document"
    assert left["document:card:README.md"].why == "document"
    assert left["verdict:mof-1.1"].why == "document"
    assert left["claim:ARCH"].why == "document"
    assert not found.of(Outcome.DIFFERS)
    assert not found.added


def made_anew(report, **changes):
    """Returns a report that somebody changed, with its digest made anew."""
    return read_report(written(msgspec.structs.replace(report, **changes)), "report.json").content


@pytest.mark.parametrize("section", ["licence", "origin", "safeguards", "not_checked", "open"])
def test_what_stands_around_the_statements_cannot_be_changed_unseen(report, folder, section):
    present = reports.content(folder / "tiny.gguf")
    assert recheck(report, present).sections == ()
    (weights, *others), openness = report.licence.parts, report.openness
    row, *rows = sorted(openness.rows, key=lambda one: one.ours)
    present = msgspec.structs.replace(
        present,
        openness=msgspec.structs.replace(
            present.openness, rows=tuple(sorted(present.openness.rows, key=lambda one: one.ours))
        ),
    )
    forged = {
        "licence": {"licence": msgspec.structs.replace(report.licence, parts=(msgspec.structs.replace(weights, assessed=()), *others))},
        "origin": {"lineage": msgspec.structs.replace(report.lineage, doubts=(*report.lineage.doubts, Doubt("lineage.count")))},
        "safeguards": {"safeguards": msgspec.structs.replace(report.safeguards, stay_behind=())},
        "not_checked": {"not_checked": tuple(one for one in report.not_checked if one.code != "network")},
        "open": {"openness": msgspec.structs.replace(openness, rows=(msgspec.structs.replace(row, name="Another"), *rows))},
    }  # fmt: skip
    found = recheck(made_anew(report, **forged[section]), present)
    assert not found.of(Outcome.DIFFERS)
    assert found.sections == (section,)
    assert found.same_app


def test_another_apps_report_is_compared_by_its_statements_alone_and_that_is_told(report, folder):
    rules_ = tuple(msgspec.structs.replace(one, sha256="0" * 64) for one in report.rules)
    found = recheck(
        made_anew(report, page_by="0" * 64, rules=rules_, not_checked=()),
        reports.content(folder / "tiny.gguf"),
    )
    assert (found.sections, found.same_app) == ((), False)
    assert CLAIMS in found.other_rules
    assert FINDINGS in found.other_rules


def test_what_a_licence_of_our_list_forbids_rests_on_what_names_it_here(tmp_path):
    """The policy of a known licence was looked for as a paper, under that licence's title."""
    shutil.copy(shared("cards/llama-3.2/LICENSE"), tmp_path)
    report = reports.content(reports.model(tmp_path, "Llama 3.2 1B", "llama3.2"))
    found = recheck(report, report)
    assert "present" in outcomes(found, Outcome.HOLDS)["safeguard:policies"].said
    assert not found.lacking
    assert "document" not in {one.why for one in found.of(Outcome.NOT_CHECKED)}


def test_a_card_that_is_missing_beside_a_licence_that_lies_here_contradicts_nothing(tmp_path):
    """A stranger was told that the licence's text no longer held; only the card was missing."""
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there, here):
        folder.mkdir()
        shutil.copy(shared("cards/deepseek-r1/LICENSE"), folder)
    (there / "README.md").write_text(
        "---\nlicense: apache-2.0\nbase_model: a/b\n---\n# Tiny\n\nTiny is built on B.\n"
    )
    report = reports.content(reports.model(there, licence="apache-2.0"))
    found = recheck(report, reports.content(reports.model(here, licence="apache-2.0")))
    assert not found.of(Outcome.DIFFERS)
    assert not found.added
    assert found.lacking == ("README.md",)
    left = outcomes(found, Outcome.NOT_CHECKED)
    assert left["finding:weights-licences"].why == "document"


def test_a_changed_file_is_noticed_without_the_card_too(report, tmp_path):
    found = recheck(report, another(tmp_path, name="Tiny 70B"))
    differs = outcomes(found, Outcome.DIFFERS)
    assert {"fact:name", "metadata:general.name", "file:0:sha256"} <= set(differs)


def test_without_the_listing_what_rests_on_it_is_not_checked(folder):
    listed = reports.content(folder / "tiny.gguf", listed=True)
    found = recheck(listed, reports.content(folder / "tiny.gguf"))
    left = outcomes(found, Outcome.NOT_CHECKED)
    assert {left[f"claim:{one}"].why for one in ("HASH/listing", "BPW/listing")} == {"network"}
    assert not found.of(Outcome.DIFFERS)
    assert not found.added


def test_with_the_listing_what_rests_on_it_is_checked(folder):
    listed = reports.content(folder / "tiny.gguf", listed=True)
    claims = listed.claims.claims
    lied = msgspec.structs.replace(
        listed,
        claims=msgspec.structs.replace(
            listed.claims,
            claims=tuple(
                msgspec.structs.replace(one, reason="other", verdict=Verdict.DIFFERS)
                if one.id == "HASH/listing"
                else one
                for one in claims
            ),
        ),
    )
    assert "claim:HASH/listing" in outcomes(recheck(lied, listed), Outcome.DIFFERS)


def test_another_card_no_longer_says_it(report, tmp_path):
    (tmp_path / "README.md").write_text(
        reports.CARD.replace("We do not release the training data.", "")
    )
    found = recheck(report, another(tmp_path))
    differs = outcomes(found, Outcome.DIFFERS)
    assert differs["finding:pretraining-dataset"].now.startswith("unknown")
    assert "document:card:README.md" in differs


def test_unread_bytes_are_not_checked(report, folder):
    found = recheck(report, reports.content(folder / "tiny.gguf", whole=False))
    left = outcomes(found, Outcome.NOT_CHECKED)
    assert {"weights", "file:0:sha256"} <= set(left)
    assert {one.why for one in left.values()} == {"bytes"}
    assert not found.of(Outcome.DIFFERS)


def test_changed_rules_are_no_fault_of_the_report(report, folder):
    older = msgspec.structs.replace(
        report,
        rules=tuple(
            RuleSet(id=one.id, version=one.version, sha256="0" * 64) if one.id == "mof-1.1" else one
            for one in report.rules
        ),
        openness=msgspec.structs.replace(
            report.openness,
            verdicts=tuple(
                msgspec.structs.replace(one, reading="Class I")
                if one.framework == "mof-1.1"
                else one
                for one in report.openness.verdicts
            ),
        ),
    )
    found = recheck(older, reports.content(folder / "tiny.gguf"))
    (one,) = found.of(Outcome.NOT_CHECKED)
    assert (one.id, one.why) == ("verdict:mof-1.1", "rules")
    assert one.now
    assert not found.of(Outcome.DIFFERS)


def test_a_verdict_of_other_finding_rules_is_no_fault_of_the_report(report, folder):
    """A framework reads findings: with other rules for these it says something else of the same file."""
    verdicts = tuple(
        msgspec.structs.replace(one, reading="Class I") if one.framework == "mof-1.1" else one
        for one in report.openness.verdicts
    )
    turned = msgspec.structs.replace(
        report, openness=msgspec.structs.replace(report.openness, verdicts=verdicts)
    )
    now = reports.content(folder / "tiny.gguf")
    assert list(outcomes(recheck(turned, now), Outcome.DIFFERS)) == ["verdict:mof-1.1"]
    older = msgspec.structs.replace(
        turned,
        rules=tuple(
            msgspec.structs.replace(one, sha256="0" * 64) if one.id == FINDINGS else one
            for one in turned.rules
        ),
    )
    found = recheck(older, now)
    assert outcomes(found, Outcome.NOT_CHECKED)["verdict:mof-1.1"].why == "rules"
    assert not found.of(Outcome.DIFFERS)


@pytest.mark.parametrize(("version", "outcome"), [(0, Outcome.DIFFERS), (-1, Outcome.NOT_CHECKED)])
def test_a_rule_that_is_the_same_is_held_against_the_model_though_others_changed(
    report, folder, version, outcome
):
    """A report of an earlier app, in which another rule of the set was another."""
    said = next(one for one in report.claims.claims if one.rule == "QUANT")
    turned = msgspec.structs.replace(
        said, verdict=Verdict.CANNOT, version=said.version + version, reason="no_tensors"
    )
    older = msgspec.structs.replace(
        report,
        rules=tuple(
            msgspec.structs.replace(one, sha256="0" * 64) if one.id == CLAIMS else one
            for one in report.rules
        ),
        claims=msgspec.structs.replace(
            report.claims,
            claims=tuple(turned if one is said else one for one in report.claims.claims),
        ),
    )
    found = recheck(older, reports.content(folder / "tiny.gguf"))
    assert list(outcomes(found, outcome)) == [f"claim:{said.id}"]


def test_what_is_gone_is_told(report, folder):
    more = msgspec.structs.replace(
        report.inspection,
        metadata=(
            *report.inspection.metadata,
            msgspec.structs.replace(report.inspection.metadata[0], key="x.y"),
        ),
    )
    found = recheck(
        msgspec.structs.replace(report, inspection=more), reports.content(folder / "tiny.gguf")
    )
    assert outcomes(found, Outcome.DIFFERS)["metadata:x.y"].why == GONE


def test_peoples_words_are_not_checked_again(report, folder):
    review = Review(
        part="training-code",
        availability=Availability.PUBLIC,
        terms=Terms.OPEN,
        reason="r",
        source="s",
    )
    told = msgspec.structs.replace(report, reviews=(review,))
    found = recheck(told, reports.content(folder / "tiny.gguf"))
    (one,) = found.of(Outcome.NOT_CHECKED)
    assert one.why == "person"


def test_what_is_new_is_told_and_is_no_fault(report, folder):
    fewer = msgspec.structs.replace(
        report,
        inspection=msgspec.structs.replace(
            report.inspection, metadata=report.inspection.metadata[1:]
        ),
    )
    found = recheck(fewer, report)
    assert [one.id for one in found.added] == [f"metadata:{report.inspection.metadata[0].key}"]
    assert not found.of(Outcome.DIFFERS)


def test_a_report_of_an_earlier_version_is_still_checked(report, folder):
    """Fields were added since: a report without them is read, and holds."""
    told = msgspec.to_builtins(report)
    for rules in told["rules"]:
        assert rules.pop("files")
    raw = json.dumps({"schema": SCHEMA, "method": METHOD, "digest": "0" * 64, "content": told})
    older = read_report(raw.encode(), "report.json").content
    assert older.rules[0].files == ()
    found = recheck(older, reports.content(folder / "tiny.gguf"))
    assert not found.of(Outcome.DIFFERS)
    assert not found.of(Outcome.NOT_CHECKED)


def test_the_schema_has_every_field_of_the_content():
    told = json_schema()
    name = told["properties"]["content"]["$ref"].rpartition("/")[2]
    fields = {field.name for field in msgspec.structs.fields(Content)}
    assert set(told["$defs"][name]["properties"]) == fields
    page = (Path(__file__).parents[3] / "docs/report.md").read_text()
    assert all(f"`{field}`" in page for field in fields), fields


def test_a_policy_beside_the_file_is_named_and_looked_for(tmp_path):
    (tmp_path / "README.md").write_text(reports.CARD)
    (tmp_path / "USE_POLICY.md").write_text("No harm.")
    path = reports.model(tmp_path)
    told = reports.content(path)
    assert {("policy", "USE_POLICY.md")} < {(one.kind, one.name) for one in told.documents}
    assert "safeguard:policies" in outcomes(recheck(told, reports.content(path)), Outcome.HOLDS)
    (tmp_path / "USE_POLICY.md").unlink()
    gone = outcomes(recheck(told, reports.content(path)), Outcome.NOT_CHECKED)
    assert gone["safeguard:policies"].why == "document"
