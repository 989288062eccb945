"""What must hold in the real, sealed process: limits on templates, a file that shrinks."""

import os
import shutil
from collections.abc import Iterator

import pytest

from runner.porter.client import PorterClient
from runner.protocol.common import Ended, EndKind, Failed
from runner.protocol.engine import Role, Said
from tests.runner.engine.test_template import HOSTILE
from tests.support.engine import GREEDY
from tests.support.porter import running_porter
from tests.support.random_model import Extras, write_model
from tests.support.sessions import Driver, driving

ALSO = {"half a sign in its refusal": "{{ raise_exception('a\\ud800b') }}"}
"""It may object; in words that no message can hold, it was waited for without end."""


@pytest.fixture(scope="module")
def porter() -> Iterator[PorterClient]:
    with running_porter() as porter:
        yield porter


@pytest.fixture
def driver(porter: PorterClient) -> Iterator[Driver]:
    with driving(porter, "engine") as driver:
        yield driver


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("nested ranges", "engine.template_too_slow"),
        ("doubled text", "engine.template_too_big"),
        ("centred text", "engine.template_too_big"),
        ("subclasses", "engine.template_forbidden"),
        ("half a sign in its refusal", "engine.template_refused"),
        ("half a sign", "engine.template_broken"),
    ],
)
def test_a_hostile_template_is_named_and_the_engine_goes_on(driver, tmp_path, shape, code):
    extras = Extras(texts={"tokenizer.chat_template": {**HOSTILE, **ALSO}[shape]})
    file = write_model(tmp_path / "hostile.gguf", extras=extras)
    driver.load(file)
    for _ in range(2):
        driver.session.generate([Said(Role.USER, "word1")], GREEDY, 1, max_tokens=2)
        assert driver.until(Failed).code == code


def test_a_file_that_shrinks_while_open_ends_the_process_and_nothing_else(
    driver, tmp_path, starter_model
):
    file = tmp_path / "shrinks.gguf"
    shutil.copy(starter_model, file)
    driver.load(file, context=256)
    driver.answer("Hello", max_tokens=2)
    os.truncate(file, 1_000_000)
    driver.session.generate([Said(Role.USER, "And now?")], GREEDY, 1, max_tokens=2)
    ended = driver.until(Ended)
    assert ended.kind is EndKind.SIGNAL
    driver.load(starter_model, context=256)
    assert driver.answer("Hello", max_tokens=2)[1].tokens == 2
