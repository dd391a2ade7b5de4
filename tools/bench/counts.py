# SPDX-License-Identifier: BSD-2-Clause
"""What the plugin in QEMU counts between two marks, and how it is started.

Read next: counter/counter.cpp, asynchronous.py.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from .figures import Figure, FiguresError

Counts = dict[str, int]

# Symbols of the kernel that the plugin wants to know: names as the demangler shows them.
SYMBOLS = {"trap": r"trap_vector", "signal": r"Notification::notify\(.*\)( \[clone .*\])?"}


def arguments(plugin: str, kernel: Path, out: Path) -> tuple[str, ...]:
    """QEMU's arguments for a kernel whose symbols lie beside it."""
    symbols = kernel.with_suffix(".sym").read_text(encoding="utf-8")
    found = {key: address_of(pattern, symbols) for key, pattern in SYMBOLS.items()}
    options = ",".join(f"{key}={address:x}" for key, address in found.items())
    return ("-plugin", f"{plugin},out={out},{options}")


def address_of(pattern: str, symbols: str) -> int:
    """Where a function begins, by nm's list."""
    found = re.search(rf"^([0-9a-f]+) [tTwW] {pattern}$", symbols, re.MULTILINE)
    if found is None:
        raise FiguresError(f"the kernel has no symbol like {pattern}: nothing can be counted")
    return int(found[1], 16)


def read(text: str) -> list[Counts]:
    """A file of the plugin: the counts of each interval."""
    return [{key: int(number) for key, _, number in (part.partition("=") for part in line.split())}
            for line in text.splitlines()]  # fmt: skip


def per_operation(figure: Figure, intervals: list[Counts]) -> dict[str, float]:
    """What was counted in a figure's last measurement, for each of its operations; a figure that
    no marks belong to has none."""
    operations = figure.facts.get("operations", 0)
    interval = int(figure.facts.get("interval", -1))
    if operations <= 1 or not 0 <= interval < len(intervals):
        return {}
    return {key: round(number / operations, 4) for key, number in intervals[interval].items()}


def notifications(counts: dict[str, float]) -> float:
    """Every uipi.send, kernel signal and UintrPark with a send."""
    return round(counts["sends"] + counts["signals"] + counts["parks_sending"], 4)


def entries(counts: dict[str, float]) -> float:
    """Every `ecall` of a program. Interrupts, ticks and messages between harts, are traps only."""
    return sum(counts[key] for key in ("calls", "parks", "parks_sending", "wakes"))


def derived(figures: Iterable[Figure]) -> list[Figure]:
    """The figures that are counted, not measured."""
    found = []
    for figure in figures:
        if not figure.counts:
            continue
        if figure.name == "async.ipc":
            found.append(Figure("async.notifications_per_ipc", notifications(figure.counts),
                                figure.config, "notifications"))  # fmt: skip
        if figure.name == "async.mapunmap":
            each = round(entries(figure.counts) / 2, 4)  # two calls an operation
            found.append(Figure("async.entries_per_call", each, figure.config, "entries"))
    return found
