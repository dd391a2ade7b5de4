# SPDX-License-Identifier: BSD-2-Clause
# @stage{none}
"""Which counters of the final system must be the same when all is quiet again: what it has used.

Read next: user/tcpsrv/site.cpp, which has their names.
"""


def of_net_server(*names: str) -> tuple[str, ...]:
    """Counters of the net server, as the TCP server calls them."""
    return tuple(f"net_{name}" for name in names)


def of_both(name: str) -> tuple[str, ...]:
    """What both servers count."""
    return name, *of_net_server(name)


KEPT = (
    "connections", "in_flight", "frames", *of_both("free_slots"), *of_both("free_bytes"),
    *of_net_server("clients", "handles", "heap", "pbufs", "segments", "pcbs", "buffers"),
)  # fmt: skip


def leaks(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """What is not as it was."""
    return [f"{name}: {before[name]} before, {after[name]} after"
            for name in KEPT if after[name] != before[name]]  # fmt: skip
