# SPDX-License-Identifier: BSD-2-Clause
"""What the figures of the TCP server are to be compared with.

Read next: tcp.py, figures.py.
"""

from .figures import Figure
from .targets import Target

CONNECTIONS = (1, 2, 4, 8, 16, 32, 256)
# A request of 64 bytes on lwIP and virtio-net with no system at all: measured with one connection.
STACK = 3861
REQUEST = 4800
COLLAPSE = 1.05
# Times that synchronous costs more than asynchronous, above the stack, with so many connections.
ABOVE_STACK = 3
CONNECTIONS_ABOVE_STACK = 4


def of_connections() -> list[Target]:
    """Instructions for each number of connections, on one hart."""
    found = []
    for mode, bound in (("async", REQUEST), ("sync", None)):
        for number in CONNECTIONS:
            config = {"mode": mode, "harts": 1, "connections": number, "fastpath": 1}
            found.append(Target("tcp.instructions_per_request",
                                f"{mode}, {number} connection{'s' * (number > 1)}",
                                STACK, bound, config))  # fmt: skip
    return found


TARGETS = (
    *of_connections(),
    *(Target("tcp.async_over_best", f"async, {number} connections, of its best", None, COLLAPSE,
             {"harts": 1, "connections": number}) for number in (32, 256)),
)  # fmt: skip


def instructions(figures: list[Figure], mode: str) -> dict[int, float]:
    """Instructions for a request, by connections; short paths where there are some."""
    return {figure.config["connections"]: figure.value for figure in figures
            if figure.name == "tcp.instructions_per_request" and figure.config["mode"] == mode
            and figure.config["fastpath"] == 1}  # fmt: skip


def derived(figures: list[Figure]) -> list[Figure]:
    """Figures that are made of others."""
    fast, slow = instructions(figures, "async"), instructions(figures, "sync")
    best = min(fast.values())
    found = []
    for number in fast:
        config = {"harts": 1, "connections": number}
        found.append(Figure("tcp.async_over_best", round(fast[number] / best, 4), config, "ratio"))
        if number in slow and fast[number] > STACK:  # else there is nothing to divide by
            above = (slow[number] - STACK) / (fast[number] - STACK)
            found.append(
                Figure("tcp.sync_over_async_above_stack", round(above, 2), config, "ratio"))
    return found
