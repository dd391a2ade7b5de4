#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the TCP server, synchronous and asynchronous: 64 bytes that are sent back.

One hart: instructions, exactly; the clients are a script in the machine's virtual time. Each number
is taken twice, with the counter and without, and must be the same. Then 1 and several harts in real
time, with real clients: both systems run side by side and are loaded in turns; medians of many.
Exit status: 0 if every figure was measured, whatever its value; 1 if one is missing; 2 if nothing
could be run. It builds nothing: `make bench-tcp` does.
Read next: tcp_targets.py, tcp_plots.py, profile.py, tools/net/load.py, tools/demo/system.py.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))

from bench import comparisons, counts, figures, profile, tcp_plots  # noqa: E402
from bench.figures import Figure, FiguresError  # noqa: E402
from bench.profile import Part, Program  # noqa: E402
from bench.targets import OLD_COMPILER_FACTOR  # noqa: E402
from bench.tcp_targets import (  # noqa: E402
    ABOVE_STACK,
    CONNECTIONS,
    CONNECTIONS_ABOVE_STACK,
    STACK,
    TARGETS,
    derived,
)
from demo.system import Build, Failure, Load, System  # noqa: E402
from emulator.machine import EmulatorError, Machine, check, check_files  # noqa: E402
from emulator.network import Network  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402
from net.load import echo_load, marks  # noqa: E402

WALL = 120.0
REQUEST_BYTES = 64
REQUESTS = 3000  # of all connections together, but so many of each at least:
FEWEST = 40
SETTLE = 300_000_000  # ns until the servers listen
PROFILED = (1, 4, 32)
SECONDS = 1.0  # of load, for a number in real time
# What the table of counts shows, with its heading.
COLUMNS = {"traps": "traps", "notified": "notif.", "satp": "satp", "fences": "fences",
           "atomics": "atomics", "device": "device", "uintc": "uintc"}

STRING = Part("copying", ("user/lib/string",))
RUNTIME = Part("runtime", ("runtime/",))
KERNEL_PARTS = (
    Part("messages", ("kernel/ipc/",)), Part("scheduling", ("kernel/sched/",)),
    Part("objects", ("kernel/object/", "kernel/cap/", "kernel/vm/")),
    Part("system calls", ("kernel/syscall/", "kernel/riscv/entry", "kernel/async/")),
    Part("devices", ("kernel/riscv/", "kernel/platform/")),
)  # fmt: skip
SERVER_PARTS = (
    Part("stack", ("build/lwip/", "user/netsrv/checksum", "user/netsrv/find_pcb",
                   "user/netsrv/half_open")),
    Part("driver", ("user/netsrv/virtqueue", "user/netsrv/net_device", "user/netsrv/mmio",
                    "user/netsrv/interface", "user/netsrv/main", "user/netsrv/sync_main")),
    Part("sockets", ("user/netsrv/", "user/net/")), RUNTIME, STRING,
)  # fmt: skip
CLIENT_PARTS = (Part("server", ("user/tcpsrv/", "user/net/")), RUNTIME, STRING)


class Exact:
    """Machines whose clients are a script."""

    def __init__(self, options: argparse.Namespace, folder: str) -> None:
        self._options = options
        self._folder = folder

    def run(self, connections: int, requests: int, plugin: tuple[str, ...] = ()) -> str:
        """The script's log."""
        with tempfile.TemporaryDirectory(prefix="rel4-tcp-") as name:
            script, log = Path(name) / "clients.net", Path(name) / "log"
            echo_load(connections, requests, REQUEST_BYTES, dhcp=True, settle=SETTLE).write(script)
            machine = Machine(
                qemu=self._options.qemu, firmware=self._options.firmware, memory="512M",
                kernel=f"{self._folder}/kernel.elf", initrd=f"{self._folder}/user/net-root.elf",
                network=Network(f"script:{script},stop=on,log={log}"), counted=True, extra=plugin,
            )  # fmt: skip
            check_files(machine)
            with Process(machine.command()) as process:
                outcome = Watch(process, Limits(first_output=0, wall=WALL)).run()
            if outcome.status != 0:
                said = bytes(outcome.output + outcome.errors)
                last = said.decode(errors="replace").splitlines()[-3:]
                raise FiguresError("\n  | ".join([f"{connections} connections: no result", *last]))
            return log.read_text(encoding="utf-8")

    def cost(self, connections: int) -> float:
        """Instructions for a request."""
        requests = requests_of(connections)
        return spent(self.run(connections, requests)) / (connections * requests)

    def with_output(self, connections: int, requests: int,
                    plugin: Callable[[Path], tuple[str, ...]]) -> tuple[str, str]:  # fmt: skip
        """The log, and what a plugin has written: it is given the emulator's arguments for that."""
        with tempfile.TemporaryDirectory(prefix="rel4-tcp-") as name:
            out = Path(name) / "out"
            log = self.run(connections, requests, plugin(out))
            return log, out.read_text(encoding="utf-8")

    def _counted(self, connections: int, requests: int) -> tuple[str, str]:
        kernel = Path(self._folder) / "kernel.elf"
        return self.with_output(connections, requests,
                                lambda out: counts.arguments(self._options.counter, kernel, out))

    def figure(self, connections: int, config: dict[str, object]) -> Figure:
        """Instructions for a request, with counts."""
        requests = requests_of(connections)
        log = self.run(connections, requests)
        log_counted, few = self._counted(connections, requests)
        if log_counted != log:
            raise FiguresError(f"two runs with {connections} connections differ")
        _, many = self._counted(connections, 2 * requests)
        operations = connections * requests
        instructions = spent(log) / operations
        figure = Figure("tcp.instructions_per_request", round(instructions, 1),
                        {**config, "harts": 1, "connections": connections})  # fmt: skip
        less, more = counts.read(few)[-1], counts.read(many)[-1]
        figure.counts = {key: round((more[key] - less[key]) / operations, 4) for key in more}
        return figure

    def breakdown(self, connections: int, config: dict[str, object]) -> list[Figure]:
        """The parts of it."""
        requests = requests_of(connections)
        programs = self._programs()
        runs = [self._profile(connections, times * requests, programs) for times in (1, 2)]
        each = profile.between(*runs, connections * requests)
        return [Figure("tcp.breakdown", value, {**config, "harts": 1, "connections": connections,
                                                "program": program, "component": part})
                for (program, part), value in sorted(each.items()) if value >= 1]  # fmt: skip

    def _profile(self, connections: int, requests: int,
                 programs: list[Program]) -> Counter[tuple[str, str]]:  # fmt: skip
        _, written = self.with_output(
            connections, requests,
            lambda out: ("-plugin", f"{self._options.profiler},out={out}"))  # fmt: skip
        return profile.attributed(written, programs)

    def _programs(self) -> list[Program]:
        folder, nm = Path(self._folder), self._options.nm
        return [Program("kernel", folder / "kernel.elf", KERNEL_PARTS, nm),
                Program("netsrv", folder / "user/netsrv.elf", SERVER_PARTS, nm),
                Program("tcpsrv", folder / "user/tcpsrv.elf", CLIENT_PARTS, nm)]


def requests_of(connections: int) -> int:
    """How many each of so many connections makes."""
    return max(REQUESTS // connections, FEWEST)


def spent(log: str) -> int:
    """Instructions between the marks."""
    at = {mark.name: mark.instructions for mark in marks(log) if mark.what == "mark"}
    return at["end"] - at["begin"]


def say(text: str) -> None:
    """Progress, for people."""
    print(f"bench-tcp: {text}", file=sys.stderr, flush=True)


def exact(options: argparse.Namespace) -> list[Figure]:
    """All of one hart."""
    found: list[Figure] = []
    sides = (("async", options.rel4, 1), ("sync", options.sel4, 1), ("sync", options.slow, 0))
    for mode, folder, fastpath in sides:
        machines = Exact(options, folder)
        config = {"toolchain": options.toolchain, "mode": mode, "fastpath": fastpath}
        for connections in options.connections:
            say(f"{mode}{'' if fastpath else ' without short paths'}, {connections} at a time")
            found.append(machines.figure(connections, config))
            if connections in PROFILED and fastpath:
                found += machines.breakdown(connections, config)
    return found


def timed(options: argparse.Namespace) -> list[Figure]:
    """Throughput and latency, in turns."""
    found: list[Figure] = []
    for harts, folders in ((1, (options.sel4, options.rel4)),
                           (4, (options.sel4_harts, options.rel4_harts))):
        builds = [Build(options.qemu, options.firmware, options.load, each) for each in folders]
        with contextlib.ExitStack() as stack:
            systems = [(mode, build, stack.enter_context(System(build, harts)))
                       for mode, build in zip(("sync", "async"), builds, strict=True)]
            for connections in options.connections:
                say(f"{harts} hart{'s' * (harts > 1)}, real time, {connections} at a time")
                taken: dict[str, list[dict]] = {mode: [] for mode, _, _ in systems}
                for _ in range(options.rounds):
                    for mode, build, system in systems:
                        taken[mode].append(loaded(build, system, connections))
                for mode, all_of_it in taken.items():
                    config = {"toolchain": options.toolchain, "mode": mode, "harts": harts,
                              "connections": connections}  # fmt: skip
                    found += medians(all_of_it, config)
    return found


def loaded(build: Build, system: System, connections: int) -> dict:
    """One measurement."""
    arguments = ("--connections", str(connections), "--seconds", str(SECONDS))
    with Load(build, system.echo, *arguments) as load:
        return load.figures()


def medians(all_of_it: list[dict], config: dict[str, object]) -> Iterator[Figure]:
    """Figures of several measurements."""
    for name, key, unit in (("throughput", "requests_per_second", "requests/s"),
                            ("latency_p50", "p50", "microseconds"),
                            ("latency_p99", "p99", "microseconds")):
        values = [measured(each, key) for each in all_of_it]
        yield Figure(f"tcp.{name}", round(statistics.median(values), 1), config, unit,
                     {"least": min(values), "greatest": max(values), "samples": len(values)})


def measured(taken: dict, key: str) -> float:
    """A number of rel4-load's."""
    return float(taken["latency_us"][key]) if key.startswith("p") else float(taken[key])


def rows(found: list[Figure]) -> list[comparisons.Row]:
    """What is to be large enough."""
    above = {figure.config["connections"]: figure.value for figure in found
             if figure.name == "tcp.sync_over_async_above_stack"}  # fmt: skip
    return [comparisons.Row(f"sync / async above the stack's {STACK}, {number} connections", value,
                            "-", least=ABOVE_STACK if number == CONNECTIONS_ABOVE_STACK else None)
            for number, value in sorted(above.items())]  # fmt: skip


def counts_table(found: list[Figure]) -> list[str]:
    """Lines for people: what hardware charges for, for each request."""
    lines = [f"{'for each request':40}" + "".join(f"{head:>9}" for head in COLUMNS.values())]
    for figure in (each for each in found if each.counts):
        known = dict(figure.counts)
        known["uintc"] = known["uintc_loads"] + known["uintc_stores"]
        known["device"] = known["device_loads"] + known["device_stores"]
        known["notified"] = counts.notifications(figure.counts)
        config = figure.config
        what = f"{config['mode']}, {config['connections']} connections"
        what += "" if config["fastpath"] else ", no fastpath"
        lines.append(f"{what:40}" + "".join(f"{known[key]:>9.3f}" for key in COLUMNS))
    return lines


def breakdown_table(found: list[Figure]) -> list[str]:
    """Lines for people: where the instructions go."""
    heads = [(mode, number) for mode in ("async", "sync") for number in PROFILED]
    lines = [f"{'instructions of a request':30}"
             + "".join(f"{mode + ' ' + str(number):>10}" for mode, number in heads)]
    cells: dict[tuple[str, str], dict[tuple[str, int], float]] = {}
    for figure in (each for each in found if each.name == "tcp.breakdown"):
        config = figure.config
        row = cells.setdefault((str(config["program"]), str(config["component"])), {})
        row[str(config["mode"]), int(str(config["connections"]))] = figure.value
    for (program, part), row in sorted(cells.items()):
        lines.append(f"{program + ': ' + part:30}"
                     + "".join(f"{row.get(head, 0):>10.0f}" for head in heads))  # fmt: skip
    return lines


def times_table(found: list[Figure]) -> list[str]:
    """Lines for people: real time."""
    lines = [f"{'real time (medians)':32}{'requests/s':>12}{'p50 us':>10}{'p99 us':>10}"]
    by_config: dict[tuple, dict[str, float]] = {}
    for figure in found:
        if figure.unit in ("requests/s", "microseconds"):
            config = figure.config
            key = (config["harts"], config["connections"], config["mode"])
            by_config.setdefault(key, {})[figure.name] = figure.value
    for (harts, connections, mode), values in sorted(by_config.items()):
        what = f"{harts} hart{'s' * (harts > 1)}, {connections} connections, {mode}"
        lines.append(f"{what:32}{values['tcp.throughput']:>12.0f}{values['tcp.latency_p50']:>10.0f}"
                     f"{values['tcp.latency_p99']:>10.0f}")  # fmt: skip
    return lines


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools/bench/tcp.py", description=__doc__)
    add = parser.add_argument
    add("--qemu", default="build/emulator/bin/qemu-system-riscv64", help="default: %(default)s")
    add("--firmware", default="build/emulator/share/fw_dynamic.bin", help="default: %(default)s")
    add("--toolchain", required=True, help="what the programs were built with")
    add("--rel4", required=True, metavar="FOLDER", help="the build of PROFILE=rel4 for one hart")
    add("--sel4", required=True, metavar="FOLDER", help="that of PROFILE=sel4")
    add("--slow", required=True, metavar="FOLDER", help="the same without short paths")
    add("--rel4-harts", required=True, metavar="FOLDER", help="PROFILE=rel4 for four harts")
    add("--sel4-harts", required=True, metavar="FOLDER", help="PROFILE=sel4 for four harts")
    add("--connections", type=int, nargs="*", default=CONNECTIONS, help="default: %(default)s")
    add("--rounds", type=int, default=5, help="of which medians are taken; 0: no real time")
    add("--load", required=True, metavar="FILE", help="rel4-load")
    add("--counter", required=True, metavar="FILE", help="the plugin that counts")
    add("--profiler", required=True, metavar="FILE", help="the plugin that profiles")
    add("--nm", required=True, help="lists symbols of programs")
    add("--old-compiler", action="store_true", help="more patience: the compiler is g++ 12")
    add("--out", required=True, metavar="FILE", help="where the figures go: JSON; plots beside it")
    return parser.parse_args()


def show(found: list[Figure], options: argparse.Namespace) -> None:
    """What people want to see."""
    patience = OLD_COMPILER_FACTOR if options.old_compiler else 1
    print("\n".join(figures.table(found, patience, TARGETS, "stack")))
    print()
    print("\n".join(comparisons.table(rows(found))))
    for table in (counts_table(found), breakdown_table(found), times_table(found)):
        print()
        print("\n".join(table))
    print(f"\nWritten to {options.out}, and plots beside it.")


def main() -> int:
    """Run everything; gives the exit status."""
    options = parse()
    try:
        check(options.qemu)
        found = exact(options)
        found += derived(found)
        found += timed(options) if options.rounds else []
    except (EmulatorError, MonitorError, Failure, OSError) as error:
        print(f"bench-tcp: {error}", file=sys.stderr)
        return 2
    except FiguresError as error:
        print(f"bench-tcp: {error}", file=sys.stderr)
        return 1
    out = Path(options.out)
    figures.write(out, found, TARGETS)
    for name, plot in (("throughput", tcp_plots.throughput), ("instructions", tcp_plots.costs)):
        out.with_name(f"{out.stem}-{name}.svg").write_text(plot(found), encoding="utf-8")
    show(found, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
