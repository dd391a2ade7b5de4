#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Shows what calls cost that trap, and calls through shared rings.

The same programs run twice, each time on one hart whose time follows counted instructions: on the
synchronous profile, where every call traps, and on the asynchronous one. A row appears when its
measurement has ended. Exit status: 0 if all ran, 1 otherwise.
Usage: calls.py QEMU FIRMWARE SEL4-FOLDER REL4-FOLDER
Read next: user/pingpong/client.cpp, user/memory/client.cpp.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RUN = Path(__file__).parents[1] / "emulator" / "run.py"
PINGPONG = re.compile(r"pingpong: (\d+) at a time, load 0: (\d+) calls, 0 wrong, 0 failed, "
                      r"(\d+) traps, (\d+) notifications, (\d+) ns each$")
MEMORY = re.compile(r"memory: (\d+) at a time: (\d+) pages mapped and unmapped, 0 failed, "
                    r"0 strange, (\d+) traps of the server, (\d+) ns each$")


def lines(command: list[str]) -> Iterator[str]:
    """What a machine writes, line by line."""
    with subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, errors="replace") as machine:
        assert machine.stdout is not None
        for line in machine.stdout:
            yield line.rstrip()


def rows(machine: Iterator[str], pattern: re.Pattern[str]) -> Iterator[tuple[int, ...]]:
    """The numbers of every line that says what was measured."""
    for line in machine:
        if match := pattern.match(line):
            yield tuple(int(number) for number in match.groups())


def boot(qemu: str, firmware: str, folder: str, root: str) -> Iterator[str]:
    return lines([str(RUN), "--qemu", qemu, "--firmware", firmware, "--counted", "--memory", "256M",
                  "--kernel", f"{folder}/kernel.elf", "--initrd", f"{folder}/user/{root}.elf",
                  "--stop-after", "3000000000"])


def show(what: str, instructions: int, traps: float, saved: float) -> None:
    times = f"{saved:9.1f} x" if saved else ""
    print(f"  {what:<34}{instructions:>13}{traps:>10.2f}{times}", flush=True)


def compare(qemu: str, firmware: str, folders: tuple[str, str], root: str,
            pattern: re.Pattern[str], per_item: int) -> int:
    """One table: the first row of the synchronous system, for there it does not matter how many
    call; all rows of the asynchronous one. Answers how many rows there are."""
    found = 0
    synchronous = 0
    for way, folder in zip(("each traps", "shared rings"), folders, strict=True):
        for row in rows(boot(qemu, firmware, folder, root), pattern):
            concurrency, items, traps, instructions = row[0], row[1], row[2], row[-1]
            found += 1
            if way == "each traps":
                if synchronous == 0:
                    synchronous = instructions
                    show(way, instructions, traps / items / per_item, 0)
                continue
            show(f"{way}, {concurrency} at a time", instructions, traps / items / per_item,
                 synchronous / instructions)
    return found


def main() -> int:
    qemu, firmware, sel4, rel4 = sys.argv[1:]
    head = f"{'instructions':>13}{'traps':>10}{'faster':>11}"
    print("\nTwo processes talk. The same programs, the same answers; one hart. For each call:")
    print(f"\n  {'':<34}{head}", flush=True)
    talks = compare(qemu, firmware, (sel4, rel4), "pingpong-root", PINGPONG, 1)
    print("\nA server maps and unmaps pages for another process. For each request, traps of the")
    print(f"server:\n\n  {'':<34}{head}", flush=True)
    pages = compare(qemu, firmware, (sel4, rel4), "memory-root", MEMORY, 2)
    if not talks or not pages:
        print("demo: a machine did not run; `make test-root` says more", file=sys.stderr)
        return 1
    print("\nWho has company pays less: a burst of calls shares its notification, its system calls")
    print("share their trap. `make bench-async` measures all of it.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
