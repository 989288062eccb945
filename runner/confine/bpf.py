"""A small assembler for the kernel's packet-filter language, as seccomp uses it.

A program is a list of instructions; jumps are given as how many instructions to skip. The few
shapes that a filter of system calls needs are functions here, each of which either returns a
verdict or falls through to what follows.
"""

import struct
from collections.abc import Sequence

Instruction = tuple[int, int, int, int]
Program = list[Instruction]

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

KILL_PROCESS = 0x80000000
ERRNO = 0x00050000
USER_NOTIFY = 0x7FC00000
ALLOW = 0x7FFF0000

NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Offsets within `struct seccomp_data`; arguments are eight bytes each, low half first."""

LONGEST = 4096


def load(offset: int) -> Instruction:
    """Loads a 32-bit word of the call's description."""
    return (LOAD, 0, 0, offset)


def argument(index: int) -> Instruction:
    """Loads the low half of an argument; what the filter compares are 32-bit values in the kernel."""
    return load(FIRST_ARGUMENT + 8 * index)


def upper_half(index: int) -> Instruction:
    """Loads the high half of an argument, where that is an address in memory."""
    return load(FIRST_ARGUMENT + 8 * index + 4)


def verdict(value: int) -> Instruction:
    """Ends the program."""
    return (RETURN, 0, 0, value)


def refuse_with(error: int) -> int:
    """Returns the verdict that makes a call fail with an error number."""
    return ERRNO | error


def for_number(number: int, body: Sequence[Instruction]) -> Program:
    """Runs `body` for one system call; it must end in a verdict. Others fall through.

    The number must be loaded before and is loaded again by nothing here: a body that loads an
    argument has to end the program.
    """
    if len(body) > 255:
        raise ValueError("a body is too long to jump over")
    return [(JUMP_EQUAL, 0, len(body), number), *body]


def if_equal(value: int, then: int, otherwise: int) -> Program:
    """Compares what is loaded; ends the program with one of two verdicts."""
    return [(JUMP_EQUAL, 0, 1, value), verdict(then), verdict(otherwise)]


def when_equal(value: int, then: int) -> Program:
    """Ends the program with `then` where what is loaded is the value."""
    return [(JUMP_EQUAL, 0, 1, value), verdict(then)]


def if_any_bit(bits: int, then: int) -> Program:
    """Ends the program with `then` where any of the bits is set in what is loaded."""
    return [(JUMP_ANY_BIT, 0, 1, bits), verdict(then)]


def unless_equal(value: int, then: int) -> Program:
    """Ends the program with `then` where what is loaded is another value."""
    return [(JUMP_EQUAL, 1, 0, value), verdict(then)]


def if_at_least(value: int, then: int) -> Program:
    """Ends the program with `then` where what is loaded is the value or more."""
    return [(JUMP_AT_LEAST, 0, 1, value), verdict(then)]


def pack(program: Sequence[Instruction]) -> bytes:
    """Encodes a program for the kernel."""
    if not 0 < len(program) <= LONGEST:
        raise ValueError(f"a program of {len(program)} instructions")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
