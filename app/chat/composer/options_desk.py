"""What a chat runs with: its system prompt, sampling and seed, and the panel that shows them."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.chat.composer.composer import Composer
from app.chat.page_words import options_words
from app.chat.running.controller import ChatController
from app.context import AppContext
from runner.protocol.engine import Sampling

if TYPE_CHECKING:
    from app.chat.composer.options_panel import OptionsPanel


class OptionsDesk(QObject):
    """Opens the panel above the composer, and does what is changed in it.

    Owned by: ChatPage. Thread: GUI.
    """

    def __init__(
        self, context: AppContext, controller: ChatController, composer: Composer, page: QWidget
    ) -> None:
        super().__init__(page)
        self._context = context
        self._controller = controller
        self._composer = composer
        self._page = page
        composer.options_wanted.connect(self.open)

    @cached_property
    def panel(self) -> "OptionsPanel":
        """The panel, made when it is first wanted."""
        from app.chat.composer.options_panel import OptionsPanel

        panel = OptionsPanel(self._context.theme, self._page)
        panel.system_changed.connect(self._controller.chat.set_system)
        panel.sampling_changed.connect(self._controller.chat.set_sampling)
        panel.seed_changed.connect(self._on_seed)
        panel.preset_saved.connect(self._on_preset_saved)
        return panel

    def show(self) -> None:
        """Shows the values as they are now, beside the composer and in an open panel."""
        controller = self._controller
        words = options_words(controller.chat.in_force, controller.seed, controller.chat.system)
        self._composer.show_options(words)
        if "panel" in self.__dict__ and self.panel.isVisible():
            self._fill()

    @Slot()
    def open(self) -> None:
        """Opens the panel."""
        self._fill()
        self.panel.open_above(self._composer)

    def _fill(self) -> None:
        settings, chat = self._context.settings.current, self._controller.chat
        self.panel.show_values(
            system=chat.system,
            in_force=chat.in_force,
            preset=chat.preset,
            default_preset=settings.chat.preset,
            presets=settings.presets,
            seed=self._controller.seed,
        )

    @Slot(object)
    def _on_seed(self, seed: int | None) -> None:
        self._controller.seed = seed
        self.show()

    @Slot(str, object)
    def _on_preset_saved(self, name: str, sampling: Sampling) -> None:
        own = {**self._context.settings.current.chat.own_presets, name: sampling}
        self._context.settings.change("chat", own_presets=own)
        self._controller.chat.set_sampling(None, name)
