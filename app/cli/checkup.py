"""What `lightwell doctor` finds out: the machine, the engine, what is enforced, the folders."""

import hashlib
import os
import platform
import queue
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from app.cli.desk import Desk
from app.cli.talk import Talk, sampling_for
from app.model.devices import is_tried
from app.words.endings import ending_error
from runner import hardware
from runner.errors import RunnerError
from runner.library import paths
from runner.library.starter import starter
from runner.protocol.common import Ended, Ready
from runner.protocol.engine import Role, Said

SCHEMA = "lightwell.doctor/1"
LIBRARIES = ("lightwell", "PySide6-Essentials", "llama-cpp-python", "gguf", "huggingface-hub")
READER_START_S = 10.0
TRIAL_TOKENS = 32


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What the app runs on; memory is 0 where unknown."""

    system: str
    python: str
    processor: str
    architecture: str
    physical_cores: int
    logical_cores: int
    usable_cores: int
    memory_total: int
    memory_free: int
    memory_limited: bool


class DeviceFound(msgspec.Struct, frozen=True, kw_only=True):
    """A device that the build of llama.cpp can use; `tried` is false for kinds never tried."""

    name: str
    description: str
    memory_total: int
    memory_free: int
    tried: bool


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """How the engine did with the starter model; `problem` is a code where it did not."""

    works: bool
    problem: str = ""
    detail: str = ""
    build: dict[str, str] = {}
    devices: list[DeviceFound] = []
    layers: int = 0
    layers_offloaded: int = 0
    threads: int = 0
    load_seconds: float = 0.0
    tokens_per_second: float = 0.0


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the process that reads files starts; `problem` is a code where it does not."""

    works: bool
    problem: str = ""
    detail: str = ""


class Enforced(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force for one process, as the porter read it from the system."""

    process: str
    label: str
    means: list[str]
    missing: list[str]
    openings: list[str]
    refused_calls: int


class StarterFound(msgspec.Struct, frozen=True, kw_only=True):
    """The starter model's file; `matches` says whether its SHA-256 is the one on record."""

    name: str
    path: str
    matches: bool


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of the app; `writable` also where it could be made."""

    name: str
    path: str
    exists: bool
    writable: bool


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found."""

    schema: str
    versions: dict[str, str]
    machine: Machine
    engine: Engine
    reader: Reader
    enforced: list[Enforced]
    starter: StarterFound
    folders: list[Folder]


def check_up(desk: Desk) -> Checkup:
    """Looks at everything; takes a second or two, because it really loads and runs the starter."""
    found = _starter()
    talk = Talk(desk)
    try:
        engine = _engine(talk, found)
        reader = _reader(desk)
        enforced = _enforced(desk)
    finally:
        talk.close()
    return Checkup(
        schema=SCHEMA,
        versions={name: _version(name) for name in LIBRARIES},
        machine=_machine(),
        engine=engine,
        reader=reader,
        enforced=enforced,
        starter=found,
        folders=_folders(),
    )


def _engine(talk: Talk, found: StarterFound) -> Engine:
    if not found.path:
        return Engine(works=False, problem="cli.no_starter")
    try:
        loaded = talk.load(Path(found.path))
        sampling, _ = sampling_for(loaded)
        question = [Said(Role.USER, starter().questions[0])]
        spoken = talk.answer(question, sampling, 0, max_tokens=TRIAL_TOKENS)
    except RunnerError as error:
        return Engine(works=False, problem=error.code, detail=error.detail, build=talk.build)
    return Engine(
        works=True,
        build=talk.build,
        devices=[
            DeviceFound(
                name=device.name,
                description=device.description,
                memory_total=device.memory_total,
                memory_free=device.memory_free,
                tried=is_tried(device.name),
            )
            for device in loaded.devices
        ],
        layers=loaded.layers,
        layers_offloaded=loaded.layers_offloaded,
        threads=spoken.done.threads,
        load_seconds=loaded.seconds,
        tokens_per_second=spoken.done.decode_tps,
    )


def _reader(desk: Desk) -> Reader:
    """Starts a reader, so that what is in force for it can be read as well."""
    heard: queue.SimpleQueue[object] = queue.SimpleQueue()
    desk.porter.start("reader", on_event=heard.put)
    deadline = time.monotonic() + READER_START_S
    while (left := deadline - time.monotonic()) > 0:
        try:
            event = heard.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, Ready):
            return Reader(works=True)
        if isinstance(event, Ended):
            error = ending_error(event)
            return Reader(works=False, problem=error.code, detail=error.detail)
    return Reader(works=False, problem="cli.no_answer", detail=f"{READER_START_S:.0f} s")


def _enforced(desk: Desk) -> list[Enforced]:
    return [
        Enforced(
            process=facts.kind,
            label=facts.label,
            means=list(facts.means),
            missing=list(facts.missing),
            openings=list(facts.openings),
            refused_calls=refused,
        )
        for facts, refused in desk.porter.facts()
    ]


def _system() -> str:
    """Names the system. `platform.platform` would start a program to ask for the processor: an attempt."""
    said, library = platform.uname(), "".join(platform.libc_ver())
    parts = (said.system, said.release, said.machine, library and f"with-{library}")
    return "-".join(filter(None, parts))


def _machine() -> Machine:
    processor, memory = hardware.processor(), hardware.memory()
    return Machine(
        system=_system(),
        python=platform.python_version(),
        processor=processor.name,
        architecture=processor.architecture,
        physical_cores=processor.physical_cores,
        logical_cores=processor.logical_cores,
        usable_cores=processor.usable_cores,
        memory_total=memory.total if memory else 0,
        memory_free=memory.free if memory else 0,
        memory_limited=bool(memory and memory.limited),
    )


def _starter() -> StarterFound:
    facts = starter()
    path = facts.path()
    if path is None:
        return StarterFound(name=facts.name, path="", matches=False)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return StarterFound(name=facts.name, path=str(path), matches=digest == facts.sha256)


def _folders() -> list[Folder]:
    folders = {
        "settings": paths.config_folder(),
        "chats": paths.data_folder(),
        "models": paths.models_folder(),
        "cache": paths.cache_folder(),
        "logs": paths.state_folder(),
    }
    return [
        Folder(name=name, path=str(path), exists=path.is_dir(), writable=_is_writable(path))
        for name, path in folders.items()
    ]


def _is_writable(folder: Path) -> bool:
    """Whether files can be made there, now or once the folder has been made."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(nearest, os.W_OK | os.X_OK)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
