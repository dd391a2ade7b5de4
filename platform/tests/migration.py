# SPDX-License-Identifier: BSD-2-Clause
"""The whole state of user interrupts moves to another process.

The program `state` sets everything up and calls `migration_point`, where a breakpoint stops it. The
machine is written to a file, the process ended, a new one reads the file and lets the program go
on, which then verifies all it set up. Read next: state.cpp, tools/emulator/gdbstub.py.
"""

import contextlib
import shlex
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from guest import ENVIRONMENTS, Setup, check
from jobs import Job
from matrix import judge
from tap import Result

from emulator.gdbstub import Stub
from emulator.machine import Machine
from emulator.process import Process
from emulator.qmp import Monitor, MonitorError
from emulator.symbols import Symbols

POLL = 0.02
JUMP_TO_ITSELF = bytes.fromhex("01a0")  # c.j


class MigrationError(Exception):
    """The machine could not be written or read."""


def jobs(setup: Setup) -> Iterator[Job]:
    """Both environments on both boards."""
    for environment in ENVIRONMENTS:
        for board in ("virt", "fpga"):
            name = f"migration/{environment}/{board}"
            yield Job(name, partial(moved, setup, name, environment, board))
    yield Job("migration/refused", partial(refused, setup))


def moved(setup: Setup, name: str, environment: str, board: str) -> list[Result]:
    """Through a file into a new process."""
    machine = setup.machine(environment, "state", board=board)
    with tempfile.NamedTemporaryFile(prefix="rel4-machine-") as file:
        write(setup, machine, file.name)
        run = setup.run(reader(machine, file.name), partial(go_on, setup))
    return judge(name, run)


def refused(setup: Setup) -> list[Result]:
    """A machine without a UINTC does not take the state of one that has it."""
    machine = setup.machine("bare", "state")
    with tempfile.NamedTemporaryFile(prefix="rel4-machine-") as file:
        write(setup, machine, file.name)
        run = setup.run(reader(replace(machine, board_options="uintc=off"), file.name))
    wrong = "" if "riscv.uintc" in run.errors.replace("_", ".") else "no message names the UINTC"
    problems = [run.ending(1), wrong]
    return [check("migration: a machine without a UINTC refuses the state", problems, run)]


def write(setup: Setup, machine: Machine, file: str) -> None:
    """Runs the machine to its migration point and writes it to a file."""
    point = Symbols([machine.kernel]).address("migration_point")
    if point is None:
        raise MigrationError(f"{machine.kernel} has no symbol migration_point")
    with Process(machine.command(), debugger="") as process:
        with process.monitor(setup.wall) as monitor, Stub(process.debugger, setup.wall) as stub:
            hold(stub, point)
            monitor.execute("migrate", uri=f"exec:cat > {shlex.quote(file)}")
            wait(setup, monitor, "query-migrate", ("completed", "failed"), "completed")


def hold(stub: Stub, point: int) -> None:
    """Stops the machine at the point, as a user would do who pauses it.

    QEMU does not take over a machine that stands at a breakpoint. So for a moment the hart runs
    in a loop of one instruction there.
    """
    stub.run_to(point)
    instruction = stub.read(point, len(JUMP_TO_ITSELF))
    stub.write(point, JUMP_TO_ITSELF)
    stub.resume()
    stub.interrupt()
    stub.write(point, instruction)


def reader(machine: Machine, file: str) -> Machine:
    """The same machine, which begins with the state in the file."""
    extra = (*machine.extra, "-incoming", f"exec:cat {shlex.quote(file)}")
    return replace(machine, extra=extra)


def go_on(setup: Setup, process: Process) -> None:
    """Starts a machine that has been read; it was stopped when it was written.

    A QEMU that gave up while it read is the run's own story to tell.
    """
    with contextlib.suppress(MonitorError), process.monitor(setup.wall) as monitor:
        wait(setup, monitor, "query-status", ("paused",), "")
        monitor.execute("cont")


def wait(setup: Setup, monitor: Monitor, query: str, ends: tuple[str, ...], wanted: str) -> None:
    """Asks until the status is one of the ends."""
    deadline = time.monotonic() + setup.wall
    while (status := monitor.execute(query).get("status")) not in ends:
        if time.monotonic() > deadline:
            raise MigrationError(f"{query} still says '{status}' (wall limit)")
        time.sleep(POLL)
    if wanted and status != wanted:
        raise MigrationError(f"{query} says '{status}' instead of '{wanted}'")
