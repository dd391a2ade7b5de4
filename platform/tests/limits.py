# SPDX-License-Identifier: BSD-2-Clause
"""The limit of instructions: the machine stops, whatever the guest does, at the exact instruction.

Status 124 when the limit is reached, 125 when every hart sleeps and nothing can wake one; on
standard error a first line that says so and a line for each hart. Read next: guest.py.
"""

import re
import time
from collections.abc import Iterator
from functools import partial

from guest import ENVIRONMENTS, STOPPED_ASLEEP, STOPPED_BY_LIMIT, Run, Setup, check
from jobs import Job
from tap import Result
from words import JUMP_TO_ITSELF, JUMP_TO_ZERO, NOP, RESET_INSTRUCTIONS, START, machine_of

from emulator.process import Process

ASLEEP = "stopped: every hart waits and no timer is set"
HART = re.compile(r"hart (\d+): pc=(0x[0-9a-f]+) (?:\(.*\) )?priv=([USM])( asleep)?")
STOPPED_FOR = 0.3
SPINNING = 50_000_000
TRAPS = 1_000_000


def jobs(setup: Setup) -> Iterator[Job]:
    """One job for each way not to end."""
    for environment in ENVIRONMENTS:
        name = f"limits/{environment}"
        yield Job(f"{name}/spinning", partial(spinning, setup, name, environment))
        yield Job(f"{name}/asleep", partial(asleep, setup, name, environment))
    for name, work in (
        ("exact", exact),
        ("trap loop", trap_loop),
        ("one asleep", one_asleep),
        ("stopped by a debugger", stopped_by_debugger),
        ("reset", reset),
    ):
        yield Job(f"limits/{name}", partial(work, setup))


def reports(run: Run, first: str, harts: int) -> str:
    """What is wrong with the report of a stopped machine."""
    lines = run.errors.splitlines()
    if lines[:1] != [first]:
        return f"the first line is not '{first}'"
    numbers = [match[1] for match in map(HART.fullmatch, lines[1:]) if match]
    if numbers != [str(hart) for hart in range(harts)]:
        return f"not one line for each of {harts} harts"
    return ""


def spinning(setup: Setup, name: str, environment: str) -> list[Result]:
    """A guest that spins with interrupts off."""
    run = setup.run(setup.machine(environment, "spin", stop_after=SPINNING))
    first = f"stopped: {SPINNING} instructions executed"
    problems = [run.ending(STOPPED_BY_LIMIT), reports(run, first, 4)]
    return [check(f"{name}: spinning with interrupts off ends with 124", problems, run)]


def asleep(setup: Setup, name: str, environment: str) -> list[Result]:
    """A guest in which every hart waits for ever."""
    run = setup.run(setup.machine(environment, "sleep"))
    problems = [run.ending(STOPPED_ASLEEP), reports(run, ASLEEP, 4)]
    return [check(f"{name}: all harts asleep end with 125", problems, run)]


def exact(setup: Setup) -> list[Result]:
    """A hart in a row of NOPs shows by its pc how many it has executed."""
    results = []
    for limit in (7, 100, 1000, 30_001):
        for turn in ("", "3", "5..50"):
            words = [NOP] * limit
            with machine_of(setup, words, stop_after=limit, slice_length=turn) as machine:
                run = setup.run(machine)
            pc = START + 4 * (limit - RESET_INSTRUCTIONS)
            wrong = "" if f"pc={pc:#x} " in run.errors else f"the pc is not {pc:#x}"
            problems = [run.ending(STOPPED_BY_LIMIT), wrong]
            how = f"with slices {turn}" if turn else "without slices"
            results.append(check(f"limits: stops after exactly {limit} {how}", problems, run))
    return results


def trap_loop(setup: Setup) -> list[Result]:
    """A trap vector that cannot be fetched: traps without end and not one instruction."""
    with machine_of(setup, [JUMP_TO_ZERO], stop_after=TRAPS) as machine:
        run = setup.run(machine)
    problem = run.ending(STOPPED_BY_LIMIT)
    return [check("limits: a loop of traps without instructions is stopped", problem, run)]


def one_asleep(setup: Setup) -> list[Result]:
    """Two harts, of which only one sleeps: no end until the limit."""
    read_hart_id, skip_if_not_zero = 0xF1402573, 0x00051463
    wait, back = 0x10500073, 0xFFDFF06F
    words = [read_hart_id, skip_if_not_zero, JUMP_TO_ITSELF, wait, back]
    with machine_of(setup, words, stop_after=SPINNING, harts=2, slice_length="1000") as machine:
        run = setup.run(machine)
    states = [bool(match[4]) for match in map(HART.fullmatch, run.errors.splitlines()) if match]
    wrong = "" if states == [False, True] else f"asleep: {states} instead of hart 1 alone"
    problems = [run.ending(STOPPED_BY_LIMIT), wrong]
    return [check("limits: a sleeping hart beside a spinning one", problems, run)]


def stopped_by_debugger(setup: Setup) -> list[Result]:
    """A machine that a debugger has stopped executes nothing, and yet it does not sleep."""
    name = "limits: a machine stopped by a debugger is not taken for asleep"
    with machine_of(setup, [JUMP_TO_ITSELF], stop_after=2**40) as machine:
        with Process(machine.command()) as process, process.monitor() as monitor:
            monitor.execute("stop")
            time.sleep(STOPPED_FOR)
            alive = process.child.poll() is None
            status = monitor.execute("query-status")["status"] if alive else "ended"
    return [Result(name, status == "paused", [] if alive else ["the machine ended"])]


def reset(setup: Setup) -> list[Result]:
    """A machine that resets itself ends as it does without a limit, not as one that sleeps."""
    to_finisher = [0x00100537, 0x000072B7, 0x77728293, 0x00552023]  # *0x100000 = 0x7777
    with machine_of(setup, [*to_finisher, JUMP_TO_ITSELF], stop_after=SPINNING) as machine:
        run = setup.run(machine)
    return [check("limits: a reset is no sleep", run.ending(0), run)]
