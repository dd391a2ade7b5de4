# SPDX-License-Identifier: BSD-2-Clause
"""Asynchronous against synchronous: how many times faster, and from which concurrency on.

Both sides of a comparison are of the same machine and kernel, the paper's both of its own.
Read next: asynchronous.py.
"""

from collections.abc import Iterable
from typing import NamedTuple

from . import paper
from .figures import Figure


class Row(NamedTuple):
    """A line of the table. `least` and `most` are targets."""

    text: str
    ours: float | None
    paper: float
    least: float | None = None
    most: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the target is missed."""
        if self.ours is None:
            return self.least is not None or self.most is not None
        return ((self.least is not None and self.ours < self.least)
                or (self.most is not None and self.ours > self.most))  # fmt: skip


def value(figures: Iterable[Figure], name: str, **config: object) -> float | None:
    """The value of the figure with this configuration."""
    return next((figure.value for figure in figures
                 if figure.name == name and config.items() <= figure.config.items()), None)


def curve(figures: Iterable[Figure], name: str, **config: object) -> dict[int, float]:
    """Values by concurrency."""
    return {figure.config["concurrency"]: figure.value for figure in figures
            if figure.name == name and "concurrency" in figure.config
            and config.items() <= figure.config.items()}  # fmt: skip


def ratio(over: float | None, under: float | None) -> float | None:
    """Rounded; None if one of them is missing."""
    return None if over is None or not under else round(over / under, 2)


def overtakes(points: dict[int, float], bound: float | None) -> int | None:
    """The first concurrency at which asynchronous is cheaper than `bound`."""
    if bound is None:
        return None
    return next((number for number in sorted(points) if points[number] < bound), None)


def rows(figures: list[Figure]) -> list[Row]:
    """All comparisons on one hart."""
    one = {"harts": 1, "profile": "rel4"}
    ipc = curve(figures, "async.ipc", load=0, **one)
    pages = curve(figures, "async.mapunmap", **one)
    fast = value(figures, "sync.call_reply", fastpath=1, harts=1, load=0)
    slow = value(figures, "sync.call_reply", fastpath=0, harts=1, load=0)
    traps = value(figures, "sync.mapunmap", **one)
    their = paper.IPC[1]
    return [
        Row("fastpath / messages, 32 at a time", ratio(fast, ipc.get(32)),
            round(paper.FASTPATH / their[32], 2), least=1.76),
        Row("no fastpath / messages, 32 at a time", ratio(slow, ipc.get(32)),
            round(paper.NO_FASTPATH / their[32], 2)),
        Row("messages, 1 at a time / fastpath", ratio(ipc.get(1), fast),
            round(their[1] / paper.FASTPATH, 2)),
        Row("messages overtake the fastpath from", overtakes(ipc, fast), 8, most=2),
        Row("traps / calls in the ring, 64 at a time", ratio(traps, pages.get(64)),
            round(paper.TRAPS / paper.MAP[1][64], 2), least=2.5),
        Row("calls in the ring overtake traps from", overtakes(pages, traps), 32, most=4),
    ]  # fmt: skip


def table(found: list[Row]) -> list[str]:
    """Lines for people."""
    lines = [f"{'':42}{'ours':>10}{'paper':>10}{'target':>10}"]
    for row in found:
        target = f">= {row.least}" if row.least is not None else (
            f"<= {row.most}" if row.most is not None else "-")  # fmt: skip
        ours = "-" if row.ours is None else row.ours
        lines.append(f"{row.text:42}{ours:>10}{row.paper:>10}{target:>10}"
                     f"{'  MISSED' if row.missed else ''}")  # fmt: skip
    return lines
