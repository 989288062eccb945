"""What an empty chat says of the model that answers there."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.chat.start_view import StartView
from app.model.ref import ModelRef
from app.theme.theme import Theme
from runner.library.starter import starter
from runner.session import SessionState


@pytest.mark.parametrize("is_ours", [True, False])
def test_only_of_the_starter_it_is_said_that_others_are_better(
    theme: Theme, qtbot, is_ours: bool
) -> None:
    view = StartView(theme, starter())
    qtbot.addWidget(view)
    model = ModelRef(path=Path("one.gguf"), name="One", is_starter=is_ours)
    view.show_model(model, SessionState.READY, temporary=False)
    said = " ".join(label.text() for label in view.findChildren(QLabel))
    assert ("Better models" in said) is is_ours
    assert "find one on the Hub" in said
