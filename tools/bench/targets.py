# SPDX-License-Identifier: BSD-2-Clause
"""What each figure is to be compared with: seL4's own, and the target.

seL4's are instructions of a release build for one core on QEMU's virt board; call and reply are
measured together, a long call one way only. A figure with other settings than those named here
has nothing to be compared with. Read next: figures.py.
"""

from typing import NamedTuple


class Target(NamedTuple):
    """Bounds of a figure: smaller is better."""

    name: str
    text: str
    anchor: float | None = None
    target: float | None = None
    config: dict[str, object] = {}
    unit: str = "instructions"


# Bounds are for two address spaces; in one it can only be easier.
BOTH = {"part": "both", "spaces": 2}
TARGETS = (
    Target("sync.call_reply", "call and reply, 1 word", 538, 420, {"fastpath": 1, **BOTH}),
    Target("sync.call_reply", "the same without fastpath", 1731, 1000, {"fastpath": 0, **BOTH}),
    Target("sync.call_reply_long", "call, 10 words", 948, 600,
           {"fastpath": 1, "part": "call", "spaces": 2}),
    Target("sync.send", "send to a more important thread", 851, 500, {"fastpath": 1, "spaces": 2}),
    Target("sync.signal", "signal, nobody waits", 428, 250, {"fastpath": 1}),
    Target("sync.signal_wake", "signal to a more important thread", 610, 400,
           {"fastpath": 1, "spaces": 2}),
    Target("sync.yield", "yield to nobody", 472, 250, {"fastpath": 1}),
    Target("sync.yield_switch", "yield to another thread", 511, 300,
           {"fastpath": 1, "spaces": 2}),
    Target("sync.fault", "fault (breakpoint), resumed", None, 1000,
           {"fastpath": 1, "spaces": 2, "cause": "breakpoint"}),
    # Firmware takes illegal instructions first, for some 510 instructions; in seL4's figure too.
    Target("sync.fault", "illegal instruction, resumed", 1751, 1000,
           {"fastpath": 1, "spaces": 2, "cause": "illegal-instruction"}),
    Target("sync.page_map", "map a page of 4 KiB", 736, 450, {"fastpath": 1}),
    Target("sync.page_unmap", "unmap it", None, 400, {"fastpath": 1}),
    Target("sync.mapunmap", "both", None, None, {"fastpath": 1}),
    Target("sync.retype_page", "retype a page, without clearing it", 1117, 700,
           {"fastpath": 1, "clearing": 0}),
    Target("sync.set_priority", "set the own priority", 876, 500, {"fastpath": 1}),
    Target("kernel.irqs_off", "longest delay of an interrupt", None, 20_000, {"fastpath": 1}),
    Target("boot.instructions", "boot, kernel entry to root task", None, 3_000_000,
           {"fastpath": 1}),
    Target("kernel.image_bytes", "loadable bytes of the kernel", 60 << 10, 64 << 10,
           {"profile": "rel4"}, "bytes"),
    Target("kernel.code_lines", "code lines of the kernel", 13_400, 7_000, {}, "lines"),
)

# What g++ 12 may need more than newer compilers.
OLD_COMPILER_FACTOR = 1.4
