"""Long chats: what a second turn evaluates, and how soon an old chat answers after a restart.

`python -m tests.benchmarks.reopen`. The second turn is a count, not a time. For the restart, an old
chat of about 4,000 tokens is taken up from its kept state by a new process, in turn with the same
chat read in whole.
"""

import time

from runner.protocol.engine import Role, Said, StateRestored
from runner.session import StateKept
from tests.benchmarks import pairs
from tests.benchmarks.peers import Ours, our_engine, starter_file

CONTEXT = 4608
SENTENCE = "The river runs from the hills past the mill and the old stone bridge to the sea. "
QUESTION = Said(Role.USER, "And what happened then?")


def long_chat() -> list[Said]:
    """A conversation of about 4,000 tokens in eleven turns."""
    chat: list[Said] = []
    for turn in range(11):
        chat.append(Said(Role.USER, f"Tell me part {turn}. " + SENTENCE * 4))
        chat.append(Said(Role.ASSISTANT, SENTENCE * 15))
    return [*chat, QUESTION]


def second_turn(ours: Ours) -> str:
    """Says what the turn after a long chat evaluates."""
    chat = long_chat()
    first = ours.answer(*chat, tokens=24)
    text = ours.text()
    done = ours.answer(*chat, Said(Role.ASSISTANT, text), QUESTION, tokens=1)
    new = done.prompt_tokens - first.prompt_tokens - first.tokens
    return (
        f"second turn of a chat of {first.prompt_tokens} tokens: {done.evaluated} evaluated, "
        f"{done.kept} kept; the question and the template's marks are {new} tokens"
    )


def main() -> None:
    options = pairs.arguments(__doc__.splitlines()[0]).parse_args()
    file = starter_file()
    chat = long_chat()
    with our_engine(file, threads=0, context=CONTEXT) as ours:
        print(second_turn(ours))
        ours.answer(*chat, tokens=1)
        session = ours.driver.session
        session.save_state()
        kept = ours.driver.until(StateKept)

    def whole() -> float:
        with our_engine(file, threads=0, context=CONTEXT) as fresh:
            return fresh.answer(*chat, tokens=1).first_token_s

    def reopened() -> float:
        with our_engine(file, threads=0, context=CONTEXT) as fresh:
            began = time.perf_counter()
            fresh.driver.session.restore_state(kept.state, kept.tokens)
            fresh.driver.until(StateRestored)
            restored_s = time.perf_counter() - began
            return restored_s + fresh.answer(*chat, tokens=1).first_token_s

    result = pairs.compare(
        "first token of a reopened chat, against a whole prompt evaluation",
        reopened,
        whole,
        bar=0.1,
        at_most=True,
        pairs=options.pairs,
        unit="s",
    )
    pairs.report([result], options.json)


if __name__ == "__main__":
    main()
