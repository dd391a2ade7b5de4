# SPDX-License-Identifier: BSD-2-Clause
"""Runs one test program on one machine and judges how the run ended.

A run is limited in instructions; the wall limit is the last resort and is reported as such. Where
a run did not end as it should, the report has the command line that repeats it, the last lines
of output, and what QEMU or the diagnosis said, with addresses named. Read next: matrix.py.
"""

import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from emulator.machine import Machine, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Outcome, Watch  # noqa: E402
from protocol import Transcript, read  # noqa: E402
from tap import Result  # noqa: E402

ENVIRONMENTS = ("bare", "sbi")
STOPPED_BY_LIMIT = 124
STOPPED_ASLEEP = 125
INSTRUCTIONS = 500_000_000
SLICE = "1000"
LAST_LINES = 12
ADDRESS = re.compile(r"pc=(0x[0-9a-f]+)")
ENDINGS = {
    STOPPED_BY_LIMIT: "the limit of instructions was reached",
    STOPPED_ASLEEP: "every hart waits for ever",
}


@dataclass(frozen=True)
class Setup:
    """What all runs share."""

    qemu: str
    firmware: str
    programs: Path
    sanitized: str = ""
    wall: float = 300.0
    verbose: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def kernel(self, environment: str, program: str) -> Path:
        """The file of a program."""
        return self.programs / environment / f"{program}.elf"

    def machine(self, environment: str, program: str, **changes) -> Machine:
        """A machine that counts instructions, with this program in it."""
        machine = Machine(
            qemu=self.qemu,
            harts=4,
            firmware=self.firmware if environment == "sbi" else "none",
            kernel=str(self.kernel(environment, program)),
            slice_length=SLICE,
            stop_after=INSTRUCTIONS,
        )
        return replace(machine, **changes)

    def run(self, machine: Machine, meet: Callable[[Process], None] | None = None) -> "Run":
        """Runs the machine to its end; `meet` is called once it has started."""
        limits = Limits(first_output=0, wall=self.wall, remedy="the command above")
        symbols = Symbols([machine.kernel])
        start = time.monotonic()
        with Process(machine.command()) as process:
            if meet:
                meet(process)
            outcome = Watch(process, limits, symbols, cancelled=self.cancelled).run()
        run = Run(machine, outcome, symbols, time.monotonic() - start)
        if self.verbose:
            story = [*run.story(lines=0), f"{run.seconds:.1f} s"]
            print("\n".join(story), file=sys.stderr, flush=True)
        return run


@dataclass
class Run:
    """A run that has ended."""

    machine: Machine
    outcome: Outcome
    symbols: Symbols
    seconds: float = 0.0

    @property
    def output(self) -> str:
        """The console."""
        return self.outcome.output.decode(errors="replace")

    @property
    def errors(self) -> str:
        """What QEMU itself said, with addresses named."""
        text = self.outcome.errors.decode(errors="replace")
        return ADDRESS.sub(lambda match: self._named(match[0], int(match[1], 16)), text)

    def _named(self, text: str, address: int) -> str:
        name = self.symbols.locate(address)
        return f"{text} ({name})" if name else text

    def transcript(self) -> Transcript:
        """What the program said."""
        return read(self.output)

    def ending(self, expected: int) -> str:
        """What is wrong with the way the run ended; empty if it ended with this status."""
        status = self.outcome.status
        if self.outcome.stopped:
            return f"stopped by the wall limit: {self.outcome.stopped}"
        if "Sanitizer" in self.errors or "runtime error:" in self.errors:
            return "the emulator's sanitizer found an error"
        if status == expected:
            return ""
        if self.outcome.crashed:
            return f"the emulator was ended by signal {status - 128}"
        return ENDINGS.get(status, f"exit status {status} instead of {expected}")

    def story(self, lines: int = LAST_LINES) -> list[str]:
        """How to repeat the run, and what was seen of it; with `lines=0` all of it."""
        command = [*self.machine.command(), "-serial", "stdio", "-monitor", "none"]
        told = [f"repeat: {shown(command)}"]
        told += [f"| {line}" for line in self.output.splitlines()[-lines:]]
        told += [f"emulator: {line}" for line in self.errors.splitlines()[: 2 * LAST_LINES]]
        return told + self.outcome.report


def check(name: str, problem: str | list[str], *runs: Run) -> Result:
    """A result that fails if there is a problem, and then tells the story of the runs."""
    problems = [problem] if isinstance(problem, str) else problem
    problems = [text for text in problems if text]
    if not problems:
        return Result(name)
    return Result(name, False, problems + [line for run in runs for line in run.story()])
