# SPDX-License-Identifier: BSD-2-Clause
"""The test programs, each in every environment and on every board.

Every program in the folder takes part, but for those that other drivers run with parameters; the
program `absent` runs on machines of its own. `sv39` means that paging is on, `nowake` that the
UINTC has no Wake line. The cases' names are `environment/board/program: case`.
Read next: guest.py, protocol.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guest import ENVIRONMENTS, Run, Setup, check
from jobs import Job
from tap import Result

FOR_DRIVERS = {
    "determinism", "exit", "fuzz", "network", "silent", "sleep", "spin", "state", "stress",
}  # fmt: skip
ABSENT = "absent"


@dataclass(frozen=True)
class Place:
    """Where programs run: its name, and what its machine has that differs from the usual one."""

    name: str
    environment: str
    changes: dict = field(default_factory=dict)


def places() -> Iterator[Place]:
    """Machines for all programs."""
    for kind in ENVIRONMENTS:
        for board in ("virt", "fpga"):
            yield Place(f"{kind}/{board}", kind, {"board": board})
            paging = {"board": board, "append": "paging=sv39"}
            yield Place(f"{kind}-sv39/{board}", kind, paging)
        yield Place(f"{kind}/nowake", kind, {"board_options": "uintc-wake=off"})


def machines_without() -> Iterator[Place]:
    """Machines for `absent`: each lacks something, and the program is told what."""
    for kind in ENVIRONMENTS:
        for what, switch in (("n", "n=off"), ("uipi", "uintc=off")):
            changes = {"extra": ("-cpu", f"rv64,{switch}"), "append": f"without={what}"}
            yield Place(f"{kind}/no-{what}", kind, changes)
            yield Place(f"{kind}/fpga-no-{what}", kind, {**changes, "board": "fpga"})
        changes = {"board_options": "uintc=off", "append": "without=uintc"}
        yield Place(f"{kind}/no-uintc", kind, changes)


def jobs(setup: Setup) -> Iterator[Job]:
    """One job for every program in every place."""
    for place in places():
        files = sorted((setup.programs / place.environment).glob("*.elf"))
        for program in (file.stem for file in files):
            if program not in FOR_DRIVERS and program != ABSENT:
                yield job(setup, place, program)
    for place in machines_without():
        yield job(setup, place, ABSENT)


def job(setup: Setup, place: Place, program: str) -> Job:
    """One program in one place."""
    name = f"{place.name}/{program}"
    machine = setup.machine(place.environment, program, **place.changes)
    return Job(name, lambda: judge(name, setup.run(machine)))


def judge(name: str, ran: Run) -> list[Result]:
    """A result for each case, and one for the run as a whole if something is wrong with it."""
    transcript = ran.transcript()
    results = []
    for case in transcript.cases:
        result = Result(f"{name}: {case.name}", case.verdict != "FAIL")
        if case.verdict == "skip":
            result.skipped = case.why or "not possible here"
        elif case.verdict == "FAIL":
            result.details = [case.why, *ran.story()]
        results.append(result)
    problems = [ran.ending(1 if transcript.failed else 0), *transcript.problems()]
    whole = check(f"{name}: runs to its end", problems, ran)
    return results if whole.passed else [*results, whole]
