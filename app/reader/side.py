"""The reader's job for a comparison: one file, with its profile, its licences and what it is."""

from pathlib import Path

import msgspec

from app.reader.arguments import Openness
from app.reader.licence import licences
from app.reader.openness import profile_of_model
from inspector.claims.inputs import KeptText
from inspector.comparison import Side
from inspector.gguf.model import GgufModel
from inspector.inspection import inspect_model
from runner.child.jobs import JobTools


def side(asked: Openness, tools: JobTools) -> Side:
    """Reads one model for a comparison."""
    with GgufModel.open(Path(asked.path)) as model:
        # What was kept of the file's own repository, which is the first.
        own = asked.repositories[:1]
        kept = [KeptText(name=name, text=text) for one in own for name, text in one.texts]
        licence = licences(model, asked.documents, kept)
        return Side(
            name=model.name,
            kind="file",
            profile=profile_of_model(model, asked),
            licence=msgspec.structs.replace(
                licence,
                texts=tuple(msgspec.structs.replace(one, text="") for one in licence.texts),
                notice=licence.notice and msgspec.structs.replace(licence.notice, text=""),
            ),
            looked=msgspec.structs.replace(inspect_model(model), tensors=(), metadata=()),
        )
