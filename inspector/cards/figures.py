"""Evaluation figures of a card: from `model-index`, and from tables under a heading for results."""

import re
from collections.abc import Iterator

from inspector.cards.front_matter import FrontMatter
from inspector.cards.slots import slots_of
from inspector.cards.values import Figure, Table

_RESULT = re.compile(r"^(model-index\.\d+\.results\.\d+)\.metrics\.(\d+)\.(value|type|name)$")
_NUMBER = re.compile(r"^[~≈<>]?\s*\d{1,4}(?:[.,]\d{1,4})?\s*%?(?:\s*[±(].{0,20})?$")
_NO_TEST = re.compile(
    r"(?i)^[\s*`]*(?:number of )?(?:n_|num_|\\?#\s?)?(?:\w+ )?(?:layers?|heads?|hidden[ _](?:size|dim\w*)|dim(?:ension)?s?|d_model|vocab\w*|context\w*|sequence length|seq_len|max_\w+|"
    r"param\w*|experts?|learning[ _]rate|lr|batch[ _]size|epochs?|steps|warmup\w*|weight[ _]decay|dropout|seed|flops|"
    r"hours?|gpus?|shots?|tokens|carbon\w*|energy\w*|size|released?|year|quant\w*|bits?|bpw|vram|download\w*)\b"
)
"""What a number stands beside that is a property of a model or of its training, and no test."""

_TEST_HEAD = re.compile(r"(?i)^[\s*`]*(?:benchmarks?|tasks?|tests?|data ?sets?|evaluations?)\b")
"""The head of the column that names the tests, where another column comes before it."""

_FOR = {"results", "testing_data", "testing_metrics", "results_summary"}
_WORDS = re.compile(
    r"(?i)bench|eval|score|result|performance|accuracy|mmlu|arc|gsm|hella|trivia|human.?eval"
)


def figures(front: FrontMatter, tables: tuple[Table, ...]) -> Iterator[Figure]:
    """Yields each number that the card states of a test."""
    yield from _from_front(front)
    for table in tables:
        if _is_about_results(table):
            yield from _from_table(table)


def _from_front(front: FrontMatter) -> Iterator[Figure]:
    values = {field.path: field for field in front.fields}
    for path, field in values.items():
        found = _RESULT.match(path)
        if found is None or found.group(3) != "value":
            continue
        result, metric = found.group(1), f"{found.group(1)}.metrics.{found.group(2)}"
        test = values.get(f"{result}.dataset.name") or values.get(f"{result}.dataset.type")
        kind = values.get(f"{metric}.name") or values.get(f"{metric}.type")
        yield Figure(
            what=str(test.value) if test else "",
            of=str(kind.value) if kind else "",
            value=str(field.value),
            line=field.line,
            where=path,
        )


def _is_about_results(table: Table) -> bool:
    if set(slots_of(table.section)) & _FOR or _WORDS.search(table.section):
        return True
    return any(
        _WORDS.search(cell) for cell in (*table.header, *(row[0] for row in table.rows if row))
    )


def _from_table(table: Table) -> Iterator[Figure]:
    if not table.header:
        return
    named = next((at for at, head in enumerate(table.header) if _TEST_HEAD.match(head)), -1)
    for number, row in enumerate(table.rows):
        names = [cell for cell in row if cell and not _NUMBER.match(cell)]
        if 0 <= named < len(row) and row[named] in names:
            names = [row[named]]
        for column, cell in enumerate(row):
            if not column or not _NUMBER.match(cell):
                continue
            head = table.header[column] if column < len(table.header) else ""
            if not (names and _NO_TEST.match(names[0])) and not _NO_TEST.match(head):
                yield Figure(
                    what=names[0] if names else "",
                    of=head,
                    value=cell,
                    line=table.line_of(number),
                    where=table.section,
                )
