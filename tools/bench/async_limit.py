#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the benchmark of asynchronous messages without context switches: a table on standard output,
figures as JSON.

The machine counts instructions, so every run gives the same numbers. Exit status: 0 if every figure
was measured, whatever its value; 1 if one is missing; 2 if nothing could be run. It builds nothing:
`make bench-async-limit` does. Read next: figures.py, user/bench/async_limit.cpp.
"""

import argparse
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))

from bench import figures  # noqa: E402
from bench.figures import Figure, FiguresError  # noqa: E402
from emulator.machine import EmulatorError, Machine, check, check_files, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402

INSTRUCTIONS = 2_000_000_000
WALL = 300.0
CONCURRENCY = (1, 2, 4, 8, 32, 64)
# What a throw-away program needed that had one connection, one priority and nothing else.
PROTOTYPE = {
    "llvm": dict(zip(CONCURRENCY, (189, 127, 96, 81, 70, 68))),
    "gnu": dict(zip(CONCURRENCY, (216, 150, 117, 101, 89, 87))),
}


def machine_of(options: argparse.Namespace) -> Machine:
    """The machine that the build is for."""
    machine = Machine(
        qemu=options.qemu, firmware=options.firmware, kernel=f"{options.folder}/kernel.elf",
        initrd=f"{options.folder}/user/bench-async-limit.elf", memory="512M", counted=True,
        stop_after=INSTRUCTIONS,
    )  # fmt: skip
    check_files(machine)
    return machine


def measure(machine: Machine, toolchain: str) -> list[Figure]:
    """All figures that the guest writes."""
    with Process(machine.command()) as process:
        outcome = Watch(process, Limits(first_output=0, wall=WALL)).run()
    console = outcome.output.decode(errors="replace")
    try:
        found = figures.read(console, {"toolchain": toolchain})
    except FiguresError as error:
        raise FiguresError(f"{error}\n  repeat: {shown(machine.command())}") from error
    absent = set(CONCURRENCY) - {figure.config["concurrency"] for figure in found}
    if absent:
        raise FiguresError(f"no figure at concurrency {min(absent)}")
    return found


def table(found: list[Figure], toolchain: str) -> list[str]:
    """Lines for people."""
    lines = [f"{'calls in flight':>16}{'instructions':>14}{'prototype':>11}{'a round':>9}"]
    for figure in found:
        flight = figure.config["concurrency"]
        total = figure.config["round"]
        lines.append(f"{flight:>16}{total / flight:>14.1f}{PROTOTYPE[toolchain][flight]:>11}"
                     f"{total:>9}")  # fmt: skip
    return lines


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools/bench/async_limit.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--toolchain", required=True, help="what the programs were built with")
    add("--folder", required=True, help="the build")
    add("--out", required=True, metavar="FILE", help="where the figures go, as JSON")
    return parser.parse_args()


def main() -> int:
    """The command."""
    options = parse()
    try:
        check(options.qemu)
        found = measure(machine_of(options), options.toolchain)
    except (EmulatorError, OSError) as error:
        print(f"bench-async-limit: {error}", file=sys.stderr)
        return 2
    except FiguresError as error:
        print(f"bench-async-limit: {error}", file=sys.stderr)
        return 1
    figures.write(Path(options.out), found)
    print("\n".join(table(found, options.toolchain)))
    print("\nInstructions of a call and its reply, client and server taking turns in one process; "
          f"no context switches. Written to {options.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
