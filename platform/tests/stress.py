# SPDX-License-Identifier: BSD-2-Clause
"""Four harts, each a thread of the host, send to each other a million times.

Nothing may be lost, doubled or stuck: the program `stress` counts. This is the one test that cannot
be limited in instructions, because parallel harts are not counted; the wall limit is the last
resort against a hang. The figures are printed, not judged. Read next: stress.cpp.
"""

from collections.abc import Iterator
from functools import partial

from guest import ENVIRONMENTS, Setup
from jobs import Job
from matrix import judge
from tap import Result

BOARDS = ("virt", "fpga")
PARALLEL = {"slice_length": "", "stop_after": 0}


def jobs(setup: Setup) -> Iterator[Job]:
    """Both environments on both boards, each with the host to itself."""
    for environment in ENVIRONMENTS:
        for board in BOARDS:
            name = f"stress/{environment}/{board}"
            yield Job(name, partial(run, setup, name, environment, board), alone=True)


def run(setup: Setup, name: str, environment: str, board: str) -> list[Result]:
    """One run, with its figures at the last result."""
    machine = setup.machine(environment, "stress", board=board, harts=4, **PARALLEL)
    ran = setup.run(machine)
    results = judge(name, ran)
    sends = sum(ran.transcript().values("sends"))
    if sends and results:
        figure = f"{sends} sends in {ran.seconds:.1f} s, {sends / ran.seconds:,.0f} a second"
        results[-1].details += [figure, *ran.transcript().infos]
    return results
