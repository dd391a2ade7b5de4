# SPDX-License-Identifier: BSD-2-Clause
"""Trap causes in words, and the registers that a trap to each privilege leaves behind.

The names are those of the privileged architecture; user interrupts (codes 0, 4, 8) are those of the
N extension. Read next: diagnosis.py.
"""

from typing import NamedTuple

INTERRUPT = 1 << 63
EXCEPTIONS = {
    0: "instruction address misaligned",
    1: "instruction access fault",
    2: "illegal instruction",
    3: "breakpoint",
    4: "load address misaligned",
    5: "load access fault",
    6: "store address misaligned",
    7: "store access fault",
    8: "ecall from U",
    9: "ecall from S",
    11: "ecall from M",
    12: "instruction page fault",
    13: "load page fault",
    15: "store page fault",
}
INTERRUPTS = {
    0: "user software interrupt",
    1: "supervisor software interrupt",
    3: "machine software interrupt",
    4: "user timer interrupt",
    5: "supervisor timer interrupt",
    7: "machine timer interrupt",
    8: "user external interrupt",
    9: "supervisor external interrupt",
    11: "machine external interrupt",
}


class TrapRegisters(NamedTuple):
    """The names of one privilege's trap registers."""

    vector: str
    cause: str
    pc: str
    value: str


TRAPS = {
    letter: TrapRegisters(f"{prefix}tvec", f"{prefix}cause", f"{prefix}epc", f"{prefix}tval")
    for letter, prefix in (("M", "m"), ("S", "s"), ("U", "u"))
}


def describe(cause: int) -> str:
    """A cause register in words."""
    code = cause & ~INTERRUPT
    if cause & INTERRUPT:
        return INTERRUPTS.get(code, f"interrupt {code}")
    return EXCEPTIONS.get(code, f"exception {code}")
