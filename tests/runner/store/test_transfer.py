"""Chats leave and come back: whole, and without ever trusting the file they come from."""

import json
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import RunnerError
from runner.protocol.engine import Sampling
from runner.store import Store
from runner.store.chat_file import FORMAT, ChatFile
from runner.store.export import LONGEST_RENDERED
from runner.store.importing import LARGEST_FILE, MOST_TURNS, checked_chat
from runner.store.values import Attachment, Chat, Counts, Recipe, TurnState

NOTE = Attachment(name="note.txt", text="Line one", sha256="cd" * 32, tokens=2)


@pytest.fixture
def chat(store: Store) -> Chat:
    """A chat with an edit, another version, a stopped and an interrupted answer."""
    chats = store.chats
    chat = chats.create(system="Be brief.", sampling=Sampling(top_k=3), preset="mine").result()
    recipe = Recipe(model="Tiny", seed=7, splits=(9, 1), sampling=Sampling(temperature=0.0))
    first = chats.ask(
        chat.id, None, "What is **this**?", attachments=[NOTE], recipe=recipe
    ).result()
    chats.finish(
        first.id,
        "A *list*:\n\n- one\n- two",
        TurnState.DONE,
        "end token",
        thinking="Hm.\nYes.",
        counts=Counts(tokens=12),
        tokens=[1, 2, 3],
    ).result()
    again = chats.answer_again(first.id).result()
    chats.finish(again.id, "Cut", TurnState.STOPPED, "stopped").result()
    second = chats.ask(chat.id, first.id, "And then?").result()
    chats.finish(second.id, "", TurnState.FAILED, "engine.lost").result()
    edited = chats.ask(chat.id, first.id, "And <b>now</b>?").result()
    chats.write_answer(edited.id, "Half an ans").result()
    return chats.chat(chat.id)


def test_json_brings_everything_back(store: Store, chat: Chat):
    exported = store.chats.export_json(chat.id)
    again = store.chats.import_json(exported).result()
    assert again.id != chat.id
    assert (again.title, again.system, again.sampling) == (chat.title, "Be brief.", chat.sampling)
    old, new = store.chats.tree(chat.id), store.chats.tree(again.id)
    for before, after in zip(old.turns, new.turns, strict=True):
        assert old.place(before) == new.place(after)
        assert (before.question, before.answer, before.thinking, before.runs) == (
            after.question,
            after.answer,
            after.thinking,
            after.runs,
        )
        assert before.attachments == after.attachments
        assert store.chats.answer_tokens(before.id) == store.chats.answer_tokens(after.id)
    assert [turn.question for turn in old.path()] == [turn.question for turn in new.path()]
    # What was still streaming can't stream on elsewhere.
    assert new.turns[-1].state is TurnState.STOPPED
    assert new.turns[-1].was_interrupted
    settled = store.chats.export_json(again.id)
    assert store.chats.export_json(store.chats.import_json(settled).result().id) == settled


def test_the_format_is_documented_field_by_field():
    page = Path("docs/chat-format.md").read_text(encoding="utf-8")
    (_,), shapes = msgspec.json.schema_components([ChatFile])
    assert FORMAT in page
    for name, shape in shapes.items():
        for field in shape.get("properties", ()):
            assert f"`{field}`" in page, f"{name}.{field} is not in docs/chat-format.md"


def test_markdown_holds_the_branch_on_show(store: Store, chat: Chat):
    markdown = store.chats.export_markdown(chat.id)
    assert markdown.startswith("# What is **this**?\n\n## System prompt\n\nBe brief.\n")
    assert "> Hm.\n> Yes.\n\nA *list*:\n\n- one\n- two\n\n*Tiny · seed 7*" in markdown
    assert "Attached: note.txt" in markdown
    assert "And then?" not in markdown
    assert "Other answers and branches: 2" in markdown


class Tags(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://example.org/p.png)",
    "![x][1]\n\n[1]: http://example.org/p.png",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "[x](file:///etc/passwd)",
    "</div></body><iframe src=//example.org>",
    "<http://example.org/a>",
    "```html\n<script>\n```",
    "$title $content ${title}",
    "<style>@import url(//example.org)</style>",
]


def test_html_needs_nothing_and_runs_nothing(store: Store):
    chat = store.chats.create("<script>$content", system=HOSTILE[0]).result()
    for text in HOSTILE:
        leaf = store.chats.chat(chat.id).leaf_id
        note = Attachment(name=text, text=text, sha256="x")
        turn = store.chats.ask(chat.id, leaf, text, attachments=[note]).result()
        store.chats.finish(turn.id, text, TurnState.FAILED, text, thinking=text).result()
    page = store.chats.export_html(chat.id)
    tags = Tags(page).found
    harmless = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "div", "p", "a"}
    harmless |= {"details", "summary", "pre", "code", "em", "strong"}
    assert {tag for tag, _ in tags} <= harmless
    for tag, attributes in tags:
        assert not {name for name in attributes if name.startswith("on")}
        assert set(attributes) <= {"class", "href", "lang", "name", "content", "charset"} | (
            {"http-equiv"} if tag == "meta" else set()
        )
        assert (attributes.get("href") or "http").startswith("http")
    assert page.count("default-src 'none'") == 1
    assert "url(" not in page.partition("<body>")[0]


def test_html_shows_a_very_long_answer_as_it_is(store: Store):
    chat = store.chats.create().result()
    turn = store.chats.ask(chat.id, None, "long").result()
    text = "*a_" * LONGEST_RENDERED
    store.chats.finish(turn.id, text, TurnState.DONE, "end token").result()
    assert text in store.chats.export_html(chat.id)


def exported(**changes: object) -> bytes:
    """Returns a small chat file with some fields replaced."""
    chat = {
        "format": FORMAT,
        "title": "t",
        "questions": [{"id": 1, "text": "q"}, {"id": 2, "text": "r"}],
        "turns": [
            {"id": 1, "question": 1, "answer": "a"},
            {"id": 2, "question": 2, "parent": 1, "answer": "b"},
        ],
        "shown": 2,
    }
    return json.dumps({**chat, **changes}).encode()


def turns(*changed: dict[str, object]) -> list[dict[str, object]]:
    return [{"id": number, "question": 1, **each} for number, each in enumerate(changed, start=1)]


BAD = {
    "nothing": (b"", "import.not_a_chat"),
    "text": (b"# Markdown", "import.not_a_chat"),
    "other JSON": (b'{"messages": []}', "import.not_a_chat"),
    "a list": (b"[]", "import.not_a_chat"),
    "cut off": (exported()[:-9], "import.not_a_chat"),
    "another format": (exported(format="other/1"), "import.not_a_chat"),
    "the future": (exported(format="lightwell.chat/2"), "import.newer"),
    "a hundred thousand brackets": (b'{"x":' + b"[" * 100_000, "import.not_a_chat"),
    "bytes that are no text": (b'{"format":"\xff"}', "import.not_a_chat"),
    "a number for a title": (exported(title=5), "import.wrong_shape"),
    "half a surrogate": (exported(title="x").replace(b'"x"', b'"\\ud800"'), "import.not_a_chat"),
    "a number out of range": (
        exported(created=1).replace(b" 1,", b" 1e999,"),
        "import.wrong_shape",
    ),
    "an unknown state": (exported(turns=turns({"state": "on fire"})), "import.wrong_shape"),
    "deep runs": (exported(turns=turns({"runs": [[]]})), "import.wrong_shape"),
    "a turn twice": (exported(turns=turns({}, {"id": 1})), "import.broken_tree"),
    "a turn below itself": (exported(turns=turns({"parent": 1})), "import.broken_tree"),
    "a parent that comes later": (exported(turns=turns({"parent": 2}, {})), "import.broken_tree"),
    "no such question": (exported(turns=turns({"question": 9})), "import.broken_tree"),
    "one question in two places": (
        exported(turns=turns({}, {"parent": 1}), shown=1),
        "import.broken_tree",
    ),
    "two questions of one number": (
        exported(questions=[{"id": 1, "text": ""}, {"id": 1, "text": "x"}]),
        "import.broken_tree",
    ),
    "a leaf that is not there": (exported(shown=7), "import.broken_tree"),
    "a token below zero": (exported(turns=turns({"tokens": [-1]}), shown=1), "import.broken_tree"),
    "too many turns": (
        exported(turns=turns(*[{}] * (MOST_TURNS + 1))),
        "import.too_many_turns",
    ),
    "too many bytes": (b" " * (LARGEST_FILE + 1), "import.too_big"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_by_name_and_leaves_nothing(store: Store, case: str):
    content, code = BAD[case]
    with pytest.raises(RunnerError) as refused:
        store.chats.import_json(content)
    assert refused.value.code == code
    assert store.chats.list() == []


def test_the_place_of_a_wrong_value_is_named(store: Store):
    with pytest.raises(RunnerError) as refused:
        store.chats.import_json(exported(turns=turns({"answer": 1})))
    assert refused.value.context["place"] == "turns[0].answer"


def test_unknown_fields_of_a_later_app_are_passed_over(store: Store):
    chat = store.chats.import_json(exported(sparkle={"a": [1]})).result()
    assert chat.turns == 2


def test_extreme_numbers_do_no_harm(store: Store):
    run = {"recipe": {"seed": 10**30, "sampling": {"temperature": 1e308}}, "counts": {"tokens": -5}}
    content = exported(created=-1e300, changed=1e300, turns=turns({"runs": [run]}), shown=1)
    chat = store.chats.import_json(content).result()
    assert (chat.created, chat.changed) == (0.0, 4_102_444_800.0)
    assert store.chats.tree(chat.id).turns[0].recipe.seed == 10**30
    assert store.chats.export_html(chat.id)


def test_a_failure_half_way_leaves_nothing(store: Store, monkeypatch):
    import runner.store.importing as importing

    done = []

    def failing(db, turn_id, turn):
        done.append(turn_id)
        if len(done) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, "_end", failing)
    with pytest.raises(RunnerError, match=r"store\.disk_full"):
        store.chats.import_json(exported()).result()
    assert store.chats.list() == []
    with store.database.reading() as db:
        assert db.execute("SELECT count(*) FROM message").fetchone() == (0,)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: exported()[:40] + b))
def test_any_bytes_end_in_a_code(content: bytes):
    with pytest.raises(RunnerError):
        checked_chat(content)
