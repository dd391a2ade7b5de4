# SPDX-License-Identifier: BSD-2-Clause
"""Explains a machine that does not get on: what every hart does, and one sentence.

The machine is looked at twice, a fifth of a second apart, through QEMU's gdb server; then every
hart that is not asleep is led through a few instructions one by one, which shows the loop it is in
and whether that loop takes traps. The machine is left stopped. Examining never fails: if QEMU
does not answer, that is the diagnosis. Read next: causes.py, gdbstub.py.
"""

import time
from dataclasses import dataclass, field

from .causes import TRAPS, describe
from .gdbstub import Stub
from .process import Process
from .qmp import MonitorError
from .symbols import Symbols

PATIENCE = 5.0
BETWEEN_SAMPLES = 0.2
STEPS = 96
LONGEST_LOOP = 48
MTIME = 0x0200BFF8
PRIVILEGES = {0: "U", 1: "S", 3: "M"}
REGISTERS = ("pc", "priv", *(name for trap in TRAPS.values() for name in trap))


@dataclass
class Hart:
    """What was seen of one hart: registers, then the addresses that single steps came to."""

    number: int
    thread: str
    halted: bool
    registers: dict[str, int]
    moved: bool = False
    trace: list[int] = field(default_factory=list)

    @property
    def pc(self) -> int:
        return self.registers.get("pc", 0)

    @property
    def privilege(self) -> str:
        return PRIVILEGES.get(self.registers.get("priv", -1), "?")

    @property
    def loops(self) -> bool:
        """Whether the steps came back to few places again and again."""
        return len(self.trace) == STEPS and len(set(self.trace)) <= LONGEST_LOOP

    @property
    def trap_loop(self) -> str:
        """The privilege (M, S or U) whose trap vector the loop goes through, or nothing."""
        for letter, names in TRAPS.items():
            vector = self.registers.get(names.vector, 0) & ~3
            if self.loops and names.vector in self.registers and vector in self.trace:
                return letter
        return ""


def examine(process: Process, symbols: Symbols, reason: str, remedy: str) -> list[str]:
    """The report: one line a hart, one about time, and the sentence as the last line."""
    try:
        with process.monitor(PATIENCE) as monitor:
            status = monitor.execute("query-status")
            path = f"{process.folder}/gdb"
            monitor.human(f'gdbserver "unix:{path},server=on,wait=off"')
            with Stub(path, PATIENCE) as stub:
                harts, ticks = look(stub)
    except MonitorError as error:
        return [f"{reason}: the emulator itself hangs ({error}), remedy: run it again"]
    lines = [describe_hart(hart, symbols) for hart in harts]
    lines.append(f"virtual time {'advances' if ticks else 'stands still'}")
    if not status["running"]:
        return [*lines, f"{reason}: the machine is stopped ({status['status']}), remedy: {remedy}"]
    return [*lines, f"{reason}: {sentence(harts, symbols)}, remedy: {remedy}"]


def look(stub: Stub) -> tuple[list[Hart], int]:
    """All harts, and by how much the machine's clock moved between the two looks."""
    threads = stub.threads()
    before = [stub.registers(thread, ("pc",)).get("pc") for thread in threads]
    start = stub.physical(MTIME, 8) or 0
    stub.resume()
    time.sleep(BETWEEN_SAMPLES)
    stub.interrupt()
    ticks = (stub.physical(MTIME, 8) or 0) - start
    harts = [
        Hart(number, thread, stub.halted(thread), stub.registers(thread, REGISTERS))
        for number, thread in enumerate(threads)
    ]
    for hart, pc in zip(harts, before):
        hart.moved = hart.pc != pc
        if not hart.halted:
            follow(stub, hart)
    return harts, ticks


def follow(stub: Stub, hart: Hart) -> None:
    """Leads the hart through some instructions; ends early if it falls asleep."""
    for _ in range(STEPS):
        stub.step(hart.thread)
        hart.trace.append(stub.registers(hart.thread, ("pc",)).get("pc", 0))
        if stub.halted(hart.thread):
            return
    hart.registers = stub.registers(hart.thread, REGISTERS)


def describe_hart(hart: Hart, symbols: Symbols) -> str:
    """One line about a hart."""
    name = symbols.locate(hart.pc)
    place = f"{hart.pc:#x} ({name})" if name else f"{hart.pc:#x}"
    state = "waits for an interrupt (WFI)" if hart.halted else "runs"
    words = [f"hart {hart.number}: {state}, privilege {hart.privilege}, pc {place}"]
    words.append("pc moves" if hart.moved else "pc does not move")
    for letter, names in TRAPS.items():
        firmware = letter == "M" and hart.privilege != "M"
        if hart.trap_loop == letter or (hart.registers.get(names.cause) and not firmware):
            words.append(f"last trap to {letter}: {describe_trap(hart, letter, symbols)}")
    return ", ".join(words)


def describe_trap(hart: Hart, letter: str, symbols: Symbols) -> str:
    """What the trap registers of a privilege say."""
    names = TRAPS[letter]
    cause, pc, value = (hart.registers.get(name, 0) for name in names[1:])
    return f"{describe(cause)} at {symbols.describe(pc)}, {names.value} {value:#x}"


def sentence(harts: list[Hart], symbols: Symbols) -> str:
    """What keeps the machine from getting on: the most telling hart.

    Harts that wait in the firmware, in M-mode and code without a name, tell the least.
    """
    ours = [hart for hart in harts if hart.privilege != "M" or symbols.locate(hart.pc)]
    trapped = [hart for hart in harts if hart.trap_loop]
    if trapped:
        return describe_trap_loop(trapped[0], symbols)
    candidates = ours or harts
    for hart in candidates:
        if hart.loops:
            return f"hart {hart.number} loops at {symbols.describe(min(hart.trace))}"
    for hart in candidates:
        if not hart.halted:
            return f"hart {hart.number} runs in {symbols.describe(hart.pc)}"
    places = (f"hart {hart.number} at {symbols.describe(hart.pc)}" for hart in candidates)
    return f"waiting for an interrupt that does not come: {', '.join(places)}"


def describe_trap_loop(hart: Hart, symbols: Symbols) -> str:
    """A hart that traps again and again."""
    names = TRAPS[hart.trap_loop]
    place = symbols.describe(hart.registers.get(names.pc, 0))
    cause = describe(hart.registers.get(names.cause, 0))
    value = hart.registers.get(names.value, 0)
    return f"hart {hart.number} loops at {place} (cause: {cause}, tval {value:#x})"
