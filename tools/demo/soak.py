#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Everything at once on the final system, well-behaved and not; and then: what is left of it?

    soak.py [--seconds N] [--tap] [--net user|tap|tap:NAME] QEMU FIRMWARE LOAD FOLDER

First there are 256 connections that do nothing: the servers must sleep. Then, for so many seconds,
clients of every kind: some stay, some come and go, some break every rule. Whoever keeps the rules
must be answered, each byte of it. When all have gone, the system must have what it had before:
memory, frames, packets, handles, connections, slots for capabilities. `--net tap` is a network of
its own; where this computer gives none, it says so. With --tap every check is a line of
TAP. Time is never judged, but by the clients' timeout: an answer takes less than a minute.
Exit status: 0 if all was well, 1 if not.
Read next: system.py, user/tcpsrv/site.hpp, tools/load/options.hpp.
"""

import argparse
import contextlib
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import own_network
from system import Address, Build, Failure, Load, System

from emulator.machine import EmulatorError
from net.counters import leaks, of_both, of_net_server

HARTS = 4
IDLE_CONNECTIONS = 256
IDLE_SECONDS = 5
# A look at the stack's timers every 250 ms is a trap to sleep and one to wake; two requests for
# counters are some more.
IDLE_TRAPS = 24 * IDLE_SECONDS
TIMEOUT = "60"
REPORT = 10.0  # seconds between two lines of progress
QUIET = 90.0  # seconds after which all must be as before: who reads nothing has 30

(HEAP,) = of_net_server("heap")


class Crowd(NamedTuple):
    """Clients that are alike."""

    name: str
    port: str
    arguments: str


# Fewer connections than the server has, together: else some wait until others go.
CROWDS = (
    Crowd("staying", "echo", "--connections 64 --ramp 16"),
    Crowd("large requests", "echo", "--connections 4 --size 5000"),
    Crowd("many in flight", "echo", "--connections 4 --depth 8"),
    Crowd("coming and going", "echo", "--connections 24 --ramp 24 --reconnect 1"),
    Crowd("pages", "http", "--connections 4 --mode http --path /"),
    Crowd("counters", "http", "--connections 4 --mode http --path /counters --any-body"
                              " --reconnect 8"),
    Crowd("nothing there", "http", "--connections 2 --mode http --path /nothing --status 404"),
    Crowd("among bad clients, echo", "echo", "--connections 4 --misbehave"
                                             " slow:4,half:4,reset:6,garbage:2,flood:2"),
    Crowd("among bad clients, HTTP", "http", "--connections 4 --mode http --path / --misbehave"
                                             " slow:4,half:4,reset:6,garbage:4,flood:2"),
)  # fmt: skip


class Report:
    """Says what is found, as TAP or for people."""

    def __init__(self, tap: bool) -> None:
        self._tap = tap
        self._count = 0
        self.failed = 0
        if tap:
            print("TAP version 13", flush=True)

    def check(self, name: str, problems: list[str]) -> None:
        """One check, and what is wrong."""
        self._count += 1
        self.failed += bool(problems)
        verdict = "not ok" if problems else "ok"
        print(f"{verdict} {self._count} - soak: {name}" if self._tap else f"{verdict:<8}{name}")
        for problem in problems:
            self.note(problem)
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """What is worth knowing."""
        for line in text.splitlines():
            print(f"  # {line}" if self._tap else f"        {line}", flush=True)

    def end(self) -> None:
        """There are no more."""
        if self._tap:
            print(f"1..{self._count}", flush=True)


def grown(before: dict[str, int], after: dict[str, int], names: tuple[str, ...]) -> int:
    """By how much the sum of counters has grown."""
    return sum(after[name] - before[name] for name in names)


@contextlib.contextmanager
def connections(address: Address, count: int) -> Iterator[list[socket.socket]]:
    """Open connections. Each has had an answer before the next one is opened: QEMU's user network
    lets no more than two wait."""
    with contextlib.ExitStack() as stack:
        opened: list[socket.socket] = []
        for _ in range(count):
            opened.append(stack.enter_context(socket.create_connection(address, 60)))
            opened[-1].sendall(b"hello")
            opened[-1].recv(5, socket.MSG_WAITALL)
        yield opened


def echo_on(opened: list[socket.socket]) -> list[str]:
    """A line on each connection, all of them before the first is read; what is wrong."""
    problems = []
    for number, connection in enumerate(opened):
        connection.sendall(b"%064d" % number)
    for number, connection in enumerate(opened):
        answer = connection.recv(64, socket.MSG_WAITALL)
        if answer != b"%064d" % number:
            problems.append(f"connection {number} got {answer!r}")
    return problems


def rest(system: System, report: Report) -> None:
    """Open connections without traffic cost next to nothing."""
    with connections(system.echo, IDLE_CONNECTIONS) as opened:
        problems = echo_on(opened)
        report.check(f"{IDLE_CONNECTIONS} connections at once, every byte right", problems)
        before, computed = system.counters(), system.processor_seconds()
        time.sleep(IDLE_SECONDS)
        after, computed = system.counters(), system.processor_seconds() - computed
        traps = grown(before, after, of_both("traps"))
        problems = [] if traps <= IDLE_TRAPS else [f"{traps} traps in {IDLE_SECONDS} s"]
        if before["connections"] <= IDLE_CONNECTIONS:  # and one that asks for the counters
            problems.append(f"only {before['connections']} connections were open")
        report.check("while they do nothing both servers sleep", problems)
        report.note(f"in {IDLE_SECONDS} s {traps} traps; the emulator was busy for"
                    f" {100 * computed / IDLE_SECONDS:.1f} % of the time")  # fmt: skip
        report.check("afterwards they are served as before", echo_on(opened))


def arguments_of(crowd: Crowd, options: argparse.Namespace) -> list[str]:
    """What its clients do. Of QEMU's user network no more than two connections to a port wait to
    be taken, others fail: there they come one after the other."""
    arguments = crowd.arguments
    if options.net == "user":
        arguments = re.sub(r"--ramp \d+ ?", "", arguments)
    return ["--seconds", str(options.seconds), "--timeout", TIMEOUT, *arguments.split()]


def crowds(build: Build, system: System, options: argparse.Namespace, report: Report) -> None:
    """Everybody at once."""
    began = system.counters()
    with contextlib.ExitStack() as stack:
        loads = [stack.enter_context(Load(
            build, getattr(system, crowd.port), "--seed", str(seed), *arguments_of(crowd, options),
        )) for seed, crowd in enumerate(CROWDS)]  # fmt: skip
        watch(system, lambda: all(load.ended() for load in loads), began, report)
        answers = opened = wrong = 0
        for crowd, load in zip(CROWDS, loads, strict=True):
            try:
                figures = load.figures()
            except Failure as error:
                report.check(f"{crowd.name}: every answer is right", str(error).splitlines())
                continue
            report.check(f"{crowd.name}: every answer is right", [])
            report.note(what_happened(figures))
            answers += figures["answers"]
            opened += figures["opening_us"]["count"]
            wrong += sum(kind["opened"] for kind in figures["misbehaving"].values())
    report.note(f"together: {answers:,} answers verified; {opened + wrong:,} connections, of which"
                f" {wrong:,} broke the rules")  # fmt: skip


def what_happened(figures: dict) -> str:
    """The figures of one crowd, in a line or two."""
    text = (f"{figures['answers']:,} answers, {figures['opening_us']['count']:,} connections,"
            f" 99% within {figures['latency_us']['p99'] / 1000:.0f} ms")  # fmt: skip
    bad = ", ".join(f"{kind} {counts['opened']:,}" for kind, counts in
                    figures["misbehaving"].items())  # fmt: skip
    return f"{text}\nbad connections: {bad}" if bad else text


def watch(system: System, ended: Callable[[], bool], began: dict[str, int],
          report: Report) -> None:  # fmt: skip
    """Says every few seconds how it goes. Raises Failure if the system is gone."""
    start = shown = time.monotonic()
    while not ended():
        time.sleep(0.2)
        if not system.lives():
            raise Failure("the machine has ended")
        if time.monotonic() - shown < REPORT:
            continue
        shown = time.monotonic()
        now = system.counters()
        answers = grown(began, now, ("echoes", "pages"))
        traps = grown(began, now, of_both("traps"))
        report.note(f"{shown - start:5.0f} s: {answers:,} requests, {now['connections']}"
                    f" connections, {traps / max(answers, 1):.2f} traps a request,"
                    f" {now[HEAP] // 1024} KiB of packets")  # fmt: skip


def wait_until_quiet(system: System, before: dict[str, int]) -> list[str]:
    """Waits until all is as it was; what is not."""
    deadline = time.monotonic() + QUIET
    while True:
        left = leaks(before, system.counters())
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(1)


def settled(system: System) -> dict[str, int]:
    """The counters when every kind of request was made once, and all is quiet."""
    with connections(system.echo, 1) as opened:
        echo_on(opened)
    now = system.counters()
    for _ in range(20):
        time.sleep(0.5)
        before, now = now, system.counters()
        if not leaks(before, now) and now["connections"] == 1:  # which asks for the counters
            break
    return now


def soak(build: Build, options: argparse.Namespace, report: Report) -> None:
    """All of it."""
    with System(build, HARTS, options.net) as system:
        try:
            before = settled(system)
            rest(system, report)
            crowds(build, system, options, report)
            left = wait_until_quiet(system, before)
            report.check("all that was used was given back", left)
            after = system.counters()
            report.check("the card broke no rule", [f"{after['restarts']} restarts"]
                         if after["restarts"] else [])  # fmt: skip
        except (Failure, OSError) as error:
            raise Failure(f"{error}\n{system.last_words()}") from error


def move(options: argparse.Namespace) -> bool:
    """Goes on in a network of its own. If there is none it says why; true: without it, then."""
    why = own_network.enter()
    if options.tap:
        own_network.skipped("soak", why)
        return False
    print(f"{why}\nWithout it: QEMU's user network, which is slower.", flush=True)
    options.net = "user"
    return True


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="soak.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--tap", action="store_true", help="write TAP")
    parser.add_argument("--net", default="user", help="user, tap, tap:NAME (default: %(default)s)")
    parser.add_argument("build", nargs=4, metavar="PATH", help="QEMU FIRMWARE LOAD FOLDER")
    options = parser.parse_args()
    if options.net == "tap" and not move(options):
        return 0
    report = Report(options.tap)
    try:
        soak(Build(*options.build), options, report)
    except (EmulatorError, Failure) as error:
        report.check("the system runs to the end", str(error).splitlines())
    report.end()
    return 1 if report.failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
