"""TMPL-HUB, the card's part: a prompt format that the card writes out, beside what the template makes.

Cards show it in a block of code, with names in braces for what a person says. The marks in it (such as
`<|im_start|>` or `[INST]`) are compared with those that the file's own template writes around a
harmless conversation; where every place in braces is understood, the whole text is compared.
"""

import re
from collections.abc import Iterator

from inspector.claims.case import Maker
from inspector.claims.text import CodeBlock
from inspector.claims.values import Claim, Grade, Passage, Verdict
from inspector.templates.placing import ANSWER, LATER, SYSTEM, USER
from inspector.templates.rendered import NOON, GaveUp, Refused
from inspector.untrusted import shortened

_ABOUT = re.compile(
    r"(?i)\b(?:prompt|chat|instruct(?:ion)?|conversation)(?:ing)?[ -]?(?:format|template|structure)s?\b|\bhow to prompt\b"
)
_PROGRAM = re.compile(
    r"(?m)^\s*(?:import |from \w[\w.]* import|def |curl |ollama |pip |npm |docker |\./|llama-|const |\$ |#!/)|tokenizer\.|\.generate\(|apply_chat_template|messages\s*="
)
_MARK = re.compile(
    r"<\|[^|<>\s]{1,40}\|>|<\uff5c[^<>\uff5c]{1,40}\uff5c>|<</?[A-Z]{2,12}>>|\[/?[A-Z_]{2,24}\]"
    r"|<(?:start|end)_of_turn>|(?m:^)#{2,3} ?(?:Instruction|Response|Human|Assistant|System|User|Input):?"
)
_BOUNDS = re.compile(
    r"</?s>|<\|(?:begin_of_text|end_of_text|endoftext|startoftext)\|>|<\uff5cbegin\u2581of\u2581sentence\uff5c>|<\uff5cend\u2581of\u2581sentence\uff5c>|<bos>|<eos>|\[BOS\]|\[EOS\]"
)
"""Marks that the tokenizer or a stand-in adds: cards show them or don't, and both are right."""

_PLACE = re.compile(r"\{\{?\s*[\w .'-]{1,60}\}?\}|<(?:prompt|user|system|your)[\w _-]{0,40}>")
_SYSTEM_PLACE = re.compile(r"(?i)system")
_LARGEST = 4_000
_MOST = 6
_LEAST_MARKS = 2


def written_format(maker: Maker, template: str) -> Iterator[Claim]:
    """Yields what the card's prompt format says to the file's template; nothing where it shows none."""
    text = maker.case.text
    blocks = [one for one in text.code if _is_format(one)][:_MOST] if text is not None else []
    if not blocks or text is None:
        return
    made = list(_rendered(maker, template))
    ours = {mark for one in made for mark in _marks(one)}
    if not ours:
        return
    said = list(dict.fromkeys(mark for one in blocks for mark in _marks(one.text)))
    missing = [mark for mark in said if mark not in ours]
    if any(_filled(one.text) in {_squeezed(it) for it in made} for one in blocks):
        verdict, reason, grade = Verdict.AGREES, "card_equal", Grade.COMPUTED
    elif not missing:
        verdict, reason, grade = Verdict.AGREES_IN_PART, "card_marks", Grade.COMPUTED
    elif len(missing) == len(said):
        verdict, reason, grade = Verdict.DIFFERS, "card_other", Grade.COMPUTED
    else:
        verdict, reason, grade = Verdict.PERSON, "card_some", Grade.COMPUTED
    yield maker.claim(
        verdict,
        reason,
        grade,
        which="card",
        text=", ".join(said),
        passages=[
            Passage(
                document=text.document,
                line=one.line,
                end=one.end,
                heading=shortened(one.heading, 120),
                quote=shortened(" ".join(one.text.split()), 200),
                revision=text.revision,
            )
            for one in blocks
        ],
        evidence=[maker.case.measured(one, "rendered with its template") for one in made[:1]],
        card=", ".join(said[:8]),
        file=", ".join(sorted(ours)[:8]),
        missing=", ".join(missing[:8]) or "–",
    )


def _is_format(block: CodeBlock) -> bool:
    told = _ABOUT.search(block.heading) or _ABOUT.search(block.before)
    return bool(
        told
        and len(block.text) <= _LARGEST
        and len(_marks(block.text)) >= _LEAST_MARKS
        and not _PROGRAM.search(block.text)
    )


def _marks(text: str) -> list[str]:
    return [one.rstrip(":").strip() for one in _MARK.findall(_BOUNDS.sub(" ", text))]


def _rendered(maker: Maker, template: str) -> Iterator[str]:
    """Yields what the template makes of conversations such as cards show."""
    make = maker.case.renderer
    render = make(template) if make is not None else None
    talks = (
        [("system", SYSTEM), ("user", USER)],
        [("user", USER)],
        [("user", USER), ("assistant", ANSWER), ("user", LATER)],
        [("system", SYSTEM), ("user", USER), ("assistant", ANSWER), ("user", LATER)],
    )
    if render is None:
        return
    for said in talks:
        try:
            yield render(said, NOON)
        except Refused:
            continue
        except GaveUp:
            return


def _filled(text: str) -> str:
    """Returns a written format with our conversation in its places, without spacing."""

    def said(place: re.Match[str]) -> str:
        return SYSTEM if _SYSTEM_PLACE.search(place.group()) else USER

    return _squeezed(_PLACE.sub(said, text))


def _squeezed(text: str) -> str:
    return " ".join(_BOUNDS.sub(" ", text).split())
