"""The thread policy against a model of a machine: how fast it finds the best number."""

import math

from runner.engine.llama.threads import ThreadPolicy

LATE = 0.01
"""How late an evaluation that takes too long is broken off, on average."""


class Machine:
    """Cores on which llama.cpp's threads wait for each other, and other programs that take some.

    A token takes `work` core seconds shared out among the threads; every thread beyond the cores
    that are free makes all others wait for its turn.
    """

    def __init__(
        self, cores: int, work: float = 0.02, *, waiting: float = 30, seen: bool = True
    ) -> None:
        self.cores, self.work, self.waiting, self.seen = cores, work, waiting, seen
        self.busy = 0.0
        self.clock = 0.0
        self.hiccup_every_s = math.inf
        self._next_hiccup_s = 0.5

    def meter(self) -> float | None:
        return self.busy if self.seen else None

    def token(self, threads: int) -> tuple[float, float]:
        crowded = threads + self.busy > self.cores
        crowded = crowded and threads > 1
        seconds = self.work / threads * (self.waiting if crowded else 1)
        if self.clock > self._next_hiccup_s and self.hiccup_every_s < math.inf:
            self._next_hiccup_s = self.clock + self.hiccup_every_s
            seconds += 0.05
        return seconds, seconds * threads * (0.5 if crowded else 0.99)

    def best(self) -> float:
        return min(self.token(threads)[0] for threads in range(1, self.cores + 1))


def run(policy: ThreadPolicy, machine: Machine, seconds: float) -> list[float]:
    """Decodes for a time; returns when each token came."""
    end = machine.clock + seconds
    log = []
    while machine.clock < end:
        took, processor = machine.token(policy.threads)
        patience = policy.patience_s(1)
        if patience is not None and took > patience:
            machine.clock += patience + LATE
            policy.overran()
        else:
            machine.clock += took
            policy.note(took, processor)
            log.append(machine.clock)
    return log


def speed(log: list[float], start: float) -> float:
    return sum(at >= start for at in log) / (log[-1] - start)


def check_adapts(machine: Machine) -> None:
    policy = ThreadPolicy(machine.cores, 0, machine.meter)
    policy.learn(machine.work)
    policy.begin()
    run(policy, machine, 3)
    assert policy.threads == machine.cores
    quiet = 1 / machine.best()

    machine.busy = 1.0
    began = machine.clock
    log = run(policy, machine, 8)
    assert speed(log, began + 2) >= 0.9 / machine.best()

    machine.busy = 0.0
    began = machine.clock
    log = run(policy, machine, 8)
    assert speed(log, began + 2) >= 0.95 * quiet


def test_two_cores_one_of_them_busy():
    check_adapts(Machine(2))


def test_two_cores_where_nobody_can_say_what_is_busy():
    check_adapts(Machine(2, seen=False))


def test_two_cores_where_waiting_costs_less():
    check_adapts(Machine(2, waiting=3))


def test_many_cores_and_a_slow_model():
    check_adapts(Machine(8, work=0.8))


def test_a_hiccup_now_and_then_costs_little():
    machine = Machine(2)
    machine.hiccup_every_s = 1.0
    policy = ThreadPolicy(2, 0, machine.meter)
    policy.learn(machine.work)
    policy.begin()
    began = machine.clock
    log = run(policy, machine, 20)
    assert speed(log, began) >= 0.85 * 2 / machine.work


def test_a_number_that_was_set_is_never_changed():
    machine = Machine(2)
    machine.busy = 1.0
    policy = ThreadPolicy(2, 2, machine.meter)
    policy.begin()
    run(policy, machine, 3)
    assert policy.threads == 2


def test_an_answer_begins_with_what_is_free_now():
    machine = Machine(4)
    policy = ThreadPolicy(4, 0, machine.meter)
    machine.busy = 2.1
    assert policy.begin() == 2
    machine.busy = 0.0
    assert policy.begin() == 4
