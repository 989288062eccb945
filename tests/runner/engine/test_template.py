"""Chat templates: the real ones of llama.cpp, the rules they are written under, hostile ones."""

import datetime as dt
import re
import time

import jinja2
import jinja2.ext
import psutil
import pytest

from runner.engine import template
from runner.engine.template import ChatTemplate
from runner.errors import RunnerError
from runner.protocol.engine import Role, Said

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)

CONVERSATION = [
    Said(Role.USER, "Which river runs through Paris?"),
    Said(Role.ASSISTANT, "The Seine."),
    Said(Role.USER, "And through Rome?"),
]

# Made for calling tools only: without any they fail under the rules of their makers too.
FOR_TOOLS_ONLY = {
    "CohereForAI-c4ai-command-r-plus-tool_use.jinja",
    "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use.jinja",
    "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja",
    "fireworks-ai-llama-3-firefunction-v2.jinja",
}


def render(text: str, said: list[Said] = CONVERSATION) -> str:
    return ChatTemplate(text, bos="<s>", eos="</s>").render(said, NOW)


class TestRealTemplates:
    def test_every_one_renders_the_conversation_and_ends_where_the_answer_begins(
        self, llama_cpp_models
    ):
        files = sorted((llama_cpp_models / "templates").glob("*.jinja"))
        assert len(files) >= 60
        failed = {}
        for file in files:
            text = file.read_text("utf-8")
            try:
                rendered = render(text)
            except RunnerError as error:
                failed[file.name] = f"{error.code}: {error.detail}"
                continue
            for message in CONVERSATION[::2]:
                assert message.text in rendered, file.name
        assert set(failed) == FOR_TOOLS_ONLY
        assert all(reason.startswith("engine.template_broken") for reason in failed.values())

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            (
                "meta-llama-Llama-3.1-8B-Instruct.jinja",
                "And through Rome?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            ),
            (
                "google-gemma-2-2b-it.jinja",
                "<start_of_turn>user\nAnd through Rome?<end_of_turn>\n<start_of_turn>model\n",
            ),
            (
                "Qwen-Qwen2.5-7B-Instruct.jinja",
                "<|im_start|>user\nAnd through Rome?<|im_end|>\n<|im_start|>assistant\n",
            ),
            (
                "mistralai-Mistral-Nemo-Instruct-2407.jinja",
                "[INST]And through Rome?[/INST]",
            ),
            (
                "microsoft-Phi-3.5-mini-instruct.jinja",
                "<|user|>\nAnd through Rome?<|end|>\n<|assistant|>\n",
            ),
        ],
    )
    def test_known_ones_end_as_their_makers_say(self, llama_cpp_models, name, expected):
        rendered = render((llama_cpp_models / "templates" / name).read_text("utf-8"))
        assert rendered.endswith(expected)

    def test_a_template_that_takes_no_system_prompt_says_so(self, llama_cpp_models):
        text = (llama_cpp_models / "templates/google-gemma-2-2b-it.jinja").read_text("utf-8")
        with pytest.raises(RunnerError) as caught:
            render(text, [Said(Role.SYSTEM, "Be brief."), *CONVERSATION])
        assert caught.value.code == "engine.template_refused"
        assert "System role not supported" in caught.value.detail

    def test_the_date_is_the_one_handed_in(self):
        assert render("{{ strftime_now('%d %b %Y') }}") == "21 Nov 2026"


class TestRules:
    def test_blocks_leave_no_lines_behind(self):
        assert (
            render(
                "{% for m in messages %}\n  {% if loop.first %}\nX\n  {% endif %}\n{% endfor %}\n"
            )
            == "X\n"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}{% if part.type == 'text' %}{{ part.text }}{% endif %}{% endfor %}{% endfor %}",
            "{% for m in messages %}{{ m.content[0].text + '!' }}{% endfor %}",
        ],
        ids=["passes plain text over", "fails on plain text"],
    )  # fmt: skip
    def test_who_reads_parts_of_a_message_gets_parts(self, text):
        assert CONVERSATION[-1].text in render(text)

    def test_long_lists_of_an_honest_template_are_light(self):
        said = [Said(Role.USER, f"word {number}") for number in range(2_000)]
        text = (
            "{% set ns = namespace(all=[]) %}{% for m in messages %}"
            "{% set ns.all = ns.all + [{'role': m.role, 'said': [m.content, m.content]}] %}{% endfor %}"
            "{% for one in ns.all %}{{ one.said[0] }};{% endfor %}"
        )
        began = time.process_time()
        assert render(text, said).count(";") == 2_000
        assert time.process_time() - began < 1

    def test_tojson_writes_plain_json(self):
        assert render("{{ {'b': '<é>', 'a': 1} | tojson }}") == '{"b": "<é>", "a": 1}'

    def test_loops_can_be_left(self):
        assert (
            render(
                "{% for n in range(9) %}{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}"
            )
            == "01"
        )

    def test_generation_blocks_print_what_they_hold(self):
        assert render("a{% generation %}b{% endgeneration %}c") == "abc"

    def test_bos_eos_and_the_generation_prompt_are_there(self):
        assert render("{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}") == "<s></s>True"


def _nested(opening: str, closing: str, times: int) -> str:
    return opening * times + closing * times


def _changing(count: int) -> str:
    """Lists that are light when they are weighed: what their namespaces hold comes later."""
    made = "".join(
        f"{{% set n{at} = namespace(a=0) %}}{{% set l{at} = [n{at}, n{at}] %}}"
        for at in range(count)
    )
    joined = "".join(f"{{% set n{at}.a = l{at + 1} %}}" for at in range(count - 1))
    return made + joined + "{{ l0 }}"


DIG = "().__class__.__bases__[0].__subclasses__()"

# The shapes that were tried against today's bindings, each with what becomes of it here.
HOSTILE = {
    "lists in lists": "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "tuples in tuples": "{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ ns.x == ns.x ~ 'a' }}{{ ns.x|string }}",
    "mappings in mappings": "{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x|tojson }}",
    "lists by dict": "{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}{{ '%s' % ns.x }}",
    "lists by a filter": "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [0, 0]|map('default', ns.x, true)|list %}{% endfor %}{{ ns.x }}",
    "lists joined": "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.y = [ns.x] + [ns.x] %}{% set ns.x = ns.y %}{% endfor %}{{ ns.x }}",
    "lists repeated": "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x] * 2 %}{% endfor %}{{ ns.x }}",
    "a heavy list repeated": "{% set ns = namespace(x=[1]) %}{% for i in range(18) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ [ns.x] * 1000 }}",
    "namespaces in namespaces": "{% set s = namespace(x=1) %}{% for i in range(60) %}{% set s.x = namespace(a=s.x, b=s.x) %}{% endfor %}{{ s.x }}",
    "namespaces that change in lists": _changing(40),
    "subclasses": "{{ " + DIG + " }}",
    "format method": "{{ '{0.__class__.__init__.__globals__}'.format(messages) }}",
    "lipsum globals": "{{ lipsum.__globals__['os'].system('true') }}",
    "cycler globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "change messages": "{{ messages.append('x') }}",
    "change a message": "{{ messages[0].update({'content': 'x'}) }}",
    "include a file": "{% include '/etc/passwd' %}",
    "import a file": "{% import '/etc/passwd' as x %}",
    "long range": "{% for a in range(1000000000) %}x{% endfor %}",
    "nested ranges": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "deep nested ranges, printing": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "branching macro": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "many brackets": "{{ " + _nested("(", ")", 3000) + " }}",
    "many ifs": _nested("{% if true %}", "{% endif %}", 500),
    "many lists": "{{ " + _nested("[", "]", 100_000) + " }}",
    "repeated text": "{{ 'x' * 10000000000 }}",
    "centred text": "{{ 'x'.center(10000000000) }}",
    "filled text": "{{ '%10000000000d' % 1 }}",
    "filled by format": "{{ '{:>10000000000}'.format(1) }}",
    "doubled text": "{% set ns = namespace(s='x' * 1000) %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "doubled by join": "{% set ns = namespace(s='x' * 1000) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s]|join %}{% endfor %}",
    "doubled by replace": "{% set ns = namespace(s='xx') %}{% for i in range(60) %}{% set ns.s = ns.s.replace('x', 'xx') %}{% endfor %}",
    "doubled list": "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    "big power": "{{ 9 ** (9 ** 9) }}",
    "squared number": "{% set ns = namespace(n=9) %}{% for i in range(60) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "wide indentation": "{{ 'x\ny'|indent(10000000000) }}",
    "wide json": "{{ {'a': [1, 2]}|tojson(indent=1000000000) }}",
    "half a sign": "{{ 'a\\ud800b' }}",
    "20 MB of text": "x" * 20_000_000,
    "20 MB printed": "{% for a in range(20) %}{{ 'x' * 999999 }}{% endfor %}",
}

# Shapes that reach for our objects and get nothing at all.
IN_VAIN = {
    "attribute filter": "{{ ''|attr('__class__')|attr('__mro__') }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': messages}) }}",
}

CODES = {
    "engine.template_broken",
    "engine.template_forbidden",
    "engine.template_too_big",
    "engine.template_too_long",
    "engine.template_too_slow",
}


class TestHostileTemplates:
    @pytest.fixture(autouse=True)
    def shorter_deadline(self, monkeypatch):
        """The full one is tried in the sealed process."""
        monkeypatch.setattr(template, "DEADLINE_S", 0.5)

    @pytest.mark.parametrize("shape", HOSTILE)
    def test_each_is_stopped_in_time_and_named(self, shape):
        memory = psutil.Process().memory_info().rss
        began = time.monotonic()
        with pytest.raises(RunnerError) as caught:
            render(HOSTILE[shape])
        assert caught.value.code in CODES
        assert time.monotonic() - began < 6
        assert psutil.Process().memory_info().rss - memory < 400e6

    @pytest.mark.parametrize("shape", IN_VAIN)
    def test_what_reaches_for_our_objects_gets_nothing(self, shape):
        assert render(IN_VAIN[shape]) == ""

    def test_what_jinja_would_read_from_disk_is_not_there(self):
        with pytest.raises(RunnerError, match="no loader"):
            render("{% include '/etc/passwd' %}")

    def test_nothing_remains_of_the_limits(self):
        with pytest.raises(RunnerError):
            render(HOSTILE["doubled text"])
        assert len("x" * 300_000_000) == 300_000_000
        with pytest.raises(RunnerError):
            render(HOSTILE["nested ranges"])
        assert render("{% for m in messages %}{{ m.content }}{% endfor %}").startswith("Which")

    def test_nothing_it_changes_survives_to_the_next_time(self):
        counting = ChatTemplate("{% set x = namespace(n=0) %}{% set x.n = x.n + 1 %}{{ x.n }}")
        assert counting.render(CONVERSATION, NOW) == counting.render(CONVERSATION, NOW) == "1"

    def test_the_same_words_come_out_as_from_jinja_itself(self, llama_cpp_models):
        plain = jinja2.Environment(
            trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols]
        )
        text = (llama_cpp_models / "templates/Qwen-Qwen2.5-7B-Instruct.jinja").read_text("utf-8")
        messages = [{"role": said.role.value, "content": said.text} for said in CONVERSATION]
        expected = plain.from_string(text).render(messages=messages, add_generation_prompt=True)
        assert render(text) == expected
        assert re.search("Which river", expected)
