"""Lines that the Chat page shows about its state. Knows no Qt but its translation."""

from app.chat.composer.preset_words import preset_title
from app.chat.running.conversation import InForce
from app.model.ref import ModelRef
from app.words.translation import translate
from runner.session import SessionState


def hint_words(state: SessionState, current: ModelRef | None, loaded: float) -> str:
    """Returns what the empty box says: whom a question goes to, or why it can't."""
    if current is None:
        return translate("Chat", "Open a model to ask it something")
    if state is SessionState.LOADING:
        said = translate("Chat", "{} is loading, {:.0%} so far")
        return said.format(current.name, loaded)
    if state is SessionState.FAILED:
        said = translate("Chat", "{} is not running. What you type stays here.")
        return said.format(current.name)
    return translate("Chat", "Ask {}…").format(current.name)


def options_words(in_force: InForce, seed: int | None, system: str) -> str:
    """Returns in a few words what a chat runs with."""
    presets = [source for source in in_force.sources.values() if source.startswith("preset:")]
    if presets:
        parts = [preset_title(presets[0].partition(":")[2])]
    else:
        temperature = in_force.sampling.temperature
        parts = [translate("Chat", "temperature {:g}").format(temperature)]
    if seed is not None:
        parts.append(translate("Chat", "seed {}").format(seed))
    if system.strip():
        parts.append(translate("Chat", "system prompt"))
    return " · ".join(parts)
