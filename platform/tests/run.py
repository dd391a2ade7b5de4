#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests the machine: runs the test programs in QEMU and writes TAP to standard output.

The programs are in PROGRAMS/bare and PROGRAMS/sbi. Each suite is a module of this folder that has a
function `jobs(setup)`. A failing run is told with the command line that repeats it. Exit status: 0
if all passed, 1 if not, 2 if nothing could be run. Read next: jobs.py, matrix.py.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

import debugger
import determinism
import features
import fuzz
import limits
import matrix
import migration
import peer
import stress
import watchdog
from guest import ENVIRONMENTS, Setup
from jobs import Job, run_all
from tap import Writer

from emulator.machine import EmulatorError, check

SUITES = {
    module.__name__: module
    for module in (
        matrix, features, limits, determinism, migration, debugger, fuzz, stress, watchdog, peer,
    )
}  # fmt: skip
APART = {"peer"}  # has a goal of its own


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="platform/tests/run.py", description=__doc__)
    add = parser.add_argument
    add("suites", nargs="*", metavar="SUITE",
        help=f"of {', '.join(SUITES)} (default: all but {', '.join(APART)})")  # fmt: skip
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--programs", required=True, type=Path, help="folder of the programs' ELF files")
    add("--sanitized", default="", metavar="QEMU", help="a build with sanitizers, for `fuzz`")
    add("--jobs", "-j", type=int, default=2, metavar="N", help="runs at a time (default: 2)")
    add("--wall", type=float, default=300, metavar="S", help="last limit of a run (default: 300)")
    add("--filter", default="", metavar="TEXT", help="only jobs whose name holds TEXT")
    add("--list", action="store_true", help="print the jobs' names and exit")
    add("--verbose", action="store_true", help="show all output of every run")
    options = parser.parse_args()
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"no suite '{unknown[0]}'; there are: {', '.join(SUITES)}")
    return options


def chosen(options: argparse.Namespace, setup: Setup) -> list[Job]:
    """The jobs that the command line asks for."""
    names = options.suites or SUITES.keys() - APART
    found = [job for name in SUITES if name in names for job in SUITES[name].jobs(setup)]
    return [job for job in found if options.filter in job.name]


def refuse(reason: str) -> int:
    """Says why nothing can be run."""
    print(f"platform/tests/run.py: {reason}", file=sys.stderr)
    return 2


def main() -> int:
    """The command."""
    options = parse()
    setup = Setup(
        options.qemu, options.firmware, options.programs, options.sanitized,
        options.wall, options.verbose,
    )  # fmt: skip
    if not all(any((options.programs / name).glob("*.elf")) for name in ENVIRONMENTS):
        return refuse(f"no programs in {options.programs}; remedy: make test-machine")
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")
    jobs = chosen(options, setup)
    if options.list:
        print("\n".join(job.name for job in jobs))
        return 0
    try:
        check(setup.qemu)
    except EmulatorError as error:
        return refuse(str(error))
    return report(jobs, setup, options.jobs)


def report(jobs: list[Job], setup: Setup, parallel: int) -> int:
    """Runs the jobs and writes their results; a signal ends all runs first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: setup.cancelled.set())
    writer = Writer(sys.stdout)
    for results in run_all(jobs, parallel):
        if setup.cancelled.is_set():
            return 130
        for result in results:
            writer.add(result)
    writer.close()
    return 1 if writer.failed else 0


if __name__ == "__main__":
    sys.exit(main())
