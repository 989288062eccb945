"""What the top bar says of the model process, down to its tooltip."""

from app.window.words_of_states import process_words
from runner.confine.labels import Label
from runner.porter.wire import Facts

FACTS = Facts(
    number=3,
    pid=4711,
    kind="engine",
    posture="no network",
    label=Label.CALLS_REFUSED,
    means=("seccomp", "landlock tcp"),
    missing=("namespaces: Operation not permitted",),
)


def test_the_tooltip_has_words_and_no_codes() -> None:
    tip = process_words(FACTS).tip
    assert "a filter of system calls (seccomp)" in tip
    assert "a rule against TCP (Landlock)" in tip
    assert "landlock tcp" not in tip
    assert "a network of its own (Operation not permitted)" in tip
    assert "4711" in tip
