"""A person's verdict stays with the file or claim that it was given to, whatever comes and goes."""

from pathlib import Path

import msgspec

from app.review.judgements import Judgement, effective, of_claim
from app.review.matching import moved, without_claim
from app.words.claims import sentence
from inspector.claims.inputs import Beside, KnownWeights, ListedFile
from inspector.claims.values import Claim, Verdict
from tests.inspector.claims.made import claims, model_file

DIGEST, ONE, OTHER = "d" * 64, "a" * 64, "b" * 64


def same_as(path: Path, *names: str) -> tuple[Claim, ...]:
    known = tuple(
        KnownWeights(name=name, digest=DIGEST, sha256=(name[0] * 64 if name[0] in "ab" else ""))
        for name in names
    )
    return claims(path, beside=Beside(weights_digest=DIGEST, known=known)).of("DIGEST")


def judged(claim: Claim, note: str) -> Judgement:
    empty = of_claim(claim, "")
    return msgspec.structs.replace(empty, verdict=Verdict.DIFFERS, note=note)


def test_a_verdict_stays_with_its_file_when_another_comes_first(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    (first,) = same_as(path, "b.gguf")
    kept = judged(first, "of b")
    both = same_as(path, "a.gguf", "b.gguf")
    assert not moved([kept], both)
    assert {one.text for one in both if one.id == kept.claim} == {"b.gguf"}
    # Gone, and found again: never on the one that is left.
    left = same_as(path, "a.gguf")
    assert not moved([kept], left)
    (lost,) = without_claim([kept], left)
    assert (lost.id, lost.text, lost.verdict) == (kept.claim, "b.gguf", Verdict.OUT_OF_DATE)
    assert effective(lost, kept).verdict is Verdict.OUT_OF_DATE
    assert "b.gguf" in sentence(lost)
    assert not without_claim([kept], both)


def test_two_files_of_one_name_are_told_apart_by_their_hashes(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    known = [KnownWeights(name="x.gguf", digest=DIGEST, sha256=one) for one in (ONE, OTHER, ONE)]
    found = claims(path, beside=Beside(weights_digest=DIGEST, known=tuple(known))).of("DIGEST")
    assert len({one.id for one in found}) == len(found) == 2


def test_a_verdict_kept_under_a_number_goes_to_the_file_that_it_names(tmp_path: Path) -> None:
    """As an earlier version kept them: the second of two files was number 1."""
    path = model_file(tmp_path)
    here = same_as(path, "a.gguf", "b.gguf")
    empty = Judgement(claim="DIGEST", rule="DIGEST", verdict=Verdict.DIFFERS, text="b.gguf")
    second = msgspec.structs.replace(empty, claim="DIGEST/1", text="a.gguf")
    new = {one.kept_as: one.judgement for one in moved([empty, second], here)}
    texts = {one.id: one.text for one in here}
    assert {old: texts[one.claim] for old, one in new.items()} == {
        "DIGEST": "b.gguf",
        "DIGEST/1": "a.gguf",
    }
    # Where its file is gone, a number that is free now does not take it.
    none = same_as(path, "c.gguf")
    (left,) = moved([second], none)
    assert left.judgement.claim not in {one.id for one in none}
    (lost,) = without_claim([left.judgement], none)
    assert lost.text == "a.gguf"
    assert not moved([left.judgement], same_as(path, "c.gguf"))


def test_an_id_without_a_name_is_not_taken_from_what_found_nothing(tmp_path: Path) -> None:
    """`DIGEST` is the claim that no file has the same weights; a verdict on a file is not on that."""
    path = model_file(tmp_path)
    kept = Judgement(claim="DIGEST", rule="DIGEST", verdict=Verdict.AGREES, text="b.gguf")
    none = claims(path, beside=Beside(weights_digest=DIGEST, known=())).of("DIGEST")
    assert [one.id for one in none] == ["DIGEST"]
    (one,) = moved([kept], none)
    assert one.judgement.claim != "DIGEST"


def test_hashes_of_a_listing_keep_their_verdicts(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    listing = (
        ListedFile(path="model.gguf", sha256=ONE),
        ListedFile(path="old/model.gguf", sha256=OTHER),
    )
    (alone,) = claims(path, beside=Beside(sha256=ONE, listing=listing[:1])).of("HASH")
    both = claims(path, beside=Beside(sha256=ONE, listing=listing[::-1])).of("HASH")
    (one,) = moved([judged(alone, "mine")], both)
    assert next(it.text for it in both if it.id == one.judgement.claim) == ONE
