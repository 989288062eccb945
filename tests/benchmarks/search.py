"""How fast search answers over 100,000 messages.

    python tests/benchmarks/search.py [--messages 100000] [--rounds 5] [--json FILE]

Builds a database of chats whose words are as frequent as in real text (Zipf's law over the 20,000
words of tests/data/search_words.txt and made-up ones), then asks every query of
tests/data/search_queries.txt the way the window does: a fresh look on the search's own thread,
snippets and titles included. Prints the 50th, 95th and 99th percentile for whole words, for
beginnings of 3 letters or more, for shorter ones and for phrases, with the load average.
"""

import argparse
import itertools
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from runner.store import Store  # noqa: E402
from runner.store.search import Found, Order, Search  # noqa: E402

QUERIES = ROOT / "tests" / "data" / "search_queries.txt"
WORDS = ROOT / "tests" / "data" / "search_words.txt"
MADE_UP = (
    "con pre pro re in de ex sub trans inter un com dis en im mis over out per sur",
    "kat den gras vel tor min lum ser vid pon rap dic fer jec mot nov pel quir scrib ten",
    "ing ed er ation ive al ous able ment ness ly ful ism ist ity ure ance ent ary ize",
)


def vocabulary(size: int) -> list[str]:
    """Returns words, the most frequent first: real ones, then made-up rare ones.

    The made-up ones begin as real ones do: many share their first letters.
    """
    real = list(dict.fromkeys(WORDS.read_text(encoding="utf-8").split()))
    beginnings, stems, endings = (line.split() for line in MADE_UP)
    parts = itertools.product(beginnings, stems, ("", "er", "a", "i"), endings)
    made = ["".join(each) for each in parts]
    random.Random(3).shuffle(made)
    return (real + made)[:size]


def build(store: Store, messages: int) -> None:
    """Fills the store: ten turns a chat, questions of 5 to 30 words, answers of 20 to 300."""
    chance = random.Random(7)
    words = vocabulary(20_000)
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(least, most)))

    def add(db: sqlite3.Connection) -> None:
        for chat in range(messages // 20):
            now = 1_700_000_000.0 + chat
            chat_id = db.execute(
                "INSERT INTO chat (title, created, changed) VALUES (?, ?, ?)",
                (text(3, 8), now, now),
            ).lastrowid
            parent = None
            for _ in range(10):
                question, answer = (
                    db.execute(
                        "INSERT INTO message (chat_id, role, text, settled) VALUES (?, ?, ?, 1)",
                        (chat_id, role, said),
                    ).lastrowid
                    for role, said in (("user", text(5, 30)), ("assistant", text(20, 300)))
                )
                db.execute(
                    "INSERT INTO turn (id, chat_id, parent_id, question_id, state, created) "
                    "VALUES (?, ?, ?, ?, 'done', ?)",
                    (answer, chat_id, parent, question, now),
                )
                parent = answer

    store.database.write(add).result()


def kind_of(query: str) -> str:
    """Returns the row of the table that a query counts in."""
    if query.startswith('"'):
        return "phrases"
    if query.endswith("_"):
        return "whole words"
    return (
        "beginnings of 3 or more"
        if len(query.rsplit(maxsplit=1)[-1]) >= 3
        else "shorter beginnings"
    )


def measure(search: Search, query: str, order: Order) -> tuple[float, int]:
    """Returns how long one search took, in milliseconds, and how much it found."""
    told, answer = threading.Event(), []

    def done(found: Found) -> None:
        answer.append(found)
        told.set()

    began = time.perf_counter()
    search.ask(query, done, lambda error: (answer.append(error), told.set()), order=order)
    told.wait()
    took = (time.perf_counter() - began) * 1000
    if not isinstance(answer[0], Found):
        raise answer[0]
    return took, len(answer[0].hits)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--messages", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--order", choices=[order.value for order in Order], default="newest")
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lightwell.sqlite")
        with Store.open(path) as store:
            began = time.perf_counter()
            build(store, chosen.messages)
            built_s = time.perf_counter() - began
        times: dict[str, list[float]] = {}
        slowest: dict[str, float] = {}
        lines = [line for line in QUERIES.read_text(encoding="utf-8").splitlines() if line]
        queries = [line for line in lines if not line.startswith("#")]
        with Store.open(path) as store:
            search = store.open_search()
            for round_ in range(chosen.rounds):
                random.Random(round_).shuffle(queries)
                for query in queries:
                    typed = query[:-1] + " " if query.endswith("_") else query
                    took, _ = measure(search, typed, Order(chosen.order))
                    times.setdefault(kind_of(query), []).append(took)
                    slowest[query] = max(took, slowest.get(query, 0.0))
            search.close()
        size_mb = path.stat().st_size / 1e6

    report = {
        "messages": chosen.messages,
        "order": chosen.order,
        "queries": len(queries),
        "rounds": chosen.rounds,
        "database_mb": round(size_mb),
        "built_s": round(built_s, 1),
        "sqlite": sqlite3.sqlite_version,
        "load": os.getloadavg(),
        "ms": {
            kind: dict(zip(("p50", "p95", "p99"), percentiles(values), strict=True))
            for kind, values in sorted(times.items())
        },
        "slowest": sorted(slowest.items(), key=lambda item: -item[1])[:5],
    }
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))


def percentiles(values: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return tuple(round(cuts[cut - 1], 2) for cut in (50, 95, 99))


if __name__ == "__main__":
    main()
