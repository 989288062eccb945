"""The numbers of system calls, beside the kernel's own headers where they are installed."""

import re
from pathlib import Path

import pytest

from runner.confine import syscalls

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
