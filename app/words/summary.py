"""A model's summary in words: the rows that the window and the command line both show. Knows no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.words.facts import fact_sources, fact_texts
from app.words.quantities import bytes_in_words, count_in_words
from inspector.facts import Fact
from inspector.inspection import Inspection
from inspector.summary import Relative, Summary, TypeShare
from inspector.untrusted import shown

MILLION = 10**6
BILLION = 10**9
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A row of a summary.

    Attributes:
        key: names the row, and its label in `facts.toml`.
        source: where the value came from, or what would settle it; for a tooltip.
        is_known: whether there is a value; without one, `value` says "unknown".
        mono: whether it is a hash or a key, to be drawn in the mono face.
    """

    key: str
    label: str
    value: str
    source: str
    is_known: bool = True
    mono: bool = False


def summary_rows(
    looked: Inspection, *, is_loaded: bool = False
) -> Mapping[str, tuple[FactRow, ...]]:
    """Returns the rows of a summary by the heading that they stand under.

    Args:
        looked: what was found.
        is_loaded: whether the model runs now, so that what it needs is taken already.
    """
    groups = fact_texts().groups
    summary = looked.summary
    return {
        groups["model"]: _model_rows(looked, summary),
        groups["use"]: _use_rows(summary, is_loaded=is_loaded),
        groups["origin"]: _origin_rows(summary),
    }


def fingerprint_row(key: str, fact: Fact) -> FactRow:
    """Returns the row of a hash."""
    return _row(key, fact, fact.text, mono=True)


def parameters_in_words(count: float) -> str:
    """Returns a number of parameters as people say it: `134.5 M`, `7.62 B`."""
    if count >= BILLION:
        return f"{count / BILLION:.3g}\N{NO-BREAK SPACE}B"
    if count >= MILLION:
        return f"{count / MILLION:.4g}\N{NO-BREAK SPACE}M"
    return count_in_words(int(count))


def headline(looked: Inspection) -> str:
    """Returns the one line that says most: `134.5 M parameters · Q4_1 · 98 MB`."""
    said = fact_texts().said
    summary = looked.summary
    parts = []
    if summary.parameters.number:
        count = parameters_in_words(summary.parameters.number)
        parts.append(said["parameters"].format(count=count))
    else:
        parts.append(fact_texts().purposes[summary.kind.text])
    if summary.types:
        parts.append(summary.quantisation.text)
    parts.append(bytes_in_words(sum(part.bytes for part in looked.files)))
    return " · ".join(parts)


# ---- the groups -------------------------------------------------------------------------------


def _model_rows(looked: Inspection, summary: Summary) -> tuple[FactRow, ...]:
    texts = fact_texts()
    parameters = summary.parameters.number
    quantisation = summary.quantisation.text
    if summary.bits_per_weight.number is not None:
        bits = texts.said["bits"].format(bits=f"{summary.bits_per_weight.number:.2f}")
        quantisation = f"{quantisation} · {bits}"
    rows = [
        _row("name", summary.name, _said(summary.name)),
        _row("architecture", summary.architecture, _said(summary.architecture)),
        _row(
            "parameters",
            summary.parameters,
            f"{parameters_in_words(parameters)} ({count_in_words(int(parameters))})"
            if parameters
            else "",
        ),
        _row("quantisation", summary.quantisation, quantisation, summary.bits_per_weight),
        _row("types", summary.bits_per_weight, types_in_words(summary.types)),
        _row("file", summary.file_bytes, _file_words(looked)),
    ]
    if summary.kind.value != "model":
        purpose = texts.purposes[summary.kind.text]
        rows.insert(1, _row("kind", summary.kind, purpose))
    return tuple(rows)


def _use_rows(summary: Summary, *, is_loaded: bool) -> tuple[FactRow, ...]:
    said = fact_texts().said
    need = summary.memory
    context = summary.context_trained.number
    tokens = summary.vocabulary.number
    vocabulary = said["tokens"].format(count=count_in_words(int(tokens or 0)))
    if summary.tokenizer.is_known:
        vocabulary = f"{vocabulary} · {_said(summary.tokenizer)}"
    template = said["in_file"] if summary.template.value else said["no_template"]
    rows = [
        _row(
            "context",
            summary.context_trained,
            said["tokens"].format(count=count_in_words(int(context or 0))),
        ),
        _row("vocabulary", summary.vocabulary, vocabulary, summary.tokenizer),
        _row("template", summary.template, template),
        _row("languages", summary.languages, _said(summary.languages)),
    ]
    if need.total.number is None:
        return (*rows, _row("memory", need.total, ""))
    total = bytes_in_words(int(need.total.number))
    parts = said["parts"].format(
        weights=bytes_in_words(int(need.weights.number or 0)),
        cache=bytes_in_words(int(need.cache.number or 0)),
        compute=bytes_in_words(int(need.compute.number or 0)),
    )
    at = said["at_context"].format(size=total, context=count_in_words(need.context))
    rows += [
        _row("memory", need.total, at),
        _row("memory_parts", need.total, parts, need.weights, need.cache, need.compute),
    ]
    free = need.free.number
    if free is not None:
        size = bytes_in_words(int(free))
        if is_loaded:
            size = said["beside_loaded"].format(size=size)
        elif free < need.total.number:
            size = said["too_little"].format(size=size)
        rows.append(_row("free", need.free, size))
    return tuple(rows)


def _origin_rows(summary: Summary) -> tuple[FactRow, ...]:
    licence = summary.licence
    words = _said(licence)
    if summary.licence_name.is_known:
        words = f"{words} · {_said(summary.licence_name)}" if words else _said(summary.licence_name)
        licence = licence if licence.is_known else summary.licence_name
    rows = [_row("licence", licence, words, summary.licence_name)]
    if summary.licence_link.is_known:
        rows.append(_row("licence_link", summary.licence_link, _said(summary.licence_link)))
    rows.append(_row("organisation", summary.organisation, _said(summary.organisation)))
    if summary.author.is_known:
        rows.append(_row("author", summary.author, _said(summary.author)))
    rows.append(_relatives("base_models", summary.base_models))
    if summary.datasets:
        rows.append(_relatives("datasets", summary.datasets))
    rows += [
        _row("quantised_by", summary.quantised_by, _said(summary.quantised_by)),
        _row("repository", summary.repository, _said(summary.repository)),
    ]
    return tuple(rows)


# ---- their parts ------------------------------------------------------------------------------


def types_in_words(types: tuple[TypeShare, ...]) -> str:
    """Returns the mix of tensor types: `Q4_1 68.7 %, Q8_0 31.1 %, F32 0.1 %`."""
    whole = sum(share.bytes for share in types) or 1
    return ", ".join(
        f"{share.type}\N{NO-BREAK SPACE}{100 * share.bytes / whole:.1f}\N{NO-BREAK SPACE}%"
        for share in types
    )


def _file_words(looked: Inspection) -> str:
    size = bytes_in_words(sum(part.bytes for part in looked.files))
    if len(looked.files) == 1:
        return f"{shown(looked.files[0].name)} · {size}"
    count = fact_texts().said["files"].format(count=len(looked.files))
    return f"{shown(looked.files[0].name)} · {count} · {size}"


def _relatives(key: str, relatives: tuple[Relative, ...]) -> FactRow:
    """Returns a row with every base model or dataset on a line of its own."""
    if not relatives:
        return _row(key, Fact(settle="settle.base_models"), "")
    lines, facts = [], []
    for relative in relatives:
        parts = (relative.organisation, relative.name, relative.version, relative.repository)
        facts += [part for part in parts if part.is_known]
        lines.append(" · ".join(_said(part) for part in parts if part.is_known))
    value = "\n".join(line for line in lines if line)
    return _row(key, facts[0] if facts else Fact(settle="settle.base_models"), value, *facts)


def _said(fact: Fact) -> str:
    """Returns a file's own word: short, and without signs that act."""
    return shown(fact.text, _LONGEST)


def _row(key: str, fact: Fact, value: str, *beside: Fact, mono: bool = False) -> FactRow:
    """Returns a row; its value where the fact is known, else the word for that."""
    texts = fact_texts()
    known_beside = [other for other in beside if other.is_known]
    return FactRow(
        key=key,
        label=texts.labels[key],
        value=value if fact.is_known else texts.said["unknown"],
        source=fact_sources(fact, *known_beside),
        is_known=fact.is_known,
        mono=mono,
    )
