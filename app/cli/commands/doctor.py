"""`lightwell doctor`: what this machine has and what works here."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from app.cli.command import Command, Exit

if TYPE_CHECKING:
    from app.cli.checkup import Checkup, DeviceFound
    from app.cli.desk import Desk
    from app.cli.screen import Screen

GIB = 1024**3
CPU_ONLY = "the CPU alone; this build of llama.cpp has found no GPU"


def _describe(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(wanted: Namespace, desk: "Desk") -> int:
    import msgspec

    from app.cli.checkup import check_up

    found = check_up(desk)
    if wanted.json:
        desk.screen.json(msgspec.to_builtins(found))
    else:
        _print(found, desk.screen)
    return Exit.DONE if found.engine.works and found.reader.works else Exit.FAILED


def _print(found: "Checkup", screen: "Screen") -> None:
    from app.cli.columns import print_groups
    from app.words.wording import words

    machine, engine = found.machine, found.engine
    cores = f"{machine.physical_cores} cores, {machine.logical_cores} threads"
    groups: dict[str, list[tuple[str, str]]] = {
        "Machine": [
            ("system", machine.system),
            ("processor", machine.processor or "unknown"),
            ("cores", f"{cores}; {machine.usable_cores} usable here"),
            ("memory", _memory(machine.memory_free, machine.memory_total, machine.memory_limited)),
            ("Python", machine.python),
        ],
        "Versions": [(name, number or "not installed") for name, number in found.versions.items()],
        "Starter model": [
            ("file", found.starter.path or "not installed"),
            ("SHA-256", "as on record" if found.starter.matches else "differs, or no file"),
        ],
        "Folders": [
            (folder.name, folder.path + ("" if folder.writable else " (cannot be written)"))
            for folder in found.folders
        ],
    }
    if engine.works:
        groups["Engine"] = [
            *sorted(engine.build.items()),
            *([("device", _device(device)) for device in engine.devices] or [("device", CPU_ONLY)]),
            ("layers", f"{engine.layers} layers, {engine.layers_offloaded} of them on a GPU"),
            ("threads", str(engine.threads)),
            ("load", f"{engine.load_seconds:.2f} s"),
            ("speed", f"{engine.tokens_per_second:.1f} tokens/s on the starter model"),
        ]
    else:
        said = words(engine.problem)
        groups["Engine"] = [("does not work", f"{said.title} {said.remedy}"), ("", engine.detail)]
    if not found.reader.works:
        said = words(found.reader.problem)
        groups["Reader"] = [
            ("does not work", f"{said.title} {said.remedy}"),
            ("", found.reader.detail),
        ]
    for process in found.enforced:
        groups[f"In force for the {process.process}"] = [
            ("label", process.label),
            ("by", ", ".join(process.means) or "nothing"),
            ("missing", ", ".join(process.missing) or "nothing"),
            ("can reach", ", ".join(process.openings) or "nothing listed"),
            ("refused calls", str(process.refused_calls)),
        ]
    print_groups(groups, screen)


def _memory(free: int, total: int, limited: bool) -> str:
    if not total:
        return "unknown"
    said = f"{free / GIB:.1f} GB free of {total / GIB:.1f} GB"
    return said + (" (the container's limit)" if limited else "")


def _device(device: "DeviceFound") -> str:
    said = f"{device.name}: {device.description}"
    if device.memory_total:
        said += f", {_memory(device.memory_free, device.memory_total, limited=False)}"
    return said if device.tried else said + " (not tried on this kind of device)"


COMMAND = Command(
    name="doctor",
    help="show what this machine has, what works here and what is enforced",
    describe=_describe,
    run=_run,
)
