"""The numbers of system calls, beside the kernel's own headers where they are installed."""

import re
from pathlib import Path

import pytest

from runner.confine import judged, syscalls

HEADERS = {
    # aarch64 takes the generic table; its header is the same on every processor.
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), syscalls.AARCH64),
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), syscalls.X86_64),
}
DEFINED = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)")


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    header, ours = HEADERS[machine]
    if not header.is_file():
        pytest.skip("the kernel's headers are not installed")
    theirs = {match[1]: int(match[2]) for match in DEFINED.finditer(header.read_text())}
    # A header can be older than the newest calls; what it has must agree.
    assert {
        name: number for name, number in ours.items() if theirs.get(name, number) != number
    } == {}
    assert len(set(ours) & set(theirs)) > 90


def test_no_number_stands_for_two_calls() -> None:
    for _, ours in HEADERS.values():
        assert len(set(ours.values())) == len(ours)


REQUEST = re.compile(
    r"""^\#define\s+(\w+)\s+_IO(|R|W|WR)\(\s*('.'|\w+)\s*,\s*(\w+)\s*(?:,\s*\\?\s*([\w ]+?)\s*)?\)""",
    re.MULTILINE | re.VERBOSE,
)
KINDS = {"": 0, "W": 1, "R": 2, "WR": 3}
SIZES = {"": 0, "int": 4, "long": 8, "__u32": 4, "__u64": 8}
OF_FILES = ("fs", "btrfs", "fscrypt", "fsverity", "msdos_fs")


def test_requests_for_devices_are_the_kernels() -> None:
    headers = [Path(f"/usr/include/linux/{name}.h") for name in OF_FILES]
    if not all(header.is_file() for header in headers):
        pytest.skip("the kernel's headers are not installed")
    numbers = {name: number for number, name in judged.DEVICE_REQUESTS.items()}
    seen: set[str] = set()
    for match in REQUEST.finditer("".join(header.read_text() for header in headers)):
        name, kind, group, place, of = match.groups()
        if name not in numbers:
            continue
        seen.add(name)
        number = numbers[name]
        # Btrfs has the one group with a name of its own.
        letter = ord(group[1]) if group.startswith("'") else 0x94
        assert (number >> 30, number >> 8 & 0xFF) == (KINDS[kind], letter), name
        assert number & 0xFF == int(place, 0), name
        assert (number >> 16 & 0x3FFF) == SIZES.get(of or "", number >> 16 & 0x3FFF), name
    unlisted = {name for name in numbers if name.startswith(("FS_", "BTRFS_", "FAT_"))} - seen
    assert not unlisted
