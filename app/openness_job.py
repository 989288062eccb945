"""The reader's job on openness: a model's header, or a release file, becomes a profile."""

from pathlib import Path

from app.reader_arguments import Openness
from inspector.errors import InspectorError
from inspector.findings.evidence import derive
from inspector.findings.from_header import header_evidence
from inspector.frameworks.mof_file import LARGEST
from inspector.frameworks.profile import Profile, choose, profile, profile_of_release
from inspector.gguf.model import GgufModel
from runner.child.jobs import JobTools

_GGUF = b"GGUF"


def openness(asked: Openness, tools: JobTools) -> Profile:
    """Returns the profile of the file at `asked.path`, by the frameworks that were asked for."""
    path = Path(asked.path)
    rule_sets = choose(asked.framework) if asked.framework else None
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise InspectorError("openness.not_readable", str(error), path=path.name) from error
    if raw.startswith(_GGUF):
        with GgufModel.open(path) as model:
            name = model.metadata.text("general.name") or model.name
            found = derive(model.name, header_evidence(model))
            return profile(found, rule_sets=rule_sets, names=(name,))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InspectorError("openness.neither", str(error), path=path.name) from error
    return profile_of_release(text, document=path.name, rule_sets=rule_sets)
