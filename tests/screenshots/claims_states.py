"""The states of the list of claims that pictures are taken of."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.model.ref import ModelRef
from app.tabs.card.claims.panel import ClaimsPanel
from app.tabs.card.side_by_side import CLAIMS
from app.tabs.card.tab import CardTab
from app.window.application import Parts
from runner.session import SessionState
from tests.screenshots.card_states import _chatting, _pause

Wait = Callable[[Callable[[], bool], str], None]

CARD = """---
license: mit
language: [en, de, fr]
base_model: HuggingFaceTB/SmolLM2-135M
datasets: [HuggingFaceTB/smoltalk]
---

# A small model for small machines

It has 135M parameters and a context length of 128k tokens, and runs on a laptop.

## Training

It was aligned with human preferences by DPO on UltraFeedback.

## Evaluation

Measured in bf16 with lm-evaluation-harness, 5-shot.

| Benchmark | Score |
|---|---|
| MMLU | 31.2 |
| ARC-Challenge | 37.3 |

## Environmental impact

[More Information Needed]
"""


def claims(chosen: str, *, probe: bool = False, width: int = 0) -> Callable[[Parts, Wait], None]:
    """The list on the starter with a card beside it, at one claim; perhaps after its probe."""

    def state(parts: Parts, wait: Wait) -> None:
        _chatting(parts, wait)
        models = parts.context.models
        assert models.current is not None
        folder = Path(tempfile.mkdtemp())
        path = folder / "SmolLM2-135M-Instruct.Q4_1.gguf"
        shutil.copy(models.current.path, path)
        (folder / "README.md").write_text(CARD)
        ref = ModelRef(path=path, name="SmolLM2 135M Instruct", size_bytes=path.stat().st_size)
        if width:
            parts.window._body._width = width
            parts.window._body._arrange()
        parts.window.inspector.choose("card")
        if probe:
            models.load(ref)
            wait(lambda: models.current == ref and models.loaded is not None, "it is loaded")
            wait(lambda: models.state is SessionState.READY, "it is ready")
        else:
            models.inspect(ref)
        if parts.window._body.is_overlay:
            parts.window._body.set_open(True)
        wait(lambda: parts.window.findChild(ClaimsPanel) is not None, "the tab is there")
        panel, tab = parts.window.findChild(ClaimsPanel), parts.window.findChild(CardTab)
        assert panel is not None
        assert tab is not None
        wait(lambda: panel.report is not None and panel.shows(path), "the claims are read")
        tab.parts.show_part(CLAIMS)
        panel.choose(chosen)
        if probe:
            panel.details.judging._probe.click()
            wait(lambda: panel.judgement(chosen) is not None, "an answer came")
            wait(lambda: not panel.probes.said_of(chosen), "the probe is over")
        _pause(wait, 0.8)

    return state


CLAIMS_STATES: dict[str, Callable[[Parts, Wait], None]] = {
    "claims": claims("CTX"),
    "claims-wide": claims("EVALQ", width=1000),
    "claims-probe": claims("LANG", probe=True, width=560),
}
