#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Runs the scripts of IPC (user/tests/fastpath.cpp) on several kernels and compares what the
threads saw: with and without the fastpath, and from either compiler, it is the same to the byte.

Writes TAP to standard output. Exit status: 0 if all agree, 1 if not, 2 if nothing could be run.
Read next: user/tests/fastpath.hpp.
"""

import argparse
import sys
from itertools import zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from emulator.machine import EmulatorError, Machine, check, check_files  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402

FEWEST_ENTRIES = 1000
TESTS = "fastpath: scripts"
INSTRUCTIONS = 20_000_000_000


def transcript(machine: Machine, wall: float) -> list[str]:
    """What the threads saw on one machine, a line each."""
    limits = Limits(first_output=0, wall=wall, remedy="run the conformance suite on this kernel")
    with Process(machine.command()) as process:
        outcome = Watch(process, limits, Symbols([machine.kernel, machine.initrd])).run()
    console = outcome.output.decode(errors="replace").splitlines()
    return [line for line in console if line.startswith("transcript ")]


def difference(expected: list[str], got: list[str]) -> list[str]:
    """The first line that differs, with some before it; empty if none does."""
    for number, (first, second) in enumerate(zip_longest(expected, got, fillvalue="(nothing)")):
        if first != second:
            before = [f"  # both:  {line}" for line in expected[max(0, number - 3) : number]]
            return [*before, f"  # first: {first}", f"  # this:  {second}"]
    return []


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="user/tests/fastpath_check.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--wall", type=float, default=600, metavar="S", help="last limit of a run (default: 600)")
    add("--machine", nargs=2, metavar=("KERNEL", "ROOT"), action="append", default=[],
        help="a kernel, and the conformance suite that it runs")  # fmt: skip
    return parser.parse_args()


def machine_of(options: argparse.Namespace, kernel: str, root: str) -> Machine:
    """A machine with one hart and these programs."""
    machine = Machine(
        qemu=options.qemu, board="virt", harts=1, memory="128M", firmware=options.firmware,
        kernel=kernel, initrd=root,
        append=f"transcript only={TESTS}", slice_length="1000", stop_after=INSTRUCTIONS,
    )  # fmt: skip
    check(machine.qemu)
    check_files(machine)
    return machine


def main() -> int:
    """The command."""
    options = parse()
    try:
        machines = [machine_of(options, *programs) for programs in options.machine]
    except EmulatorError as error:
        print(f"user/tests/fastpath_check.py: {error}", file=sys.stderr)
        return 2
    print(f"TAP version 13\n1..{len(machines)}", flush=True)
    failed = 0
    expected: list[str] = []
    for number, machine in enumerate(machines, 1):
        lines = transcript(machine, options.wall)
        name = Path(machine.kernel).parent.name
        expected = expected or lines
        details = difference(expected, lines)
        if len(lines) < FEWEST_ENTRIES:
            details = [f"  # the transcript has {len(lines)} lines only"]
        failed += bool(details)
        verdict = "not ok" if details else "ok"
        print("\n".join([f"{verdict} {number} - {name}: {len(lines)} lines of IPC", *details]),
              flush=True)  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
