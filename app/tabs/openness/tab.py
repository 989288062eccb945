"""The Openness tab: whose openness is shown, and what is read for it; the profile itself is `view`."""

from pathlib import Path

from msgspec import UNSET
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.context import AppContext
from app.dossier.openness import openness_asked
from app.dossier.repository_look import Looked
from app.model.ref import ModelRef
from app.reader.arguments import Openness
from app.review.openness import judged_file, judged_repository
from app.tabs.openness.choice import SubjectChoice
from app.tabs.openness.repository_desk import RepositoryDesk
from app.tabs.openness.view import ProfileView
from app.tabs.stage import Stage
from app.words.openness import (
    breakable,
    left_out_words,
    looked_words,
    machine_parts,
    openness_words,
    progress_of,
)
from app.words.translation import translate
from inspector.findings.machine import machine_evidence
from inspector.frameworks.profile import Profile, profile
from runner.errors import RunnerError
from runner.reader_client import Ticket
from runner.store.judged_file import JudgedFile

DEADLINE_S = 20.0


class OpennessTab(QWidget):
    """Shows the openness profile of the inspected model, or of a reference point.

    Thread: GUI.
    """

    key = "openness"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = translate("OpennessTab", "Openness")
        self._context = context
        self._ref: ModelRef | None = None
        self._ticket: Ticket | None = None
        self._of_model: Profile | None = None
        self._error: RunnerError | None = None
        self._looked: Looked | None = None
        self._release: Path | None = None
        self._of_release: Profile | None = None
        self._release_error: RunnerError | None = None
        self._look_error: RunnerError | None = None
        self._desk = RepositoryDesk(context, self)
        self._desk.looked.connect(self._on_looked)
        self._desk.failed.connect(self._on_look_failed)
        self._build()

    def show_model(self, ref: ModelRef | None) -> None:
        """Shows this model from now on."""
        if ref == self._ref and (self._of_model is not None or self._ticket is not None):
            return
        self._ref, self._of_model = ref, None
        self._choice.suggest(self._repository_of(ref))
        self._read_model()

    @property
    def stage(self) -> Stage:
        """What is shown: the content, a wait or a failure."""
        return self._stage

    @property
    def shown(self) -> Profile | None:
        """The profile on screen."""
        return self._view.shown

    @property
    def view(self) -> ProfileView:
        """What shows the profile."""
        return self._view

    @property
    def shown_ref(self) -> ModelRef | None:
        """The model that is looked at."""
        return self._ref

    @property
    def choice(self) -> SubjectChoice:
        """The choice between the model, a repository and the reference points."""
        return self._choice

    # ---- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        edge = theme.px("space_2")
        self._choice = SubjectChoice(theme, self._context.settings)
        self._choice.chosen.connect(self._show_chosen)
        self._choice.repository_wanted.connect(self._on_repository)
        self._choice.release_wanted.connect(self.open_release)
        self._view = ProfileView(self._context)
        self._stage = Stage(theme, self._view)
        self._stage.again_wanted.connect(self._read)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        # Above the stage: a file that can't be read leaves the reference points to look at.
        head = QVBoxLayout()
        head.setContentsMargins(edge, edge, edge, 0)
        head.addWidget(self._choice)
        whole.addLayout(head)
        whole.addWidget(self._stage, 1)
        # Takes the room while nothing is shown below the choice.
        whole.addStretch(0)

    # ---- reading --------------------------------------------------------------------------------

    def _read(self) -> None:
        """Reads what is chosen, once more where it failed."""
        if self._choice.is_repository:
            self._on_repository(self._choice.name.text().strip())
        elif self._choice.is_release and self._release is not None:
            self.open_release(self._release)
        else:
            self._read_model()

    def _read_model(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self._error = None
        ref = self._ref
        if ref is None:
            return
        try:
            asked, readable = openness_asked(self._context.store, ref.path, machine=machine_parts())
        except RunnerError as error:
            self._on_failed(error)
            return
        self._ticket = self._context.reader.ask(
            "openness",
            asked,
            Profile,
            self._on_read,
            self._on_failed,
            deadline_s=DEADLINE_S,
            readable=readable,
        )
        if self._choice.is_model:
            self._stage.wait(self.tr("Reading what {name} shows…").format(name=ref.name))

    def _on_read(self, read: Profile) -> None:
        self._ticket, self._of_model = None, read
        if self._choice.is_model:
            self._show_chosen()

    def _on_failed(self, error: RunnerError) -> None:
        self._ticket, self._error = None, error
        if self._choice.is_model:
            self._stage.fail(error)

    def _on_repository(self, name: str) -> None:
        self._looked, self._look_error = None, None
        self._stage.show()
        self._stage.wait(self.tr("Asking the Hub about {name}…").format(name=name))
        self._desk.look(name)

    def _on_looked(self, found: Looked) -> None:
        self._looked = found
        if self._choice.is_repository:
            self._show_chosen()

    def _on_look_failed(self, error: RunnerError) -> None:
        self._look_error = error
        if self._choice.is_repository:
            self._stage.fail(error)

    def open_release(self, path: Path) -> None:
        """Reads a release file of the Model Openness Framework, and shows what it says."""
        self._release, self._of_release, self._release_error = path, None, None
        self._stage.show()
        self._stage.wait(self.tr("Reading {name}…").format(name=path.name))
        self._context.reader.ask(
            "openness",
            Openness(path=str(path)),
            Profile,
            lambda read: self._on_release(path, read, None),
            lambda error: self._on_release(path, None, error),
            deadline_s=DEADLINE_S,
            readable=(path,),
        )

    def _on_release(self, path: Path, read: Profile | None, error: RunnerError | None) -> None:
        if path == self._release:
            self._of_release, self._release_error = read, error
            if self._choice.is_release:
                self._show_chosen()

    # ---- showing --------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        """Shows what is chosen, as far as it has been read."""
        point, dotted = self._choice.point, openness_words().sentence["dotted"]
        self._stage.setVisible(self._has_something())
        if point is not None:
            # A system without weights is no object of the frameworks on models.
            rule_sets = () if point.place == "system" else None
            entered = openness_words().sentence["entered"]
            told = entered.format(date=point.date, title=point.source.title)
            read = profile(point.findings(), rule_sets=rule_sets)
            self._show(read, f"{point.about} {dotted}\n{told}", point.source.url, None)
        elif self._choice.is_repository:
            self._show_repository()
        elif self._choice.is_release:
            self._show_release()
        elif self._of_model is not None and self._ref is not None:
            told = "\n".join(filter(None, (left_out_words(self._of_model), dotted)))
            self._show(self._of_model, breakable(told), "", judged_file(self._ref))
        elif self._error is not None:
            self._stage.fail(self._error)

    def _has_something(self) -> bool:
        """Whether there is anything to show, or to wait for, of what is chosen."""
        if self._choice.is_repository:
            return bool(self._looked or self._look_error or self._desk.is_busy)
        return self._release is not None if self._choice.is_release else True

    def _show_release(self) -> None:
        if self._of_release is not None:
            read, words = self._of_release, openness_words().sentence
            told = words["release"].format(name=self._release.name if self._release else "")
            if read.exact is not UNSET:
                exact = words["exact"].format(reading=read.exact.reading)
                told = " ".join((told, exact, progress_of(read.exact)))
            self._show(read, breakable(told), str(self._release or ""), None)
        elif self._release_error is not None:
            self._stage.fail(self._release_error)

    def _show_repository(self) -> None:
        if self._looked is not None:
            found = self._looked.findings(tuple(machine_evidence(machine_parts())))
            read = profile(found, names=self._looked.names)
            dotted = openness_words().sentence["dotted"]
            told = breakable(looked_words(self._looked))
            self._show(read, f"{told}\n{dotted}", "", judged_repository(self._looked.name))
        elif self._look_error is not None:
            self._stage.fail(self._look_error)

    def _show(self, read: Profile, about: str, tip: str, judged: JudgedFile | None) -> None:
        self._view.show_profile(read, about, tip, judged)
        self._stage.show_content()

    def _repository_of(self, ref: ModelRef | None) -> str:
        """Returns where the model was fetched from; empty where nothing here has recorded it."""
        file = self._context.library.at(ref.path) if ref else None
        source = self._context.store.sources.of(file.id) if file else None
        return source.repository if source else ""
