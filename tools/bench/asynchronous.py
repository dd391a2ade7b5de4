#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the asynchronous benchmarks: tables on standard output, figures as JSON, plots as SVG.

One hart: instructions. Every machine runs twice, once with the counter and once without, and must
say the same. Several harts: times, as parts of the synchronous one's, which depend on what else the
host does; so counts, and the instructions of all harts, are of a machine whose harts take turns of
some hundred instructions, as if they ran at once. Exit status: 0 if every figure was measured,
whatever its value; 1 if one is missing; 2 if nothing could be run. It builds nothing:
`make bench-async` does.
Read next: async_targets.py, comparisons.py, user/bench/async.cpp.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))

from bench import async_plots, comparisons, counts, figures  # noqa: E402
from bench.async_targets import TARGETS  # noqa: E402
from bench.figures import Figure, FiguresError  # noqa: E402
from bench.targets import OLD_COMPILER_FACTOR  # noqa: E402
from emulator.machine import EmulatorError, Machine, check, check_files, shown  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402

INSTRUCTIONS = 8_000_000_000
WALL = 1200.0
# Harts that take turns as if they ran at once: instructions of a turn, and the seed of its length.
TURNS = {"slice_length": "50..150", "seed": 1}
# What the table of counts shows, with its heading.
COLUMNS = {"traps": "traps", "satp": "satp", "flush_all": "fl.all", "flush_space": "fl.asid",
           "flush_page": "fl.page", "uintc": "uintc", "device": "device", "atomics": "atomics",
           "fences": "fences", "reads": "u.read", "returns": "uret", "notified": "notif."}


class Bench:
    """Runs machines and reads what they say."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options

    def machine(self, folder: str, harts: int, rounds: int = 0) -> Machine:
        """The machine that a folder of the build is for; with `rounds`, one that keeps time."""
        machine = Machine(
            qemu=self._options.qemu, firmware=self._options.firmware,
            kernel=f"{folder}/kernel.elf", initrd=f"{folder}/user/bench-async.elf",
            memory="512M", harts=harts, append=f"rounds={rounds or 1}",
            counted=not rounds, stop_after=0 if rounds else INSTRUCTIONS,
            **(TURNS if harts > 1 and not rounds else {}),
        )  # fmt: skip
        check_files(machine)
        return machine

    def console(self, machine: Machine) -> str:
        """All that a machine says."""
        with Process(machine.command()) as process:
            outcome = Watch(process, Limits(first_output=0, wall=WALL)).run()
        return outcome.output.decode(errors="replace")

    def read(self, machine: Machine, config: dict[str, object]) -> tuple[str, list[Figure]]:
        """The same, and the figures in it."""
        console = self.console(machine)
        try:
            return console, figures.read(console, config)
        except FiguresError as error:
            last = "\n".join(f"  | {line}" for line in console.splitlines()[-12:])
            raise FiguresError(
                f"{error}\n{last}\n  repeat: {shown(machine.command())}") from error

    def counted(self, machine: Machine, config: dict[str, object]) -> tuple[str, list[Figure]]:
        """The same with the counter."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "counts"
            plugin = counts.arguments(self._options.counter, Path(machine.kernel), out)
            console, found = self.read(replace(machine, extra=plugin), config)
            intervals = counts.read(out.read_text(encoding="utf-8"))
        for figure in found:
            figure.counts = counts.per_operation(figure, intervals)
        return console, found

    def one_hart(self, folder: str, config: dict[str, object]) -> list[Figure]:
        """Figures in instructions, with counts."""
        machine = self.machine(folder, 1)
        console, found = self.counted(machine, config)
        if self.console(machine) != console:
            raise FiguresError(f"two runs of {folder} differ")
        return found

    def several_harts(self, folder: str, harts: int, config: dict[str, object]) -> list[Figure]:
        """Figures in time, with counts of another machine."""
        _, found = self.read(self.machine(folder, harts, self._options.rounds), config)
        _, counted = self.counted(self.machine(folder, harts), config)
        for figure, other in zip(found, counted, strict=True):
            figure.counts = other.counts
            if other.counts:
                figure.counts["in_turns"] = round(other.value / harts, 4)
        return found

    def all(self) -> list[Figure]:
        """Every machine."""
        options = self._options
        common = {"toolchain": options.toolchain}
        fast = {**common, "profile": "sel4", "fastpath": 1}
        found = self.one_hart(options.rel4, {**common, "profile": "rel4"})
        found += self.one_hart(options.fast, fast)
        slow = self.one_hart(options.slow, {**fast, "fastpath": 0})
        found += [figure for figure in slow if figure.name.startswith("sync.")]
        for harts in options.harts:
            found += self.several_harts(options.several, harts, fast)
        return found + counts.derived(found)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools/bench/asynchronous.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--toolchain", required=True, help="what the programs were built with")
    add("--rel4", required=True, metavar="FOLDER", help="the build of PROFILE=rel4 for one hart")
    add("--fast", required=True, metavar="FOLDER", help="that of PROFILE=sel4")
    add("--slow", required=True, metavar="FOLDER", help="the same without short paths")
    add("--several", required=True, metavar="FOLDER", help="PROFILE=sel4 for several harts")
    add("--harts", type=int, nargs="*", default=[2], help="machines; default: 2")
    add("--rounds", type=int, default=5, help="of which medians are taken; default: %(default)s")
    add("--counter", required=True, metavar="FILE", help="the plugin")
    add("--old-compiler", action="store_true", help="more patience: the compiler is g++ 12")
    add("--out", required=True, metavar="FILE", help="where the figures go: JSON; plots beside it")
    return parser.parse_args()


def counts_table(found: list[Figure]) -> list[str]:
    """Lines for people: what hardware charges for, for each operation."""
    lines = [f"{'for each operation':46}" + "".join(f"{head:>9}" for head in COLUMNS.values())]
    for figure in found:
        if not figure.counts or figure.config.get("load", 0) != 0:
            continue
        known = dict(figure.counts)
        known["uintc"] = known["uintc_loads"] + known["uintc_stores"]
        known["device"] = known["device_loads"] + known["device_stores"]
        known["notified"] = counts.notifications(figure.counts)
        what = f"{figure.name} {described(figure)}"
        lines.append(f"{what:46}" + "".join(f"{known[key]:>9.3f}" for key in COLUMNS))
    return lines


def described(figure: Figure) -> str:
    """What tells a figure from others of its name."""
    config = figure.config
    words = [str(config.get("concurrency", config.get("server", "")))]
    words += [f"{config['harts']} harts"] if config["harts"] != 1 else [str(config["profile"])]
    words += ["no fastpath"] if config.get("fastpath") == 0 else []
    return ", ".join(word for word in words if word)


def times_table(found: list[Figure]) -> list[str]:
    """Lines for people: several harts. In turns: the instructions of all harts, divided by their
    number, which is the time it takes if none sleeps."""
    lines = [f"{'several harts, x synchronous on one hart':46}{'in turns':>10}{'time':>10}"
             f"{'least':>10}{'greatest':>10}"]  # fmt: skip
    for figure in (each for each in found if each.unit == "twins"):
        facts = figure.facts
        what = f"{figure.name} {described(figure)}, load {figure.config.get('load', '-')}"
        turns = figure.counts.get("in_turns", 0)
        lines.append(f"{what:46}{turns:>10}{figure.value:>10}{facts['least']:>10}"
                     f"{facts['greatest']:>10}")  # fmt: skip
    return lines


def show(found: list[Figure], options: argparse.Namespace) -> None:
    """What people want to see."""
    if options.old_compiler:
        print(f"An old compiler: {OLD_COMPILER_FACTOR} times as many instructions are no miss.")
    patience = OLD_COMPILER_FACTOR if options.old_compiler else 1
    print("\n".join(figures.table(found, patience, TARGETS, "paper")))
    print("Ours are instructions, the paper's cycles. So, each against its own:\n")
    print("\n".join(comparisons.table(comparisons.rows(found))))
    print()
    print("\n".join(times_table(found)))
    print()
    print("\n".join(counts_table(found)))
    print(f"\nWritten to {options.out}, and plots beside it.")


def write(found: list[Figure], out: Path) -> None:
    """The JSON file, and the plots."""
    figures.write(out, found, TARGETS)
    for name, plot in (("ipc", async_plots.messages), ("mapunmap", async_plots.system_calls)):
        path = out.with_name(f"{out.stem}-{name}.svg")
        path.write_text(plot(found), encoding="utf-8")


def main() -> int:
    """Run everything; gives the exit status."""
    options = parse()
    try:
        check(options.qemu)
        found = Bench(options).all()
    except (EmulatorError, MonitorError, OSError) as error:
        print(f"bench-async: {error}", file=sys.stderr)
        return 2
    except FiguresError as error:
        print(f"bench-async: {error}", file=sys.stderr)
        return 1
    write(found, Path(options.out))
    show(found, options)
    absent = figures.missing(found, TARGETS)
    for target in absent:
        print(f"bench-async: {target.name} ({target.text}) is missing", file=sys.stderr)
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
