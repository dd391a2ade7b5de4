# SPDX-License-Identifier: BSD-2-Clause
"""What the debugger, the logs and the disassembler know of user interrupts.

gdb-multiarch itself is used for the registers, through a gdb server on a UNIX socket; the logs are
QEMU's own (-d). Read next: words.py.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from guest import Run, Setup, check
from jobs import Job
from tap import Result
from words import JUMP_TO_ITSELF, machine_of

from emulator.process import Process

USER_REGISTERS = (
    "ustatus", "uie", "utvec", "uscratch", "uepc", "ucause", "utval", "uip",
    "sedeleg", "sideleg", "suist", "suirs",
)  # fmt: skip
DISASSEMBLY = {
    0x0005607B: "uipi.send a0",
    0x0200657B: "uipi.read a0",
    0x0405607B: "uipi.write a0",
    0x0600607B: "uipi.activate",
    0x0800607B: "uipi.deactivate",
    0x000FE07B: "uipi.send t6",
    0x02006FFB: "uipi.read t6",
    0x00200073: "uret",
}
LOGGED = 200


def jobs(setup: Setup) -> Iterator[Job]:
    """gdb, then the logs."""
    for name, work in (
        ("gdb", gdb),
        ("monitor", monitor),
        ("disassembly", disassembly),
        ("log of registers", log_of_registers),
        ("log of traps", log_of_traps),
    ):
        yield Job(f"debugger/{name}", partial(work, setup))


def missing(names: tuple[str, ...], text: str) -> str:
    """Which of the names stand at the start of no line."""
    absent = [name for name in names if not re.search(rf"^\s*{name}\s", text, re.MULTILINE)]
    return f"not shown: {', '.join(absent)}" if absent else ""


def gdb(setup: Setup) -> list[Result]:
    """Reads and writes the registers with gdb."""
    machine = setup.machine("bare", "exit")
    with Process(machine.command(), debugger="") as process:
        commands = (
            f"target remote {process.debugger}", f"info registers {' '.join(USER_REGISTERS)}",
            "set $uscratch = 0x1234", "print/x $uscratch", "kill",
        )  # fmt: skip
        arguments = [part for command in commands for part in ("-ex", command)]
        answer = subprocess.run(
            ["gdb-multiarch", "-nx", "-batch", *arguments, machine.kernel],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=setup.wall, check=False,
        )  # fmt: skip
    told = [*answer.stdout.splitlines(), *answer.stderr.splitlines()]
    wrong = missing(USER_REGISTERS, answer.stdout)
    written = "$1 = 0x1234" in answer.stdout
    return [
        Result("debugger: gdb shows every register of user interrupts", not wrong,
               [wrong, *told] if wrong else []),
        Result("debugger: gdb can write them", written, [] if written else told),
    ]  # fmt: skip


def monitor(setup: Setup) -> list[Result]:
    """The monitor's `info registers`."""
    with Process(setup.machine("bare", "exit").command(), debugger="") as process:
        with process.monitor() as connection:
            text = connection.human("info registers")
    wrong = missing(USER_REGISTERS, text)
    name = "debugger: the monitor shows every register of user interrupts"
    return [Result(name, not wrong, [wrong, *text.splitlines()] if wrong else [])]


def logged(setup: Setup, what: str, words: list[int]) -> tuple[Run, str]:
    """The log of a machine that runs some words."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        extra = ("-d", what, "-D", str(file))
        with machine_of(setup, words, stop_after=LOGGED, extra=extra) as machine:
            run = setup.run(machine)
        return run, file.read_text(errors="replace")


def disassembly(setup: Setup) -> list[Result]:
    """Each instruction as text; register names as people write them."""
    run, log = logged(setup, "in_asm", [*DISASSEMBLY, JUMP_TO_ITSELF])
    results = []
    for word, expected in DISASSEMBLY.items():
        texts = re.findall(rf"{word:08x} +(.+)", log)
        found = any(" ".join(text.split()) == expected for text in texts)
        problem = "" if found else f"the log says: {texts}"
        results.append(check(f"debugger: {word:08x} is shown as {expected}", problem, run))
    return results


def log_of_registers(setup: Setup) -> list[Result]:
    """The log of all registers."""
    run, log = logged(setup, "cpu", [JUMP_TO_ITSELF])
    wrong = missing(USER_REGISTERS, log)
    return [check("debugger: the log of registers (-d cpu) names them", wrong, run)]


def log_of_traps(setup: Setup) -> list[Result]:
    """The log of traps names a user software interrupt."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        machine = setup.machine("bare", "delivery")
        run = setup.run(replace(machine, extra=("-d", "int", "-D", str(file))))
        log = file.read_text(errors="replace")
    problem = "" if "desc=u_software" in log else "no line with desc=u_software"
    return [check("debugger: the log of traps (-d int) names user interrupts", problem, run)]
