#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The last part of the demo: the final system with real clients, asynchronous and synchronous.

Boots one machine for each folder, with a network card, and connects clients of this computer:
every byte of every answer is verified. Machines that have no client sleep, so they take turns, row
by row. Exit status: 0 if every answer was right, 1 otherwise.
Usage: network.py QEMU FIRMWARE LOAD FOLDER...
Read next: system.py, user/tcpsrv/server.cpp.
"""

import contextlib
import signal
import sys
from typing import NamedTuple

from system import Build, Failure, Load, System

from emulator.machine import EmulatorError
from net.counters import of_both

ECHO_CONNECTIONS = (1, 4, 16, 64, 256)
SECONDS = 2
TRAPS = of_both("traps")
NOTIFICATIONS = of_both("notifications")
PAGE_CONNECTIONS = 8


class Row(NamedTuple):
    """What one system did with so many connections."""

    answers: int
    rate: float  # answers a second
    half: float  # of the answers came within so many microseconds,
    most: float  # and 99 of 100 within these
    traps: float  # for each answer, of the two servers
    notifications: float

    def text(self) -> str:
        return (f"{self.rate:>9,.0f}{self.half:>9,.0f}{self.most:>9,.0f}"
                f"{self.traps:>8.2f}{self.notifications:>8.2f}")  # fmt: skip


COLUMNS = f"{'requests/s':>9}{'50% us':>8}{'99% us':>9}{'traps':>8}{'notif.':>8}"


def measured(build: Build, system: System, *arguments: str, http: bool = False) -> Row:
    """Clients come, are served, and go."""
    before = system.counters()
    with Load(build, system.http if http else system.echo, "--seconds", str(SECONDS),
              "--timeout", "20", *arguments) as load:  # fmt: skip
        figures = load.figures()
    after = system.counters()
    answers = figures["answers"]
    latency = figures["latency_us"]

    def each(names: tuple[str, ...]) -> float:
        return sum(after[name] - before[name] for name in names) / answers

    return Row(answers, figures["requests_per_second"], latency["p50"], latency["p99"],
               each(TRAPS), each(NOTIFICATIONS))  # fmt: skip


def show(first: str, rows: list[Row]) -> None:
    print(f"  {first:<14}" + "  ".join(row.text() for row in rows), flush=True)


def compare(builds: list[Build], systems: list[System]) -> int:
    """The table; answers how many answers were verified."""
    names = [system.name() for system in systems]
    width = len(COLUMNS)
    print(f"\n  {'':<14}" + "  ".join(f"{name:^{width}}" for name in names))
    print(f"  {'connections':<14}" + "  ".join(COLUMNS for _ in names), flush=True)
    total = 0
    for connections in ECHO_CONNECTIONS:
        arguments = ("--connections", str(connections))
        rows = [measured(*pair, *arguments) for pair in zip(builds, systems, strict=True)]
        show(f"{connections:>5}", rows)
        total += sum(row.answers for row in rows)
    arguments = ("--connections", str(PAGE_CONNECTIONS), "--mode", "http", "--path", "/")
    rows = [measured(*pair, *arguments, http=True) for pair in zip(builds, systems, strict=True)]
    show(f"{PAGE_CONNECTIONS:>5}, pages", rows)
    return total + sum(row.answers for row in rows)


def main() -> int:
    """The command."""
    qemu, firmware, load, *folders = sys.argv[1:]
    builds = [Build(qemu, firmware, load, folder) for folder in folders]
    print()
    print("The final system: a net server and a TCP server on four harts, and real clients on")
    print("this computer. Each sends 64 bytes, waits, and looks at every byte that comes back.",
          flush=True)  # fmt: skip
    try:
        with contextlib.ExitStack() as stack:
            systems = [stack.enter_context(System(build)) for build in builds]
            total = compare(builds, systems)
    except (EmulatorError, Failure) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    print(f"\nAll {total:,} answers were right. Traps and notifications are the two servers', for")
    print("each answer. A synchronous call traps for every client; rings are emptied many calls")
    print("at a time: the more clients there are, the less each costs. `make qemu` leaves the")
    print("system running, with its page for a browser.")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
