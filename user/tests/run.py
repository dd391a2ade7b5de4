#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{1}
"""Runs a root task with tests (user/lib/test.hpp) on a kernel, and writes TAP to standard output.

Machines count instructions: the same build does the same thing every time; but with --uncounted
every hart is a thread of the host, and no two runs are alike. A test that stops or
hangs the machine costs only itself: it is a failure, told with what the console showed last, and
the machine is started again behind it. Exit status: 0 if all passed, 1 if not, 2 if nothing could
be run. Read next: user/lib/test.cpp, tools/emulator/README.md.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from emulator.machine import EmulatorError, Machine, check, check_files, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Outcome, Watch  # noqa: E402

STARTED = re.compile(r"# (?P<number>\d+) (?P<name>\S.*)")
RESULT = re.compile(r"(?P<verdict>ok|not ok) (?P<number>\d+) - (?P<name>.*)")
PLAN = re.compile(r"1\.\.\d+")
ENDINGS = {124: "the limit of instructions was reached", 125: "every hart waits for ever"}
LAST_LINES = 12
MOST_STARTS = 20  # a kernel that stops at every test is told soon enough


@dataclass
class Test:
    """What the console says of one test."""

    number: int
    name: str
    verdict: str = ""
    details: list[str] = field(default_factory=list)


@dataclass
class Transcript:
    """What one run says: its tests, and whether it came to its end."""

    tests: list[Test] = field(default_factory=list)
    complete: bool = False


def read(console: str) -> Transcript:
    """The transcript in a console's output; lines of the kernel are passed over."""
    transcript = Transcript()
    for line in (text.rstrip("\r") for text in console.splitlines()):
        if started := STARTED.fullmatch(line):
            transcript.tests.append(Test(int(started["number"]), started["name"]))
        elif result := RESULT.fullmatch(line):
            take_result(transcript, result)
        elif line.startswith("  # ") and transcript.tests:
            transcript.tests[-1].details.append(line)
        elif PLAN.fullmatch(line):
            transcript.complete = True
    return transcript


def take_result(transcript: Transcript, result: re.Match) -> None:
    """A result belongs to the test that was started last."""
    if transcript.tests and transcript.tests[-1].number == int(result["number"]):
        transcript.tests[-1].verdict = result["verdict"]
        transcript.tests[-1].name = result["name"]


class Suite:
    """Starts machines until every test has a verdict, and writes the TAP."""

    def __init__(self, machine: Machine, options: argparse.Namespace) -> None:
        self._machine = machine
        self._options = options
        self._count = 0
        self.failed = 0

    def run(self) -> None:
        """Runs all tests."""
        print("TAP version 13", flush=True)
        skip = 0
        for _ in range(MOST_STARTS):
            append = " ".join(filter(None, (f"skip={skip}", self._options.arguments, self._only())))
            machine, outcome = self._start(append)
            transcript = read(outcome.output.decode(errors="replace"))
            for test in transcript.tests:
                self._write(test, machine, outcome)
            if transcript.complete and outcome.status in (0, 1):
                break
            if not transcript.tests or transcript.complete:
                self._write(Test(0, "the machine runs the tests"), machine, outcome)
                break
            skip = transcript.tests[-1].number
        else:
            print(f"Bail out! the machine was stopped by {MOST_STARTS} tests", flush=True)
        print(f"1..{self._count}", flush=True)

    def _only(self) -> str:
        return f"only={self._options.filter}" if self._options.filter else ""

    def _start(self, append: str) -> tuple[Machine, Outcome]:
        machine = Machine(**{**self._machine.__dict__, "append": append})
        limits = Limits(first_output=0, wall=self._options.wall, remedy="the command above")
        with Process(machine.command()) as process:
            watch = Watch(process, limits, Symbols([machine.kernel, machine.initrd]))
            return machine, watch.run()

    def _write(self, test: Test, machine: Machine, outcome: Outcome) -> None:
        """One result. A test without a verdict is the one at which the machine stopped."""
        self._count += 1
        self.failed += test.verdict != "ok"
        print(f"{test.verdict or 'not ok'} {self._count} - {self._options.name}{test.name}")
        details = test.details if test.verdict else story(machine, outcome)
        print("".join(f"{line}\n" for line in details), end="", flush=True)


def story(machine: Machine, outcome: Outcome) -> list[str]:
    """Why the machine stopped, what it said last, and how to see it again."""
    reason = outcome.stopped or ENDINGS.get(outcome.status, f"exit status {outcome.status}")
    command = [*machine.command(), "-serial", "stdio", "-monitor", "none"]
    lines = [f"the machine stopped: {reason}", f"repeat: {shown(command)}"]
    console = outcome.output.decode(errors="replace").splitlines()[-LAST_LINES:]
    lines += [f"| {line}" for line in console]
    lines += [f"emulator: {line}" for line in outcome.errors.decode(errors="replace").splitlines()]
    return [f"  # {line}" for line in lines + outcome.report]


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="user/tests/run.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--kernel", required=True, help="the kernel's ELF file")
    add("--root", required=True, help="the root task's ELF file")
    add("--harts", type=int, default=1, metavar="N", help="number of harts (default: 1)")
    add("--board", default="virt", help="memory map (default: %(default)s)")
    add("--board-options", default="", metavar="LIST", help="more of QEMU's, for the board")
    add("--qemu-options", default="", metavar="LIST", help="more of QEMU's")
    add("--memory", default="128M", help="size of memory (default: %(default)s)")
    add("--slice", default="1000", metavar="N|LO..HI", help="instructions a turn of a hart")
    add("--uncounted", action="store_true", help="harts are threads of the host")
    add("--seed", type=int, help="seed of the lengths of turns")
    add("--instructions", type=int, default=20_000_000_000, metavar="N",
        help="limit of a run (default: %(default)s)")  # fmt: skip
    add("--wall", type=float, default=600, metavar="S", help="last limit of a run (default: 600)")
    add("--arguments", default="", metavar="TEXT", help="for the root task: seed=N, say")
    add("--filter", default="", metavar="TEXT", help="only tests whose name holds TEXT")
    add("--name", default="", metavar="TEXT", help="put before each test's name")
    return parser.parse_args()


def main() -> int:
    """The command."""
    options = parse()
    counted = {} if options.uncounted else {
        "slice_length": options.slice, "seed": options.seed, "stop_after": options.instructions,
    }  # fmt: skip
    machine = Machine(
        qemu=options.qemu, board=options.board, board_options=options.board_options,
        harts=options.harts, memory=options.memory, firmware=options.firmware,
        kernel=options.kernel, initrd=options.root, extra=tuple(options.qemu_options.split()),
        **counted,
    )  # fmt: skip
    try:
        check(machine.qemu)
        check_files(machine)
    except EmulatorError as error:
        print(f"user/tests/run.py: {error}", file=sys.stderr)
        return 2
    suite = Suite(machine, options)
    suite.run()
    return 1 if suite.failed else 0


if __name__ == "__main__":
    sys.exit(main())
