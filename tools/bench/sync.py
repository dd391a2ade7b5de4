#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the synchronous benchmarks: a table on standard output, figures as JSON.

Machines count instructions, so every run gives the same numbers. Exit status: 0 if every figure
was measured, whatever its value; 1 if one is missing; 2 if nothing could be run. It builds nothing:
`make bench-sync` does. Read next: figures.py, user/bench/sync.cpp.
"""

import argparse
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))

from bench import code_lines, figures  # noqa: E402
from bench.boot import boot_instructions  # noqa: E402
from bench.elf_image import loadable_bytes  # noqa: E402
from bench.figures import Figure, FiguresError  # noqa: E402
from bench.targets import OLD_COMPILER_FACTOR  # noqa: E402
from emulator.machine import EmulatorError, Machine, check, check_files, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402

INSTRUCTIONS = 4_000_000_000
WALL = 600.0


def machine_of(options: argparse.Namespace, folder: str) -> Machine:
    """The machine that a folder of the build is for."""
    machine = Machine(
        qemu=options.qemu, firmware=options.firmware, kernel=f"{folder}/kernel.elf",
        initrd=f"{folder}/user/bench-sync.elf", memory="512M", counted=True,
        stop_after=INSTRUCTIONS,
    )  # fmt: skip
    check_files(machine)
    return machine


def measure(machine: Machine, config: dict[str, object]) -> list[Figure]:
    """All figures that the guest writes."""
    with Process(machine.command()) as process:
        outcome = Watch(process, Limits(first_output=0, wall=WALL)).run()
    console = outcome.output.decode(errors="replace")
    try:
        return figures.read(console, config)
    except FiguresError as error:
        last = "\n".join(f"  | {line}" for line in console.splitlines()[-12:])
        raise FiguresError(f"{error}\n{last}\n  repeat: {shown(machine.command())}") from error


def measure_all(options: argparse.Namespace) -> list[Figure]:
    """Both machines, the boot, and the kernel as a file and as text."""
    found = []
    for fastpath, folder in ((1, options.fast), (0, options.slow)):
        machine = machine_of(options, folder)
        config = {"toolchain": options.toolchain, "profile": "sel4", "fastpath": fastpath}
        found += measure(machine, config)
        found.append(Figure("boot.instructions", boot_instructions(machine), config))
    small = {"toolchain": options.toolchain, "profile": "rel4"}
    image = Path(options.small, "kernel.elf").read_bytes()
    found.append(Figure("kernel.image_bytes", loadable_bytes(image), small, "bytes"))
    files = code_lines.kernel_files(Path("."), Path(options.small))
    lines = sum(code_lines.count_file(path) for path in files)
    found.append(Figure("kernel.code_lines", lines, small, "lines"))
    return found


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools/bench/sync.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--toolchain", required=True, help="what the programs were built with")
    add("--fast", required=True, metavar="FOLDER", help="the build with short paths")
    add("--slow", required=True, metavar="FOLDER", help="the build without")
    add("--small", required=True, metavar="FOLDER", help="the build whose kernel is weighed")
    add("--old-compiler", action="store_true", help="more patience: the compiler is g++ 12")
    add("--out", required=True, metavar="FILE", help="where the figures go, as JSON")
    return parser.parse_args()


def show(found: list[Figure], options: argparse.Namespace) -> None:
    """What people want to see."""
    if options.old_compiler:
        print(f"An old compiler: {OLD_COMPILER_FACTOR} times as many instructions are no miss.")
    patience = OLD_COMPILER_FACTOR if options.old_compiler else 1
    print("\n".join(figures.table(found, patience)))
    print("\nAlso measured:")
    print("\n".join(figures.others(found)))
    print(f"\nInstructions if nothing else is said: medians; ticks are in none. Written to "
          f"{options.out}.")


def main() -> int:
    """The command."""
    options = parse()
    try:
        check(options.qemu)
        found = measure_all(options)
    except (EmulatorError, MonitorError, OSError) as error:
        print(f"bench-sync: {error}", file=sys.stderr)
        return 2
    except FiguresError as error:
        print(f"bench-sync: {error}", file=sys.stderr)
        return 1
    figures.write(Path(options.out), found)
    show(found, options)
    absent = figures.missing(found)
    for target in absent:
        print(f"bench-sync: {target.name} ({target.text}) is missing", file=sys.stderr)
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
