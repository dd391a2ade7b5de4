#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests that a request to the TCP server costs no more than it may; writes TAP.

The exact figures of tcp.py that have a bound, on one hart.

    tcp_check.py QEMU FIRMWARE REL4-FOLDER SEL4-FOLDER

Read next: tcp.py, tcp_targets.py.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "platform/tests")]

from bench.comparisons import value  # noqa: E402
from bench.figures import Figure, FiguresError  # noqa: E402
from bench.tcp import Exact  # noqa: E402
from bench.tcp_targets import (  # noqa: E402
    ABOVE_STACK,
    COLLAPSE,
    CONNECTIONS_ABOVE_STACK,
    REQUEST,
    STACK,
    derived,
)
from emulator.machine import EmulatorError  # noqa: E402
from tap import Result, Writer  # noqa: E402

MANY = (32, 256)


def results(options: argparse.Namespace) -> Iterator[Result]:
    """One for each bound."""
    few = CONNECTIONS_ABOVE_STACK
    fast, slow = Exact(options, options.rel4), Exact(options, options.sel4)
    costs = [cost("async", fast, number) for number in (few, *MANY)]
    found = derived([*costs, cost("sync", slow, few)])
    yield within(f"{few} connections, instructions a request", costs[0].value, most=REQUEST)
    for number in MANY:
        yield within(f"{number} connections, of its best",
                     value(found, "tcp.async_over_best", connections=number),
                     most=COLLAPSE)  # fmt: skip
    yield within(f"{few} connections, synchronous / asynchronous above the stack's {STACK}",
                 value(found, "tcp.sync_over_async_above_stack", connections=few),
                 least=ABOVE_STACK)  # fmt: skip


def cost(mode: str, machines: Exact, connections: int) -> Figure:
    """Instructions for a request, as tcp.py has them."""
    return Figure("tcp.instructions_per_request", machines.cost(connections),
                  {"mode": mode, "fastpath": 1, "connections": connections})  # fmt: skip


def within(name: str, measured: float | None, least: float | None = None,
           most: float | None = None) -> Result:  # fmt: skip
    """Is the value not too small, and not too large?"""
    bound = f"at most {most}" if least is None else f"at least {least}"
    if measured is None:  # nothing to divide by: less than the bare stack
        measured = math.inf
    passed = (least is None or measured >= least) and (most is None or measured <= most)
    return Result(f"bench-tcp: {name}", passed, [f"{measured:.2f}, {bound}"])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("qemu", "firmware", "rel4", "sel4"):
        parser.add_argument(name)
    options = parser.parse_args()
    writer = Writer(sys.stdout)
    try:
        for result in results(options):
            writer.add(result)
    except (EmulatorError, FiguresError) as error:
        print(f"Bail out! {error}")
        return 1
    writer.close()
    return 1 if writer.failed else 0


if __name__ == "__main__":
    sys.exit(main())
