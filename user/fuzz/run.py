#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Runs the fuzzer of system calls: run.py [options] FOLDER=HARTS...

Each FOLDER of a build has kernel.elf and user/fuzz.elf. With --seconds, new seeds until the time is
over; else --runs seeds for each folder. Machines count instructions: the same seed does the same,
on several harts too. With --tap every run is a line of TAP. Exit status: 0 if nothing was found, 1
if something was: then the seed, the kernel's last words and the command that shows it again are
printed; 2 if nothing could be run. Read next: user/fuzz/main.cpp, tools/emulator/README.md.
"""

import argparse
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from emulator.machine import EmulatorError, Machine, check, check_files, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Outcome, Watch  # noqa: E402

CALLS = re.compile(r"fuzz: (?P<calls>\d+) calls, (?P<worlds>\d+) worlds, .*")
SHAPE = re.compile(r"fuzz: (?P<name>.+: .+): (?P<tried>\d+) tried, (?P<done>\d+) done")
NOISE = re.compile(r"fault \d+ of thread ")  # the debug kernel tells of faults without a handler
END = "fuzz: end"
LAST_LINES = 12
ENDINGS = {124: "the limit of instructions was reached", 125: "every hart waits for ever"}


@dataclass(frozen=True)
class Target:
    """One build, and the harts it runs on."""

    folder: str
    harts: int


class Totals:
    """What all runs together did."""

    def __init__(self) -> None:
        self.runs = 0
        self.calls = 0
        self.tried: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def add(self, console: str) -> None:
        """Adds what one run says."""
        self.runs += 1
        for line in console.splitlines():
            if match := CALLS.fullmatch(line.rstrip("\r")):
                self.calls += int(match["calls"])
            elif match := SHAPE.fullmatch(line.rstrip("\r")):
                self.tried[match["name"]] += int(match["tried"])
                self.done[match["name"]] += int(match["done"])

    def lines(self) -> list[str]:
        """The table."""
        lines = [f"{self.runs} runs, {self.calls} calls; those that succeeded, of those tried:"]
        lines += [f"{self.done[name]:9} of {tried:9}  {name}" for name, tried in
                  sorted(self.tried.items())]  # fmt: skip
        return lines


class Fuzzer:
    """Runs machines and judges them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self.totals = Totals()

    def machine(self, target: Target, seed: int) -> Machine:
        """The machine of one run."""
        several = target.harts > 1
        return Machine(
            qemu=self._options.qemu, firmware=self._options.firmware, harts=target.harts,
            memory="128M", kernel=f"{target.folder}/kernel.elf",
            initrd=f"{target.folder}/user/fuzz.elf", counted=True,
            append=f"seed={seed} calls={self._options.calls}",
            slice_length="50..2000" if several else "", seed=seed if several else None,
            stop_after=self._options.instructions,
        )  # fmt: skip

    def run(self, target: Target, seed: int) -> list[str]:
        """One run; lines that say what is wrong, none if nothing is."""
        machine = self.machine(target, seed)
        check_files(machine)
        limits = Limits(first_output=0, wall=self._options.wall)
        with Process(machine.command()) as process:
            watch = Watch(process, limits, Symbols([machine.kernel, machine.initrd]))
            outcome = watch.run()
        console = outcome.output.decode(errors="replace")
        self.totals.add(console)
        complete = END in (line.rstrip("\r") for line in console.splitlines())
        return [] if complete and outcome.status == 0 else story(machine, seed, outcome)


def story(machine: Machine, seed: int, outcome: Outcome) -> list[str]:
    """What was found, and how to see it again."""
    reason = outcome.stopped or ENDINGS.get(outcome.status, f"exit status {outcome.status}")
    console = [line for line in outcome.output.decode(errors="replace").splitlines()
               if not NOISE.match(line)]  # fmt: skip
    command = [*machine.command(), "-serial", "stdio", "-monitor", "none"]
    return [
        f"seed {seed}: {reason}",
        *(f"| {line}" for line in console[-LAST_LINES:]),
        *outcome.report,
        f"repeat: {shown(command)}",
    ]


def fuzz_for(fuzzer: Fuzzer, targets: list[Target], seconds: float, seed: int) -> bool:
    """New seeds until the time is over, or somebody has seen enough. True if nothing was found."""
    end = time.monotonic() + seconds
    clean = True
    try:
        while time.monotonic() < end:
            for target in targets:
                found = fuzzer.run(target, seed)
                clean = clean and not found
                verdict = "FOUND" if found else "ok"
                print("\n".join([f"seed {seed}, {target.folder}: {verdict}", *found]), flush=True)
            seed += 1
    except KeyboardInterrupt:
        print("stopped")
    print("\n".join(fuzzer.totals.lines()))
    return clean


def fuzz_tap(fuzzer: Fuzzer, targets: list[Target], seeds: range) -> bool:
    """A fixed amount, as TAP. True if nothing was found."""
    print("TAP version 13", flush=True)
    number = 0
    clean = True
    for target in targets:
        for seed in seeds:
            number += 1
            found = fuzzer.run(target, seed)
            clean = clean and not found
            verdict = "not ok" if found else "ok"
            print(f"{verdict} {number} - random system calls: {Path(target.folder).name}, "
                  f"seed {seed}")  # fmt: skip
            print("".join(f"  # {line}\n" for line in found), end="", flush=True)
    print(f"1..{number}")
    return clean


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="user/fuzz/run.py", description=__doc__)
    add = parser.add_argument
    add("targets", nargs="+", metavar="FOLDER=HARTS", help="a build, and how many harts")
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--seed", type=int, default=1, help="the first seed (default: 1)")
    add("--seconds", type=float, default=0, help="new seeds for so long")
    add("--runs", type=int, default=1, help="seeds for each build, without --seconds (default: 1)")
    add("--calls", type=int, default=100_000, help="system calls of a run (default: %(default)s)")
    add("--instructions", type=int, default=40_000_000_000, help="limit of a run")
    add("--wall", type=float, default=900, metavar="S", help="last limit of a run (default: 900)")
    add("--tap", action="store_true", help="write TAP")
    return parser.parse_args()


def main() -> int:
    """The command."""
    options = parse()
    targets = [Target(folder, int(harts)) for folder, _, harts in
               (text.rpartition("=") for text in options.targets)]  # fmt: skip
    fuzzer = Fuzzer(options)
    try:
        check(options.qemu)
        if options.tap:
            seeds = range(options.seed, options.seed + options.runs)
            return 0 if fuzz_tap(fuzzer, targets, seeds) else 1
        return 0 if fuzz_for(fuzzer, targets, options.seconds, options.seed) else 1
    except EmulatorError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
