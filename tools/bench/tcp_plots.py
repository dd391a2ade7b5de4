# SPDX-License-Identifier: BSD-2-Clause
"""The paper's figure 6 with our numbers, and where a request's instructions go.

Throughput is drawn as a part of what the same system does synchronously with one connection on one
hart: ours is an emulator's, the paper's of a slow board. Read next: svg.py, tcp.py.
"""

from . import paper
from .async_plots import parts
from .figures import Figure
from .svg import Curve, Panel, plot
from .tcp_targets import REQUEST, STACK, instructions


def by_connections(figures: list[Figure], name: str, **config: object) -> dict[int, float]:
    """Values by connections."""
    return {figure.config["connections"]: figure.value for figure in figures
            if figure.name == name and config.items() <= figure.config.items()}  # fmt: skip


def throughput(figures: list[Figure]) -> str:
    """Figure 6."""
    ours, theirs, waits = [], [], []
    whole = by_connections(figures, "tcp.throughput", mode="sync", harts=1).get(1)
    for colour, (mode, harts) in enumerate(
        (mode, harts) for harts in (1, 4) for mode in ("sync", "async")
    ):
        label = f"{mode}, {harts} hart{'s' * (harts > 1)}"
        points = by_connections(figures, "tcp.throughput", mode=mode, harts=harts)
        table = paper.TCP_SYNC if mode == "sync" else paper.TCP_ASYNC
        ours.append(Curve(f"ours, {label}", parts(points, whole), colour))
        theirs.append(Curve(f"the paper, {label}", parts(table[harts], paper.TCP_SYNC[1][1]),
                            colour, dashed=True))  # fmt: skip
        delays = by_connections(figures, "tcp.latency_p50", mode=mode, harts=harts)
        waits.append(Curve(f"ours, {label}", delays, colour))
    return plot("A TCP server that sends back 64 bytes (the paper's figure 6)", [
        Panel("throughput: ours", "x sync, 1 connection, 1 hart", ours),
        Panel("throughput: the paper's", "x its sync, 1 connection, 1 hart", theirs),
        Panel("time for a request, median", "microseconds", waits)])  # fmt: skip


def costs(figures: list[Figure]) -> str:
    """Instructions for a request."""
    return plot("A request of 64 bytes over TCP, one hart", [
        Panel("instructions for each", "instructions", [
            Curve("async", instructions(figures, "async"), 1),
            Curve("sync", instructions(figures, "sync"), 0),
            Curve("target for async", {None: REQUEST}, 2),
            Curve("lwIP and virtio with no system", {None: STACK}, 5)])])  # fmt: skip
