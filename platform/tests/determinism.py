# SPDX-License-Identifier: BSD-2-Clause
"""The same machine does the same thing every time, and another seed does another.

The program `determinism` prints what depends on how the harts are interleaved. Its console must be
the same to the byte in both runs, the second of which shares the processors with busy
programs. Read next: determinism.cpp, guest.py.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from guest import ENVIRONMENTS, STOPPED_BY_LIMIT, Run, Setup, check
from jobs import Job
from tap import Result

PROGRAM = "determinism"
FIXED = {"slice_length": "1000"}
SEEDS = (1, 2, 3)


def drawn(seed: int) -> dict:
    """Turns of drawn lengths."""
    return {"slice_length": "1..2000", "seed": seed}


def jobs(setup: Setup) -> Iterator[Job]:
    """Every number of harts, both kinds of slices, both environments."""
    for environment in ENVIRONMENTS:
        for harts in (1, 2, 4):
            name = f"determinism/{environment}/{harts} harts"
            yield Job(name, partial(repeated, setup, name, environment, harts))
        name = f"determinism/{environment}/stopped"
        yield Job(name, partial(stopped, setup, name, environment))


@contextlib.contextmanager
def busy_host() -> Iterator[None]:
    """Keeps every processor of the host busy."""
    command = [sys.executable, "-c", "while True: pass"]
    programs = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def ends(run: Run) -> list[str]:
    """What is wrong with a run by itself."""
    transcript = run.transcript()
    return [run.ending(1 if transcript.failed else 0), *transcript.problems()]


def difference(first: str, second: str) -> str:
    """The first place where two outputs differ."""
    if first == second:
        return ""
    lines, others = first.splitlines(), second.splitlines()
    for number, (line, other) in enumerate(zip(lines, others), 1):
        if line != other:
            return f"line {number} differs: '{line}', then '{other}'"
    return f"{len(lines)} lines, then {len(others)}"


def repeated(setup: Setup, name: str, environment: str, harts: int) -> list[Result]:
    """Fixed slices twice, every seed twice, and the seeds among each other."""
    fixed = twice(setup, f"{name}: fixed slices repeat", environment, harts, FIXED)
    results, seeded = [fixed[0]], []
    for seed in SEEDS:
        title = f"{name}: seed {seed} repeats"
        result, run = twice(setup, title, environment, harts, drawn(seed))
        results.append(result)
        seeded.append(run)
    if harts > 1:
        same = len({run.output for run in seeded}) < len(SEEDS)
        problem = "two seeds gave the same output" if same else ""
        results.append(check(f"{name}: seeds differ from each other", problem, *seeded[:2]))
    return results


def twice(
    setup: Setup, name: str, environment: str, harts: int, turns: dict
) -> tuple[Result, Run]:
    """Two runs, the second on a busy host."""
    machine = setup.machine(environment, PROGRAM, harts=harts, **turns)
    first = setup.run(machine)
    with busy_host():
        second = setup.run(machine)
    problems = [*ends(first), *ends(second), difference(first.output, second.output)]
    return check(name, problems, first), first


def stopped(setup: Setup, name: str, environment: str) -> list[Result]:
    """Where all harts are when the limit of instructions ends the machine."""
    machine = setup.machine(environment, "spin", stop_after=30_000_000, **drawn(1))
    first = setup.run(machine)
    with busy_host():
        second = setup.run(machine)
    problems = [
        first.ending(STOPPED_BY_LIMIT),
        second.ending(STOPPED_BY_LIMIT),
        difference(first.errors, second.errors),
    ]
    return [check(f"{name}: the limit finds every hart at the same place", problems, first)]
