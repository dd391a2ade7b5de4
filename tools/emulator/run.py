#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Starts a ReL4 machine in QEMU, shows its console and watches its boot.

Exit status: the guest's own; 124 and 125 as platform/qemu/README.md says; 123 if the watch stopped
the machine; 122 if it could not be started; 120 if a program was changed (--whole); 128 + n if QEMU
was ended by signal n. Everything after `--` goes to QEMU as it stands. Read next: machine.py,
watch.py.
"""

import argparse
import contextlib
import signal
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.machine import (  # noqa: E402
    BOARDS,
    DEFAULT_QEMU,
    EmulatorError,
    Machine,
    check,
    check_files,
    shown,
)
from emulator.memory import Memory, kernel_is_whole, root_task_is_whole  # noqa: E402
from emulator.network import Forward, Network, NetworkError, forwarded  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Outcome, Watch  # noqa: E402

NOT_STARTED = 122
PROGRAM_CHANGED = 120


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line; what follows `--` is for QEMU."""
    ours, theirs = split_at_dashes(arguments)
    parser = argparse.ArgumentParser(
        prog="tools/emulator/run.py", description=__doc__.split("\n\n")[0],
        epilog="Arguments after -- go to QEMU.", allow_abbrev=False,
    )  # fmt: skip
    add = parser.add_argument
    add("--qemu", default=str(DEFAULT_QEMU), help="the emulator (default: %(default)s)")
    add("--board", default="virt", choices=BOARDS, help="memory map (default: %(default)s)")
    add("--harts", type=int, default=1, metavar="N", help="number of harts (default: 1)")
    add("--memory", default="128M", help="size of memory (default: %(default)s)")
    add("--firmware", default="none", metavar="FILE", help="M-mode firmware (default: none)")
    add("--kernel", default="", metavar="ELF", help="program to boot")
    add("--initrd", default="", metavar="FILE", help="initial RAM disk: the root task")
    add("--append", default="", metavar="TEXT", help="the guest's command line")
    add("--net", metavar="END", help="a network card: user, tap:NAME or script:FILE")
    add("--forward", action="append", default=[], metavar="[HOST:]GUEST",
        help="a TCP port of 127.0.0.1 that leads to one of the guest (--net user)")  # fmt: skip
    add("--symbols", action="append", default=[], metavar="ELF", help="more names of addresses")
    add("--counted", action="store_true", help="time follows counted instructions: repeatable")
    add("--slice", default="", metavar="N|LO..HI",
        help="instructions a turn of a hart (default: 1000 if there are several)")  # fmt: skip
    add("--seed", type=int, help="seed of the lengths of turns")
    add("--stop-after", type=int, default=0, metavar="N", help="stop after N instructions")
    add("--first-output", type=float, default=5.0, metavar="S",
        help="stop a boot that prints nothing for S seconds (default: 5; 0: never)")  # fmt: skip
    add("--timeout", type=float, default=0.0, metavar="S", help="stop after S seconds")
    add("--whole", action="append", default=[], choices=("kernel", "initrd"),
        help="at the end, code and constants of this program must be as in its file")  # fmt: skip
    add("--remedy", default="run it again with --gdb", help="what the diagnosis advises")
    add("--gdb", action="store_true", help="wait for a debugger before the first instruction")
    add("--gdb-socket", metavar="PATH", help="where the debugger connects (with --gdb)")
    add("--dry-run", action="store_true", help="print QEMU's command line and exit")
    options = parser.parse_args(ours)
    options.extra = tuple(theirs)
    return options


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments before and after the first `--`."""
    if "--" not in arguments:
        return arguments, []
    index = arguments.index("--")
    return arguments[:index], arguments[index + 1 :]


def machine_of(options: argparse.Namespace) -> Machine:
    """The machine that the options describe. With a last instruction, QEMU would take one that
    stands at a breakpoint for one that sleeps for ever: under a debugger it has none."""
    return Machine(
        qemu=options.qemu, board=options.board, harts=options.harts, memory=options.memory,
        firmware=options.firmware, kernel=options.kernel, initrd=options.initrd,
        append=options.append, counted=options.counted, slice_length=options.slice,
        seed=options.seed, stop_after=0 if options.gdb else options.stop_after,
        network=network_of(options), extra=options.extra,
    )  # fmt: skip


def network_of(options: argparse.Namespace) -> Network | None:
    """The network that the options describe."""
    if options.net is None and not options.forward:
        return None
    try:
        return Network(options.net or "", tuple(map(Forward.of, options.forward)))
    except NetworkError as error:
        raise EmulatorError(str(error)) from error


def run(options: argparse.Namespace) -> int:
    """Starts the machine and returns the exit status."""
    with contextlib.ExitStack() as ends:
        memory = ends.enter_context(Memory(options.memory)) if options.whole else None
        machine = replace(machine_of(options), kept_memory=memory)
        if options.dry_run:
            print(shown(machine.command()))
            return 0
        check(machine.qemu)
        check_files(machine)
        status = run_machine(machine, options)
        return PROGRAM_CHANGED if memory and changed(memory, machine, options.whole) else status


def run_machine(machine: Machine, options: argparse.Namespace) -> int:
    """From its start to its end; returns its exit status."""
    descriptors = [machine.kept_memory.descriptor] if machine.kept_memory else []
    with Process(machine.command(), True, debugger(options), descriptors) as process:
        if options.gdb:
            announce_debugger(process, machine)
        if machine.network and machine.network.forwards:
            announce_forwards(process)
        if process.keyboard:
            say("to leave the machine: Ctrl-a x")
        first_output = 0 if options.gdb else options.first_output
        limits = Limits(first_output, options.timeout, options.remedy)
        symbols = Symbols([*options.symbols, machine.kernel, machine.initrd])
        outcome = Watch(process, limits, symbols, show, show_error).run()
    report(outcome)
    return outcome.status


def changed(memory: Memory, machine: Machine, programs: list[str]) -> bool:
    """Whether one of the programs is not what was loaded; says which."""
    whole = {"kernel": lambda: kernel_is_whole(memory, machine.kernel),
             "initrd": lambda: root_task_is_whole(memory, machine.initrd)}  # fmt: skip
    broken = [name for name in programs if not whole[name]()]
    for name in broken:
        say(f"the {name} was changed while the machine ran")
    return bool(broken)


def debugger(options: argparse.Namespace) -> str | None:
    """Where the debugger connects: a path, empty for one of our own choice; None without one."""
    return (options.gdb_socket or "") if options.gdb else None


def announce_debugger(process: Process, machine: Machine) -> None:
    """Says how to connect."""
    target = shown([process.debugger])
    say(f"waiting for: gdb-multiarch -ex 'target remote {target}' {shown([machine.kernel])}")


def announce_forwards(process: Process) -> None:
    """Says which ports lead to the machine. QEMU itself says why, if it did not start."""
    try:
        with process.monitor() as monitor:
            for host, guest in forwarded(monitor):
                say(f"127.0.0.1:{host} leads to the guest's port {guest}")
    except MonitorError as error:
        if process.child.poll() is None:
            raise EmulatorError(f"the forwarded ports are not known ({error})") from error


def report(outcome: Outcome) -> None:
    """Says why the machine was stopped, or that QEMU crashed."""
    for line in outcome.report:
        say(line)
    if outcome.crashed:
        say(f"the emulator was ended by signal {outcome.status - 128}; please report this")


def show(data: bytes) -> None:
    """Passes the console on, unbuffered."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def show_error(data: bytes) -> None:
    """Passes on what QEMU itself says."""
    sys.stderr.buffer.write(data)
    sys.stderr.buffer.flush()


def say(text: str) -> None:
    """A line of our own."""
    print(f"emulator: {text}", file=sys.stderr, flush=True)


def interrupt(number: int, _: object) -> None:
    """Turns a signal into an exception, so that everything is cleaned up."""
    raise SystemExit(128 + number)


def main() -> int:
    """The command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return run(parse(sys.argv[1:]))
    except EmulatorError as error:
        say(str(error))
        return NOT_STARTED
    except BrokenPipeError:
        sys.stdout = None
        return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(main())
