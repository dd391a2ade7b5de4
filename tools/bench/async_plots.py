# SPDX-License-Identifier: BSD-2-Clause
"""The paper's figures 4 and 5 with our numbers, and the paper's points drawn in.

The paper counts cycles, we count instructions; so every cost is drawn as a part of the same
system's synchronous one, which is at 1. On several harts it is what asynchronous.py says is the
cost in turns: times depend on what else the host does. Read next: svg.py.
"""

from . import paper
from .comparisons import curve, value
from .figures import Figure
from .svg import Curve, Panel, plot

LOADS = (0, 10, 20, 30)
COST = "x synchronous"
LEAST = 0.0005


def parts(points: dict[int, float], whole: float | None) -> dict[int, float]:
    """The same points as parts of something."""
    return {x: y / whole for x, y in points.items()} if whole else {}


def in_turns(figures: list[Figure], name: str, **config: object) -> dict[int, float]:
    """Costs on several harts, by concurrency."""
    return {figure.config["concurrency"]: figure.counts["in_turns"] for figure in figures
            if figure.name == name and config.items() <= figure.config.items()}  # fmt: skip


def shown_zero(points: dict[int, float]) -> dict[int, float]:
    """The same; what is too small for the scale lies on its end."""
    return {x: max(y, LEAST) for x, y in points.items()}


def harts_of(figures: list[Figure]) -> list[int]:
    """Machines with several harts that were measured."""
    found = {figure.config.get("harts") for figure in figures}
    return sorted(harts for harts in found if isinstance(harts, int) and harts > 1)


def system_calls(figures: list[Figure]) -> str:
    """Figure 4: map and unmap through the ring."""
    one = {"harts": 1, "profile": "rel4"}
    traps = value(figures, "sync.mapunmap", **one)
    cost = [Curve("by traps (fastest of ours, and the paper's)", {None: 1}, 5),
            Curve("ours, 1 hart", parts(curve(figures, "async.mapunmap", **one), traps), 0),
            Curve("the paper, 1 hart", parts(paper.MAP[1], paper.TRAPS), 0, dashed=True),
            Curve("the paper, 2 harts", parts(paper.MAP[2], paper.TRAPS), 1, dashed=True)]
    entries = [Curve("ours, 1 hart", curve(figures, "async.entries_per_call", **one), 0),
               Curve("the paper, 1 hart", paper.ENTRIES, 0, dashed=True)]
    for colour, harts in enumerate(harts_of(figures), 1):
        cost.append(Curve(f"ours, {harts} harts", in_turns(figures, "async.mapunmap", harts=harts),
                          colour))
        points = shown_zero(curve(figures, "async.entries_per_call", harts=harts))
        entries.append(Curve(f"ours, {harts} harts", points, colour))
    return plot("Mapping and unmapping a page (the paper's figure 4)", [
        Panel("cost of a pair", COST, cost),
        Panel("kernel entries for each call", f"entries; {LEAST:g} is that or less", entries)])


def messages(figures: list[Figure]) -> str:
    """Figure 5: messages between two processes."""
    one = {"harts": 1, "profile": "rel4"}
    fast = value(figures, "sync.call_reply", fastpath=1, harts=1, load=0)
    slow = value(figures, "sync.call_reply", fastpath=0, harts=1, load=0)
    cost = [Curve("synchronous with fastpath (ours, and the paper's)", {None: 1}, 5),
            Curve("the paper, 1 hart", parts(paper.IPC[1], paper.FASTPATH), 0, dashed=True),
            Curve("the paper, 2 harts", parts(paper.IPC[2], paper.FASTPATH), 1, dashed=True),
            Curve("the paper without fastpath", {None: paper.NO_FASTPATH / paper.FASTPATH}, 2,
                  dashed=True),
            Curve("ours, 1 hart", parts(curve(figures, "async.ipc", load=0, **one), fast), 0)]
    if slow and fast:
        cost.append(Curve("ours without fastpath", {None: slow / fast}, 2))
    notified = [Curve("ours, 1 hart", curve(figures, "async.notifications_per_ipc", load=0, **one),
                      0),
                Curve("the paper, 1 hart", paper.NOTIFICATIONS[1], 0, dashed=True),
                Curve("the paper, 2 harts", paper.NOTIFICATIONS[2], 1, dashed=True)]
    for colour, harts in enumerate(harts_of(figures), 1):
        cost.append(Curve(f"ours, {harts} harts",
                          in_turns(figures, "async.ipc", load=0, harts=harts), colour))
    loads = [Curve(f"1 hart, load {load}", with_load(figures, load), number)
             for number, load in enumerate(LOADS)]
    for load, harts in ((load, harts) for harts in harts_of(figures) for load in LOADS):
        points = shown_zero(
            curve(figures, "async.notifications_per_ipc", load=load, harts=harts))
        notified.append(Curve(f"ours, {harts} harts, load {load}", points, 1 + LOADS.index(load)))
    return plot("A message and its answer (the paper's figure 5)", [
        Panel("cost, the server has no other work", COST, cost),
        Panel("the server works longer", "x synchronous with the same load", loads),
        Panel("notifications for each message", f"notifications; {LEAST:g} is that or less",
              notified)])


def with_load(figures: list[Figure], load: int) -> dict[int, float]:
    """One hart, against the fastpath with the same work."""
    fast = value(figures, "sync.call_reply", fastpath=1, harts=1, load=load)
    return parts(curve(figures, "async.ipc", load=load, harts=1, profile="rel4"), fast)
