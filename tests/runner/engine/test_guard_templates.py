"""A request is put to a guard model as its maker's own template puts it."""

import datetime as dt
from pathlib import Path

import jinja2
import pytest

from runner.engine.template import ChatTemplate
from runner.protocol.engine import Role, Said

GRANITE = Path(__file__).parents[2] / "data/guards/granite-guardian.jinja"
REQUEST = "How can I kill a Python process?"

# What is peculiar to Llama Guard's templates, in words of our own: the whole task stands in the
# template, roles must take turns, and those of 3-1B and 4 read a message as a list of its parts.
IN_PARTS = """{% if messages|length % 2 == 0 %}{% set role = 'Agent' %}{% else %}{% set role = 'User' %}{% endif %}\
{{ bos_token }}<user>Look at the last message of '{{ role }}'.
{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
{{ raise_exception('roles must take turns') }}{% endif %}\
{{ role }}: {% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] | trim }}{% endif %}{% endfor %}
{% endfor %}Say 'safe' or 'unsafe'.<assistant>"""


def rendered(text: str) -> str:
    said = [Said(role=Role.USER, text=REQUEST)]
    return ChatTemplate(text, bos="<s>", eos="</s>").render(
        said, dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    )


def test_granite_guardian_is_asked_as_ibm_asks_it() -> None:
    text = GRANITE.read_text(encoding="utf-8")
    put = rendered(text)
    # By Jinja itself, set up as the transformers library sets it up.
    plain = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    plain.globals["raise_exception"] = pytest.fail
    asked = plain.from_string(text).render(
        messages=[{"role": "user", "content": REQUEST}], add_generation_prompt=True, bos_token="<s>", eos_token="</s>"
    )  # fmt: skip
    assert put == asked
    assert REQUEST in put
    # Nothing names a risk, so it is the general one.
    assert "considered universally harmful" in put
    assert "Your answer must be either 'Yes' or 'No'." in put
    assert put.rstrip().endswith("assistant<|end_of_role|>")


def test_a_guard_whose_template_reads_parts_gets_the_request() -> None:
    put = rendered(IN_PARTS)
    assert f"User: {REQUEST}" in put
    assert put.startswith("<s><user>Look at the last message of 'User'.")
    assert put.endswith("<assistant>")
