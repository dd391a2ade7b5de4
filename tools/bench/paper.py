# SPDX-License-Identifier: BSD-2-Clause
"""The paper's figures 4 and 5, read off its plots (+-2 %).

Cycles of a Rocket core with 4 harts. Read next: async_targets.py, async_plots.py.
"""

# Cycles for each call, by harts and concurrency.
IPC = {
    1: {1: 10524, 2: 5955, 4: 3408, 8: 2434, 16: 1910, 32: 1685},
    2: {1: 10300, 2: 4532, 4: 2210, 8: 1835, 16: 1536, 32: 1386},
}
# Cycles for each map and unmap.
MAP = {
    1: {8: 19500, 16: 12328, 32: 7143, 64: 6190, 128: 6190, 512: 6085},
    2: {8: 19500, 16: 9577, 32: 5661, 64: 5344, 128: 5344, 512: 5238},
}
# Kernel entries for each call, one hart.
ENTRIES = {8: 0.125, 16: 0.062, 32: 0.031, 64: 0.026, 128: 0.026, 512: 0.025}
# Notifications for each message at a concurrency of 32, by harts.
NOTIFICATIONS = {1: {32: 0.03}, 2: {32: 0.17}}

# Synchronous: a call and its reply, and both calls of a page.
FASTPATH = 2959
NO_FASTPATH = 8052
OTHER_HART = 19438
TRAPS = 8095


def cycles(name: str, config: dict[str, object]) -> int | None:
    """The paper's number for a figure; None if it has none."""
    table = {"async.ipc": IPC, "async.mapunmap": MAP}.get(name)
    if table is None:
        return None
    if config.get("load", 0) != 0:
        return None
    return table.get(config.get("harts"), {}).get(config.get("concurrency"))
