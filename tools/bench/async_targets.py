# SPDX-License-Identifier: BSD-2-Clause
"""What the asynchronous figures are to be compared with: the paper's, and the targets.

The paper's are cycles, ours instructions: compare what each is of its own synchronous figure
(comparisons.py). Targets speak of PROFILE=rel4. Read next: figures.py, paper.py.
"""

from . import paper
from .targets import Target

CONCURRENCIES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
ONE = {"profile": "rel4", "harts": 1}
TWO = {"profile": "sel4", "harts": 2}
# The kernel's tick, in kernel entries for each call.
TICKS = 0.001

IPC = {1: 600, 2: 380, 8: 150, 32: 90}
MAP = {64: 360}
UNDER_LOAD = 0.001


def of_concurrency() -> list[Target]:
    """Everything that there is for each concurrency, on one hart."""
    found = []
    for number in CONCURRENCIES:
        config = {**ONE, "concurrency": number}
        found += [
            Target("async.ipc", f"message and answer, {number} at a time",
                   paper.IPC[1].get(number), IPC.get(number), {**config, "load": 0}),
            Target("async.notifications_per_ipc", f"  notifications for each, {number} at a time",
                   paper.NOTIFICATIONS[1].get(number), round(2 / number, 4),
                   {**config, "load": 0}, "notifications"),
        ]  # fmt: skip
    for number in CONCURRENCIES:
        config = {**ONE, "concurrency": number}
        found += [
            Target("async.mapunmap", f"map and unmap, {number} at a time",
                   paper.MAP[1].get(number), MAP.get(number), config),
            Target("async.entries_per_call", f"  kernel entries for each call, {number} at a time",
                   paper.ENTRIES.get(number), round(1 / number + TICKS, 4), config, "entries"),
        ]  # fmt: skip
    return found


TARGETS = (
    Target("sync.call_reply", "call and reply, fastpath", paper.FASTPATH, None,
           {"fastpath": 1, "harts": 1, "load": 0}),
    Target("sync.call_reply", "call and reply, no fastpath", paper.NO_FASTPATH, None,
           {"fastpath": 0, "harts": 1, "load": 0}),
    Target("sync.mapunmap", "map and unmap by traps", paper.TRAPS, None, ONE),
    *of_concurrency(),
    Target("uintr.send_to_handler", "uipi.send to the handler", 500, 30, ONE),
    Target("async.notifications_per_ipc", "notifications under load, 32 at a time, 2 harts",
           paper.NOTIFICATIONS[2][32], UNDER_LOAD, {**TWO, "load": 30, "concurrency": 32},
           "notifications"),
    Target("async.entries_per_call", "kernel entries for each call, 64 at a time, 2 harts",
           0.04, UNDER_LOAD, {**TWO, "concurrency": 64}, "entries"),
)  # fmt: skip
