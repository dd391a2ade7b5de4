# SPDX-License-Identifier: BSD-2-Clause
"""Runs inside gdb: where harts are, as frames with function, file and line.

explain.py starts it, and tells it in environment variables what to do. It writes one line of JSON,
behind BEGIN, for gdb prints more. What the machine holds may be made to mislead: numbers of frames
are bounded, and names come from the programs' files only. Read next: explain.py.
"""

import json
import os
import sys
from pathlib import Path

import gdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.causes import describe  # noqa: E402
from emulator.places import BEGIN, MOST_FRAMES, Program, plain_name, program_at  # noqa: E402

MOST_TRAPS = 200
TRAPPED = "trap_of_kernel"  # a label of entry.S; a student's may have another name
STOPPED = "panic"
WORD = (1 << 64) - 1


def register(name: str) -> int:
    """A register of the selected hart."""
    return int(gdb.parse_and_eval(f"${name}")) & WORD


def frames() -> list[dict]:
    """The selected hart's functions, the innermost first. A broken stack ends them."""
    found = []
    frame = gdb.newest_frame()
    try:
        while frame is not None and frame.is_valid() and len(found) < MOST_FRAMES:
            found.append(described(frame))
            frame = frame.older()
    except gdb.error:
        pass
    return found


def described(frame: gdb.Frame) -> dict:
    """One function that is being executed."""
    place = frame.find_sal()
    file = place.symtab.filename if place.symtab else ""
    return {"pc": frame.pc() & WORD, "function": plain_name(frame.name() or ""),
            "file": os.path.normpath(file) if file else "", "line": place.line}  # fmt: skip


def frames_of_trap() -> list[dict]:
    """The frames that a trap of the kernel interrupted. At its label sp and sscratch are exchanged,
    and nothing else is changed yet."""
    kept = register("pc"), register("sp")
    set_place(register("sepc"), register("sscratch"))
    found = frames()
    set_place(*kept)
    return found


def set_place(pc: int, stack: int) -> None:
    """Moves the selected hart."""
    gdb.execute(f"set $pc = {pc:#x}")
    gdb.execute(f"set $sp = {stack:#x}")


def stop() -> dict:
    """Runs the machine until its kernel stops it."""
    set_breakpoints()
    trap: dict = {}
    for _ in range(MOST_TRAPS):
        gdb.execute("continue")
        if gdb.newest_frame().name() != TRAPPED:
            break
        trap = {"cause": describe(register("scause")), "value": register("stval"),
                "frames": frames_of_trap()}  # fmt: skip
    found = frames()
    names = [frame["function"] for frame in found]
    if "kernel_trapped" not in names:
        return {"frames": found}
    return {"frames": found, "trap": trap or trap_without_label()}


def set_breakpoints() -> None:
    """Only where there is something: gdb asks about names that it does not know."""
    for name in (STOPPED, TRAPPED):
        if gdb.lookup_global_symbol(name) or has_label(name):
            gdb.execute(f"break *{name}" if name == TRAPPED else f"break {name}")


def has_label(name: str) -> bool:
    """Whether the programs have a symbol of that name, which may have no type."""
    try:
        gdb.parse_and_eval(f"(long) &{name}")
    except gdb.error:
        return False
    return True


def trap_without_label() -> dict:
    """What is known of a trap when its registers are lost: where, and why."""
    place = gdb.find_pc_line(register("sepc"))
    block = gdb.block_for_pc(register("sepc"))
    while block and not block.function:
        block = block.superblock
    frame = {"pc": register("sepc"), "function": plain_name(block.function.name) if block else "",
             "file": os.path.normpath(place.symtab.filename) if place.symtab else "",
             "line": place.line}  # fmt: skip
    return {"cause": describe(register("scause")), "value": register("stval"),
            "frames": [frame]}  # fmt: skip


def harts(programs: list[Program]) -> list[list[dict]]:
    """The frames of every hart of a machine that is stopped."""
    found = []
    for thread in sorted(gdb.selected_inferior().threads(), key=lambda each: each.num):
        thread.switch()
        found.append(frames_with(programs))
    return found


def frames_with(programs: list[Program]) -> list[dict]:
    """The selected hart's frames. Programs lie at the same addresses: one is chosen by what stands
    in memory where the hart is."""
    pc = register("pc")
    try:
        memory = bytes(gdb.selected_inferior().read_memory(pc, 16))
    except gdb.error:
        return frames()
    program = program_at(programs, pc, memory)
    if program is None:
        return frames()
    gdb.execute(f"add-symbol-file {program.path}", to_string=True)
    found = frames()
    gdb.execute(f"remove-symbol-file -a {pc:#x}", to_string=True)
    return found


def main() -> None:
    """Writes what was asked for."""
    for setting in ("confirm off", "pagination off", "architecture riscv:rv64"):
        gdb.execute(f"set {setting}", to_string=True)
    gdb.execute(f"file {os.environ['REL4_KERNEL']}", to_string=True)
    gdb.execute(f"target remote {os.environ['REL4_SOCKET']}", to_string=True)
    paths = os.environ.get("REL4_PROGRAMS", "").split("\n")
    what = stop() if os.environ["REL4_MODE"] == "stop" else \
        {"harts": harts([Program.read(Path(path)) for path in paths if path])}  # fmt: skip
    print(BEGIN + json.dumps(what), flush=True)


try:
    main()
except gdb.error as error:
    print(f"explain: {error}", file=sys.stderr)
