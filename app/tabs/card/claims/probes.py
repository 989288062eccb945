"""Runs the probe of a claim: asks the chat for it, and takes the answers as evidence."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.context import AppContext
from app.model.ref import ModelRef
from app.review.judgements import KeptAnswer, kept_answer
from app.review.probing import ProbeAnswered, ProbeEnded, ProbeWanted, ShownAnswerWanted
from app.words.claims import rule_title
from app.words.probes import counted_words
from app.words.translation import translate
from inspector.claims.languages import known_languages
from inspector.claims.probes import Probe, keeps, probe
from inspector.claims.values import Claim


class ClaimProbes(QObject):
    """One probe at a time, for one model.

    Owned by: ClaimsPanel. Thread: GUI.
    """

    answered = Signal(str, object)
    """A claim's id and a `KeptAnswer`."""

    changed = Signal()
    """A probe began, went on, or ended."""

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._claim = ""
        self._probe: Probe | None = None
        self._done = 0
        context.mailbox.arrived.connect(self._on_arrived)

    def can_ask(self, ref: ModelRef | None) -> bool:
        """Whether the model is the loaded one."""
        models = self._context.models
        current = models.current
        is_ours = ref is not None and current is not None and current.path == ref.path
        return is_ours and models.loaded is not None

    def said_of(self, claim_id: str) -> str:
        """Returns how far the probe of a claim has come; empty where none runs."""
        if claim_id != self._claim or self._probe is None:
            return ""
        total = len(self._probe.ask) * (2 if self._probe.twice else 1)
        told = translate("ClaimProbes", "Asking {number} of {total}…")
        return told.format(number=min(self._done + 1, total), total=total)

    def begin(self, claim: Claim, path: Path, languages: list[str]) -> None:
        """Puts the questions of a claim's probe to the model."""
        loaded = self._context.models.loaded
        asked = probe(claim.probe, languages=languages, context=loaded.context if loaded else 0)
        self._claim, self._probe, self._done = claim.id, asked, 0
        title = translate("ClaimProbes", "Probe: {rule}").format(rule=rule_title(claim.rule))
        self._context.mailbox.put(
            ProbeWanted(
                claim=claim.id,
                title=title,
                path=path,
                questions=tuple(one.text for one in asked.ask),
                seed=asked.seed,
                twice=asked.twice,
            )
        )
        self.changed.emit()

    def take_shown(self, claim_id: str, path: Path) -> None:
        """Asks for the last answer of the chat on show."""
        self._claim, self._probe, self._done = claim_id, None, 0
        self._context.mailbox.put(ShownAnswerWanted(claim=claim_id, path=path))

    @Slot(list)
    def _on_arrived(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, ProbeAnswered) and event.claim == self._claim:
                self._done += 1
                self.answered.emit(event.claim, self._kept(event))
                self.changed.emit()
            elif isinstance(event, ProbeEnded) and event.claim == self._claim:
                self._claim, self._probe = "", None
                if event.error is not None and event.error.code.startswith("claims."):
                    self._context.notices.failure(event.error)
                self.changed.emit()

    def _kept(self, event: ProbeAnswered) -> KeptAnswer:
        asked = self._probe.ask if self._probe is not None else ()
        if not 0 <= event.number < len(asked):
            return kept_answer(event.turn)
        question = asked[event.number]
        return kept_answer(
            event.turn,
            about=question.about,
            expected=keeps(question, event.turn.answer),
            counted=counted_words(question),
        )


def languages_of(claim: Claim) -> list[str]:
    """Returns the codes of the languages that a claim names, for its probe."""
    known = {one.name: one.code for one in known_languages()}
    listed = ", ".join(str(claim.context.get(key, "")) for key in ("card", "file"))
    found = [known[one.strip()] for one in listed.split(",") if one.strip() in known]
    return list(dict.fromkeys(found)) or ["en"]
