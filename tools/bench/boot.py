# SPDX-License-Identifier: BSD-2-Clause
"""How many instructions the kernel needs from its own first one to the root task's first one.

Measured from outside: QEMU's gdb server stops the machine at both, and tells what hart 0 has
counted (minstret). Read next: tools/emulator/gdbstub.py.
"""

from dataclasses import replace
from pathlib import Path

from emulator.gdbstub import Stub
from emulator.machine import Machine
from emulator.process import Process

from .elf_image import entry_point

# Where OpenSBI's dynamic firmware enters the next program, on every board of QEMU.
KERNEL_ENTRY = 0x80200000
COUNTER = "minstret"


def boot_instructions(machine: Machine) -> int:
    """Starts the machine and stops it at the two places. It has no last instruction of its own: a
    machine that a debugger holds would end at once."""
    machine = replace(machine, stop_after=0)
    with Process(machine.command(), debugger="") as process, Stub(process.debugger, 60) as stub:
        at_kernel = counted_at(stub, KERNEL_ENTRY)
        at_root = counted_at(stub, entry_point(Path(machine.initrd)))
    return at_root - at_kernel


def counted_at(stub: Stub, address: int) -> int:
    """Instructions so far, when the machine comes to the address."""
    stub.run_to(address)
    return stub.registers(stub.threads()[0], (COUNTER,))[COUNTER]
