"""A person who answers what the door asks, for tests."""

from collections.abc import Callable

from app.network.door import Answer
from app.network.purposes import Purpose


class Person:
    """Answers with what `answers` says, in turn; without an answer a question stays open."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Purpose] = []
        self.taken_back: list[Purpose] = []
        self.open: list[Callable[[Answer], None]] = []

    def ask(self, purpose: Purpose, answered: Callable[[Answer], None]) -> Callable[[], None]:
        self.asked.append(purpose)
        if self.answers:
            answered(self.answers.pop(0))
        else:
            self.open.append(answered)
        return lambda: self.taken_back.append(purpose)

    def answer(self, answer: Answer) -> None:
        """Answers the question that is open."""
        self.open.pop()(answer)
