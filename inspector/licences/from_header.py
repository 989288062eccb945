"""What a file's header states of licences and of base models, as the report takes it."""

from inspector.facts import Fact, unknown
from inspector.licences.parts import Part
from inspector.licences.report import Label, Relative
from inspector.summary import Relative as HeaderRelative
from inspector.summary import Summary


def labels_of(summary: Summary) -> tuple[Label, ...]:
    """Returns the label of the weights; a header states nothing of code, data or documents."""
    return (
        Label(
            part=Part.WEIGHTS,
            stated=summary.licence,
            name=summary.licence_name,
            link=summary.licence_link,
        ),
    )


def relatives_of(summary: Summary) -> tuple[Relative, ...]:
    """Returns the base models that the header names; it never says under which licence they are."""
    named = ((repository_of(one), one) for one in summary.base_models)
    return tuple(
        Relative(model=model, stated=_unsaid(relative)) for model, relative in named if model
    )


def repository_of(relative: HeaderRelative) -> str:
    """Returns `owner/name` of a base model, from its address or else from its names."""
    address = relative.repository.text
    owner_and_name = address.rstrip("/").split("/")[-2:]
    if address and len(owner_and_name) == 2 and all(owner_and_name):
        return "/".join(owner_and_name)
    parts = (relative.organisation.text, relative.name.text)
    return "/".join("-".join(part.split()) for part in parts if part)


def _unsaid(relative: HeaderRelative) -> Fact:
    sources = (*relative.repository.sources, *relative.name.sources)
    return unknown("settle.base_licence", [one for one in sources if one.where])
