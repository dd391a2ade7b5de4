# SPDX-License-Identifier: BSD-2-Clause
"""The paper's figures 4 to 6, read off its plots (+-2 %).

Cycles of a Rocket core with 4 harts. Read next: async_targets.py, async_plots.py, tcp_plots.py.
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

# Requests of 64 bytes a second over TCP, by harts and connections.
TCP_SYNC = {
    1: {1: 521, 2: 836, 4: 812, 8: 776, 16: 691, 32: 570},
    4: {1: 752, 2: 752, 4: 739, 8: 703, 16: 630, 32: 533},
}
TCP_ASYNC = {
    1: {1: 1018, 2: 1321, 4: 1539, 8: 1709, 16: 1564, 32: 1261},
    4: {1: 1406, 2: 2024, 4: 2085, 8: 2073, 16: 1879, 32: 1418},
}


def cycles(name: str, config: dict[str, object]) -> int | None:
    """The paper's number for a figure; None if it has none."""
    table = {"async.ipc": IPC, "async.mapunmap": MAP}.get(name)
    if table is None:
        return None
    if config.get("load", 0) != 0:
        return None
    return table.get(config.get("harts"), {}).get(config.get("concurrency"))
