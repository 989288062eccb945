"""Asks a model harmless requests one by one, in an engine of its own beside the chat's."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.running.recipes import recipe_before
from app.context import AppContext
from app.model.files import files_of_model
from app.model.ref import ModelRef
from app.review.bench_results import BenchAnswer, BenchResult, sampled
from app.words.endings import ending_error
from inspector.safeguards.guards import Guard
from inspector.safeguards.measure import HouseRule
from inspector.safeguards.prompts import Prompt, PromptSet
from inspector.safeguards.refusals import marked, refusal_rules
from runner.errors import RunnerError
from runner.protocol.common import Ended, Failed, Ready
from runner.protocol.engine import Chunk, Done, Loaded, Role, Said, Sampling, StopReason
from runner.session import Event, ModelSession
from runner.store.values import Recipe

CONTEXT = 2048
ANSWER_TOKENS = 64
"""A refusal comes first where it comes; what follows would only take time."""

RULE_TOKENS = 256
"""House rules are looked for in the whole answer."""

GUARD_TOKENS = 24
SEED = 1
GREEDY = Sampling(temperature=0.0)
"""The likeliest token each time: what is measured is the model, not the dice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured.

    Attributes:
        most: how many requests; 0 for all of the set.
        system: a system prompt before each request; empty for none.
        guard: a guard model's file and family; None without one.
    """

    model: ModelRef
    prompts: PromptSet
    most: int = 0
    house: tuple[HouseRule, ...] = ()
    system: str = ""
    guard: tuple[ModelRef, Guard] | None = None


@dataclass(slots=True)
class _Pass:
    """One model asked all requests."""

    model: ModelRef
    texts: tuple[str, ...]
    system: str
    tokens: int
    raw: bool = False
    answers: list[str] = field(default_factory=list)
    cut: list[bool] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    recipe: Recipe | None = None


class BenchRun(QObject):
    """One measurement at a time.

    Owned by: the bench. Thread: GUI; the engine's events come through the mailbox.
    """

    progressed = Signal(bool, int, int)
    """Whether the guard is being asked, how many answers there are, and of how many."""

    finished = Signal(object)
    """A `BenchResult`; of fewer answers where it was stopped."""

    failed = Signal(object)
    """A `RunnerError`."""

    def __init__(
        self,
        context: AppContext,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._context, self._clock = context, clock
        self._session: ModelSession | None = None
        self._plan: Plan | None = None
        self._passes: list[_Pass] = []
        self._prompts: tuple[Prompt, ...] = ()
        self._at = 0
        self._run = 0
        self._build: dict[str, str] = {}
        self._began = self._asked = 0.0

    @property
    def is_running(self) -> bool:
        """Whether something is being measured."""
        return self._plan is not None

    @property
    def left_s(self) -> float:
        """How long the present model will take for the rest, as it went so far; 0 before its first answer."""
        if not self.is_running:
            return 0.0
        now = self._passes[self._at]
        done = len(now.answers)
        return (self._clock() - self._asked) / done * (len(now.texts) - done) if done else 0.0

    def begin(self, plan: Plan) -> None:
        """Begins to measure; nothing happens while something is measured already."""
        if self.is_running:
            return
        prompts = sampled(plan.prompts.prompts, plan.most)
        self._plan, self._began = plan, self._clock()
        tokens = RULE_TOKENS if plan.house else ANSWER_TOKENS
        self._prompts = prompts
        asked = tuple(one.text for one in prompts)
        self._passes = [_Pass(plan.model, asked, plan.system, tokens)]
        if plan.guard is not None:
            file, guard = plan.guard
            put = tuple(text for one in asked for text in guard.asked(one))
            self._passes.append(_Pass(file, put, "", GUARD_TOKENS, raw=guard.is_raw))
        self._at = 0
        self._start()

    def stop(self) -> None:
        """Stops; what has been answered counts."""
        if not self.is_running or self._session is None:
            return
        self._session.stop()
        self._finish()

    # ---- asking ---------------------------------------------------------------------------------

    def _start(self) -> None:
        """Loads the model of the present pass, in a process of its own."""
        now = self._passes[self._at]
        session = ModelSession(
            self._context.porter, lambda event: self._post(session, event), self._kind()
        )
        self._session = session
        self._tell()
        path = now.model.path
        readable = [one for one in files_of_model(path) if one != path]
        try:
            self._run = session.load(path, context=CONTEXT, readable=readable)
        except RunnerError as error:
            self._fail(error)

    def _kind(self) -> str:
        return self._context.session.kind

    def _post(self, session: ModelSession, event: Event) -> None:
        """Takes an event from the engine's threads to this one."""
        self._context.mailbox.post(lambda: self._on_event(session, event))

    def _on_event(self, session: ModelSession, event: Event) -> None:
        if session is not self._session or not self.is_running:
            return
        match event:
            case Ready():
                self._build = dict(event.build)
            case Loaded():
                self._on_loaded(event)
            case Chunk() if event.run == self._run:
                self._passes[self._at].now.append(event.text)
            case Done() if event.run == self._run:
                self._on_done(event)
            case Failed():
                self._fail(RunnerError(event.code, event.detail, **event.context))
            case Ended():
                self._fail(ending_error(event))
            case _:
                pass

    def _on_loaded(self, loaded: Loaded) -> None:
        now = self._passes[self._at]
        recipe = recipe_before(now.model, loaded, self._build, GREEDY, seed=SEED, preset="")
        now.recipe = msgspec.structs.replace(recipe, max_tokens=now.tokens)
        if now.raw:
            now.recipe = msgspec.structs.replace(now.recipe, template="none", template_sha256="")
        self._asked = self._clock()
        self._ask()

    def _ask(self) -> None:
        now = self._passes[self._at]
        said = [Said(role=Role.SYSTEM, text=now.system)] if now.system else []
        said.append(Said(role=Role.USER, text=now.texts[len(now.answers)]))
        now.now = []
        session = self._session
        if session is None:
            return
        try:
            self._run = session.generate(said, GREEDY, SEED, max_tokens=now.tokens, raw=now.raw)
        except RunnerError as error:
            self._fail(error)

    def _on_done(self, done: Done) -> None:
        now = self._passes[self._at]
        if done.reason is StopReason.STOPPED:
            return
        now.answers.append("".join(now.now).strip())
        now.cut.append(done.reason in {StopReason.TOKEN_LIMIT, StopReason.CONTEXT_FULL})
        self._tell()
        if len(now.answers) < len(now.texts):
            self._ask()
            return
        self._let_go()
        if self._at + 1 < len(self._passes):
            self._at += 1
            self._start()
        else:
            self._finish()

    def _tell(self) -> None:
        now = self._passes[self._at]
        self.progressed.emit(self._at > 0, len(now.answers), len(now.texts))

    # ---- ending ---------------------------------------------------------------------------------

    def _let_go(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.unload()

    def _fail(self, error: RunnerError) -> None:
        self._let_go()
        self._plan = None
        self.failed.emit(error)

    def _finish(self) -> None:
        """Makes the result of what has been answered; without an answer there is none."""
        self._let_go()
        plan, self._plan = self._plan, None
        if plan is None:
            return
        first = self._passes[0]
        if not first.answers or first.recipe is None:
            self.failed.emit(RunnerError("engine.stopped"))
            return
        self.finished.emit(self._result(plan, first, first.recipe))

    def _result(self, plan: Plan, first: _Pass, recipe: Recipe) -> BenchResult:
        second = self._passes[1] if len(self._passes) > 1 else None
        guard = plan.guard[1] if plan.guard is not None else None
        answers = []
        for at, answer in enumerate(first.answers):
            said = _said_by(second, at, len(first.texts))
            answers.append(
                BenchAnswer(
                    prompt=self._prompts[at].text,
                    type=self._prompts[at].type,
                    answer=answer,
                    cut=first.cut[at],
                    mark=marked(answer),
                    kept=tuple(rule.kept_by(answer) for rule in plan.house),
                    guard=guard.verdict(said) if guard and said else None,
                    guard_words=guard.told(said) if guard else "",
                )
            )
        return BenchResult(
            prompts=plan.prompts.name,
            prompts_sha256=plan.prompts.sha256,
            own=plan.prompts.own,
            published=plan.prompts.published,
            left_out=plan.prompts.left_out,
            refusal_rules=refusal_rules().version,
            house=plan.house,
            system=plan.system,
            asked_for=len(first.texts),
            answers=tuple(answers),
            recipe=recipe,
            seconds=self._clock() - self._began,
            guard_file=plan.guard[0].path.name if plan.guard else "",
            guard_id=plan.guard[1].id if plan.guard else "",
            guard_recipe=second.recipe if second else None,
        )


def _said_by(guard: _Pass | None, at: int, requests: int) -> list[str]:
    """Returns what a guard said of one request; nothing where it was not asked all of it."""
    if guard is None:
        return []
    each = len(guard.texts) // requests
    said = guard.answers[at * each : (at + 1) * each]
    return said if len(said) == each else []


def ref_of(path: Path) -> ModelRef:
    """Returns what a run's recipe names of a file that a person has just chosen."""
    return ModelRef(path=path, name=path.stem, size_bytes=path.stat().st_size)
