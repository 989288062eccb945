"""What a person said of one model's claims, as the store keeps it."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import msgspec

from app.context import AppContext
from app.model.ref import ModelRef
from app.review.judgements import Judgement, decoded, encoded, judged_file, own_claim
from app.review.matching import moved, without_claim
from inspector.claims.values import CardOwner, Claim, ClaimReport
from runner.errors import RunnerError
from runner.store.judged_file import JudgedFile


class KeptJudgements:
    """The judgements of the model that is looked at.

    Owned by: ClaimsPanel. Thread: GUI; the store writes on its own.
    """

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._ref: ModelRef | None = None
        self._said: dict[str, Judgement] = {}
        self._writing: list[tuple[Future[Any], JudgedFile, str, Judgement | None]] = []

    def forget(self) -> None:
        """Knows nothing, until a model is read."""
        self._ref, self._said = None, {}

    def read(self, ref: ModelRef) -> None:
        """Reads what was said of a model's claims."""
        self._ref = ref
        file = self._file(ref)
        # Looked at before the store is read, which may be behind with its writing.
        self._writing = [one for one in self._writing if not one[0].done()]
        under_way = [
            one for one in self._writing if one[1].name == file.name and one[1].size == file.size
        ]
        try:
            kept = self._context.store.claims.of(file)
        except RunnerError as error:
            self._context.notices.failure(error)
            kept = []
        self._said = {one.claim: one for one in map(decoded, kept) if one is not None}
        for _, _, claim, judgement in under_way:
            self._said.pop(claim, None)
            if judgement is not None:
                self._said[claim] = judgement

    def follow(self, claims: Sequence[Claim]) -> None:
        """Puts what was kept under a number beside the claim that it is of."""
        every = moved(self._said.values(), claims)
        for one in every:
            self._said.pop(one.kept_as, None)
        for one in every:
            self.put(one.judgement)
        for old in {one.kept_as for one in every} - self._said.keys():
            self._forget(old)

    def lost(self, report: ClaimReport) -> list[Claim]:
        """Returns what was judged and is not claimed any more."""
        return without_claim(self._said.values(), report.claims, report.about)

    def of(self, claim_id: str) -> Judgement | None:
        """Returns what was said of a claim."""
        return self._said.get(claim_id)

    def own(self, about: CardOwner | None = None) -> Iterable[Claim]:
        """Returns the claims that the person added: to the file's own card, or to an ancestor's."""
        name = about.name if about is not None else ""
        return [
            msgspec.structs.replace(own_claim(one), about=about)
            for one in self._said.values()
            if one.is_own and one.claim.partition("@")[2] == name
        ]

    def put(self, judgement: Judgement) -> None:
        """Keeps a judgement in the place of an earlier one."""
        if self._ref is not None:
            self._said[judgement.claim] = judgement
            file, claims = self._file(self._ref), self._context.store.claims
            written = claims.put(file, judgement.claim, encoded(judgement))
            self._writing.append((written, file, judgement.claim, judgement))
            self._watch(written)

    def take_back(self, claim_id: str) -> None:
        """Forgets what was said of a claim."""
        if self._ref is not None and self._said.pop(claim_id, None) is not None:
            self._forget(claim_id)

    def _forget(self, claim_id: str) -> None:
        if self._ref is not None:
            file = self._file(self._ref)
            written = self._context.store.claims.take_back(file, claim_id)
            self._writing.append((written, file, claim_id, None))
            self._watch(written)

    def _file(self, ref: ModelRef) -> JudgedFile:
        size = ref.size_bytes or (ref.path.stat().st_size if ref.path.is_file() else 0)
        sha256 = ref.sha256 or self._context.models.digest_of(ref.path)
        return judged_file(ref.path.name, size, sha256)

    def _watch(self, written: "Future[Any]") -> None:
        """Tells where something could not be kept."""

        def told(done: "Future[Any]") -> None:
            error = done.exception()
            if isinstance(error, RunnerError):
                self._context.notices.failure(error)

        self._context.mailbox.when(written, told)
