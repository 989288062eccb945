"""A token is sent only if a person said so, and lies where only that person can read it."""

from pathlib import Path

import pytest

from runner.errors import RunnerError
from runner.fetch.token import HubToken


@pytest.fixture
def hubs(tmp_path: Path) -> Path:
    """Where the Hub's own tools keep theirs."""
    file = tmp_path / "hub/token"
    file.parent.mkdir()
    file.write_text("hf_of_the_hub\n")
    return file


def test_nothing_is_sent_unless_somebody_said_so(tmp_path: Path, hubs: Path) -> None:
    token = HubToken(tmp_path / "own", {"HF_HOME": str(hubs.parent)})
    assert (token.current(), token.hub_has_one) == ("", True)
    token.use_the_hubs()
    assert (token.current(), token.uses_the_hubs) == ("hf_of_the_hub", True)
    hubs.write_text("hf_another_one")
    assert token.current() == "hf_another_one"
    token.paste("  hf_pasted_one\n")
    assert (token.current(), token.is_pasted, token.uses_the_hubs) == ("hf_pasted_one", True, False)
    (kept,) = (tmp_path / "own").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    token.forget()
    assert token.current() == ""
    assert hubs.read_text() == "hf_another_one"


@pytest.mark.parametrize("text", ["", "two words", "x\r\nX-Evil: 1", "kürz-und-gut", "a" * 500])
def test_what_is_no_token_is_refused(tmp_path: Path, text: str) -> None:
    token = HubToken(tmp_path, {})
    with pytest.raises(RunnerError, match=r"fetch\.no_token"):
        token.paste(text)
    assert token.current() == ""


def test_without_the_hubs_own_one_nothing_changes(tmp_path: Path) -> None:
    own = tmp_path / "own"
    token = HubToken(own, {"HF_HOME": str(tmp_path / "none")})
    with pytest.raises(RunnerError, match=r"fetch\.no_hub_token"):
        token.use_the_hubs()
    assert not own.exists()
