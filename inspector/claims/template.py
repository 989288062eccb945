"""Rules on chat templates: the publisher's, what to review, the default prompt, end tokens."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.claims.case import Maker
from inspector.claims.values import Claim, Grade, Verdict
from inspector.claims.written_format import written_format
from inspector.facts import Fact, Source, SourceKind, known
from inspector.templates.placing import ANSWER, LATER, SYSTEM, USER
from inspector.templates.rendered import NOON, GaveUp, Refused
from inspector.untrusted import shortened
from resources import table

TEMPLATE_KEY = "tokenizer.chat_template"

_MARK = r"<[^<>\s]{1,40}>|\[/?[A-Z_]{2,24}\]|<\uff5c[^<>\uff5c]{1,40}\uff5c>"
_MARKS = re.compile(_MARK)
_FIRST_MARK = re.compile(rf"\s*({_MARK})")
_ROLE = re.compile(r"^\s*(?:system|user|assistant|human|developer)\s*[:\n]\s*", re.IGNORECASE)
_SYSTEM_SAID = re.compile(r"(?i)\b(?:default )?system (?:prompt|message)\b\s?(?:is|:)\s*(.{8,200})")
_CALLED = re.compile(
    r"\b(?:[Yy]our name is|[Mm]y name is|(?:assistant|model|chatbot|AI) (?:named|called)|(?:named|called)|You are|I am) "
    r"(?!(?:An?|The|Your|Not|Helpful|AI|An AI)\b)([A-Z][\w.-]{2,40})"
)
_WORDS = 3
_STOPS = ("eos", "eot", "eom")
_DIFFERENCES = 6


class _EndTokens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    engine: str
    names: frozenset[str]


def publishers(maker: Maker) -> Iterator[Claim]:
    """TMPL-HUB: this file's template against the publisher's own, and the format that the card shows."""
    case = maker.case
    ours = case.model.metadata.text(TEMPLATE_KEY)
    theirs = [(name, text) for name, raw in case.files for text in _templates(name, raw)]
    if ours is None:
        yield maker.claim(Verdict.NOT_STATED, "no_template", Grade.HEADER)
        return
    yield from written_format(maker, ours)
    if not theirs:
        yield maker.claim(Verdict.UNKNOWN, "none_beside")
        return
    own = _lines(ours)
    name, text = next((one for one in theirs if _lines(one[1]) == own), theirs[0])
    other = _lines(text)
    source = Source(kind=SourceKind.REPOSITORY, document=name)
    if own == other:
        yield maker.claim(
            Verdict.AGREES,
            "equal",
            Grade.COMPUTED,
            text=name,
            evidence=(case.header("general.name"), known(len(own), source)),
            document=name,
            lines=len(own),
        )
        return
    added, lost = Counter(own) - Counter(other), Counter(other) - Counter(own)
    evidence = [
        *(case.measured(f"+ {line}", "only in this file") for line in list(added)[:_DIFFERENCES]),
        *(known(f"− {line}", source) for line in list(lost)[:_DIFFERENCES]),
    ]
    yield maker.claim(
        Verdict.DIFFERS,
        "other",
        Grade.COMPUTED,
        text=name,
        evidence=evidence,
        document=name,
        added=added.total(),
        lost=lost.total(),
    )


def _templates(name: str, raw: str) -> Iterator[str]:
    """Yields the templates of a publisher's file."""
    if name.endswith(".jinja"):
        yield raw
        return
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return
    found = read.get("chat_template") if isinstance(read, dict) else None
    listed = found if isinstance(found, list) else [found]
    for one in listed:
        text = one.get("template") if isinstance(one, dict) else one
        if isinstance(text, str) and text:
            yield text


def _lines(text: str) -> list[str]:
    """Returns the lines of a template without what only spacing changes."""
    return [plain for line in text.split("\n") if (plain := " ".join(line.split()))]


def to_review(maker: Maker) -> Iterator[Claim]:
    """TMPL-RISK: what the rules on templates found; finding nothing clears nothing."""
    case = maker.case
    if not case.templates:
        yield maker.claim(Verdict.NOT_STATED, "no_template", Grade.HEADER)
        return
    for check in case.templates:
        found = check.to_review
        evidence = [
            Fact(
                value=one.detail or one.excerpt or one.rule,
                sources=(
                    Source(
                        kind=SourceKind.HEADER,
                        document=case.model.name,
                        where=f"{check.key}: {one.rule}",
                        line=one.line,
                        quote=one.excerpt,
                    ),
                ),
            )
            for one in found
        ]
        yield maker.claim(
            Verdict.PERSON,
            "to_review" if found else "nothing_found",
            Grade.HEADER,
            which="" if check.key == TEMPLATE_KEY else check.key,
            text=check.key,
            evidence=evidence,
            count=len(found) + check.more,
            rules=check.rules,
            met=" ".join(dict.fromkeys(one.rule for one in found)),
            lines=", ".join(str(one.line) for one in found[:12] if one.line) or "–",
        )


def default_prompt(maker: Maker) -> Iterator[Claim]:
    """SYS: the words that the template puts in where nobody gives a system message."""
    case = maker.case
    text = case.model.metadata.text(TEMPLATE_KEY)
    if text is None:
        yield maker.claim(Verdict.NOT_STATED, "no_template", Grade.HEADER)
        return
    plain = _rendered(maker, text, [("user", USER)])
    if plain is None or USER not in plain:
        yield maker.claim(Verdict.CANNOT, "not_rendered", Grade.HEADER)
        return
    own = _prose(plain[: plain.find(USER)])
    told = _rendered(maker, text, [("system", SYSTEM), ("user", USER)]) or ""
    replaced = [one for one in own if one not in told]
    stated = case.text.search(_SYSTEM_SAID) if case.text is not None else []
    evidence = [case.measured(one, "rendered without a system message") for one in own]
    if not own:
        yield maker.claim(Verdict.NOT_STATED, "none", Grade.HEADER)
        return
    if (named := _other_name(maker, own)) is not None:
        yield named
    said = _plain(stated[0].found.group(1)) if stated else ""
    if said:
        equal = any(said[:60] in _plain(one) or _plain(one) in said for one in own)
        verdict = Verdict.AGREES if equal else Verdict.DIFFERS
        reason = "card_equal" if equal else "card_other"
    else:
        verdict, reason = Verdict.STATED, "quoted" if replaced else "always_there"
    yield maker.claim(
        verdict,
        reason,
        Grade.HEADER,
        text=" ".join(own),
        passages=maker.places(stated[:1]),
        evidence=evidence,
        quote=shortened(" ".join(own), 200),
    )


def _other_name(maker: Maker, own: list[str]) -> Claim | None:
    """Returns that the prompt calls the model otherwise than header and card do: for a person to weigh.

    A fine-tune that kept its base's prompt is no riddle, and neither is a model under a false name.
    """
    case = maker.case
    found = next((hit for one in own if (hit := _CALLED.search(one))), None)
    headers = (case.summary.name, case.header("general.basename"))
    told = [fact for fact in headers if fact.is_known]
    titles = [one.heading for one in case.card.sections if one.level == 1] if case.card else []
    names = [*(fact.text for fact in told), *titles[:1]]
    if found is None or not names:
        return None
    called = found.group(1).rstrip(".-")
    if any(_letters(called) in _letters(name) for name in names):
        return None
    return maker.claim(
        Verdict.PERSON,
        "other_name",
        Grade.HEADER,
        which="called",
        text=called,
        evidence=(case.measured(found.group(), "rendered without a system message"), *told),
        called=called,
        named=", ".join(dict.fromkeys(names)),
    )


def _letters(name: str) -> str:
    """Returns a name without numbers and signs: `Qwen2.5` is called Qwen."""
    return "".join(one for one in name.casefold() if one.isalpha())


def _prose(text: str) -> list[str]:
    """Returns the sentences between a template's marks."""
    pieces = (_ROLE.sub("", piece).strip() for piece in _MARKS.split(text))
    return [piece for piece in pieces if len(piece.split()) >= _WORDS]


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).strip(" \"'.`“”")


def end_tokens(maker: Maker) -> Iterator[Claim]:
    """STOP: the mark that the template ends an answer with, against the header's end tokens."""
    case = maker.case
    text = case.model.metadata.text(TEMPLATE_KEY)
    header = {
        name: case.header(f"tokenizer.ggml.{name}_token_id")
        for name in _STOPS
        if f"tokenizer.ggml.{name}_token_id" in case.model.metadata
    }
    tokens = {
        name: token
        for name, fact in header.items()
        if (token := _token(maker, fact.number)) is not None
    }
    evidence = [
        *header.values(),
        *(case.measured(one, "token of that id") for one in tokens.values()),
    ]
    if not tokens:
        yield maker.claim(Verdict.NOT_STATED, "no_ids", Grade.HEADER, evidence=evidence)
        return
    context = {"tokens": ", ".join(f"{name} {token}" for name, token in tokens.items())}
    if text is None:
        yield maker.claim(
            Verdict.STATED, "no_template", Grade.HEADER, evidence=evidence, context=context
        )
        return
    said = [("user", USER), ("assistant", ANSWER), ("user", LATER)]
    rendered = _rendered(maker, text, said)
    after = rendered.partition(ANSWER)[2] if rendered and ANSWER in rendered else ""
    mark = _FIRST_MARK.match(after)
    if mark is None:
        yield maker.claim(
            Verdict.PERSON, "no_mark", Grade.HEADER, evidence=evidence, context=context
        )
        return
    # Templates are rendered with a stand-in for eos_token, so that mark is the header's own.
    stands_for_eos = mark.group(1) == "</s>" and "eos_token" in text
    if stands_for_eos or mark.group(1) in tokens.values():
        verdict, reason = Verdict.AGREES, "equal"
    elif mark.group(1) in _by_name() and _has_token(maker, mark.group(1)):
        verdict, reason = Verdict.AGREES_IN_PART, "by_name"
    else:
        verdict, reason = Verdict.DIFFERS, "other"
    yield maker.claim(
        verdict,
        reason,
        Grade.HEADER,
        text="eos_token" if stands_for_eos else mark.group(1),
        evidence=evidence,
        mark="eos_token" if stands_for_eos else mark.group(1),
        context=context,
    )


@cache
def _by_name() -> frozenset[str]:
    read: _EndTokens = table("claims/end_tokens.toml", _EndTokens)
    return read.names


def _has_token(maker: Maker, name: str) -> bool:
    metadata, key = maker.case.model.metadata, "tokenizer.ggml.tokens"
    wanted = name.encode()
    return key in metadata and any(raw == wanted for raw in metadata.strings(key))


def _token(maker: Maker, number: float | None) -> str | None:
    key = "tokenizer.ggml.tokens"
    entry = maker.case.model.metadata.get(key)
    if number is None or entry is None or not 0 <= number < entry.count:
        return None
    raw = next(iter(maker.case.model.metadata.strings(key, int(number))), None)
    return None if raw is None else raw.decode("utf-8", "replace")[:80]


def _rendered(maker: Maker, text: str, said: list[tuple[str, str]]) -> str | None:
    make = maker.case.renderer
    render = make(text) if make is not None else None
    if render is None:
        return None
    try:
        return render(said, NOON)
    except (Refused, GaveUp):
        return None
