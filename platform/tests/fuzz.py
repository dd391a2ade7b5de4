# SPDX-License-Identifier: BSD-2-Clause
"""Random CSR writes, MMIO and uipi.* must never bring the emulator down.

The program `fuzz` draws them from a seed; whatever it does, it comes to its end line. If a build of
the emulator with sanitizers is given, that one is used, and any report of theirs is a failure.
The same seed always does the same. Read next: fuzz.cpp.
"""

from collections.abc import Iterator
from functools import partial

from guest import ENVIRONMENTS, Setup
from jobs import Job
from matrix import judge
from tap import Result

SEEDS = range(1, 7)
INSTRUCTIONS = 2_000_000_000
PLACES = [(environment, board) for environment in ENVIRONMENTS for board in ("virt", "fpga")]


def jobs(setup: Setup) -> Iterator[Job]:
    """Every seed in every place."""
    for environment, board in PLACES:
        for seed in SEEDS:
            name = f"fuzz/{environment}/{board}/seed {seed}"
            yield Job(name, partial(run, setup, name, environment, board, seed))


def run(setup: Setup, name: str, environment: str, board: str, seed: int) -> list[Result]:
    """One seed; the turns of the harts are drawn as well."""
    machine = setup.machine(
        environment, "fuzz", board=board, append=f"seed={seed}",
        slice_length="1..3000", seed=seed, stop_after=INSTRUCTIONS,
        qemu=setup.sanitized or setup.qemu,
    )  # fmt: skip
    return judge(name, setup.run(machine))
