# SPDX-License-Identifier: BSD-2-Clause
"""The machine's memory as a file of ours, and whether programs in it are still what was loaded.

QEMU maps the file; it outlives QEMU, however that ends. Compared is what no program may change:
code and constants. The kernel lies where its file says. The root task lies in consecutive pages
that the kernel chose, so its pages are looked for; the file that the loader left is passed over.
Always holds: a program is whole, or it is said that it is not. Read next: run.py.
"""

import os
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

START = 0x8000_0000  # of the machine's memory
KERNEL = 0x8020_0000  # where the firmware enters it
PAGE = 4096
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
LOADED = 1
WRITABLE = 2


class Segment(NamedTuple):
    """A part of a program that is not written to."""

    virtual: int
    physical: int
    data: bytes


class Memory:
    """Memory for one machine; use it in a `with` statement."""

    def __init__(self, size: str) -> None:
        self.size = bytes_of(size)
        self.descriptor = os.memfd_create("memory")
        os.ftruncate(self.descriptor, self.size)

    def __enter__(self) -> "Memory":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def arguments(self) -> list[str]:
        """QEMU's options; the machine's own needs `memory-backend=memory`."""
        path = f"/proc/self/fd/{self.descriptor}"
        backend = f"memory-backend-file,id=memory,size={self.size},share=on,mem-path={path}"
        return ["-object", backend]

    def read(self, address: int, size: int) -> bytes:
        """Physical memory; zeros where there is none."""
        if not START <= address <= START + self.size - size:
            return bytes(size)
        return os.pread(self.descriptor, size, address - START)

    def pages(self) -> Iterator[tuple[int, bytes]]:
        """Every page that was ever written to, with its address."""
        at = 0
        while at < self.size:
            try:
                at = os.lseek(self.descriptor, at, os.SEEK_DATA)
            except OSError:
                return
            end = os.lseek(self.descriptor, at, os.SEEK_HOLE)
            for offset in range(at // PAGE * PAGE, end, PAGE):
                yield START + offset, os.pread(self.descriptor, PAGE, offset)
            at = end


def bytes_of(size: str) -> int:
    """`128M` as a number."""
    return int(size[:-1]) * UNITS[size[-1]] if size[-1:] in UNITS else int(size)


def segments(file: str | Path) -> list[Segment]:
    """What of a program is not written to; a file that is no program has none."""
    try:
        data = Path(file).read_bytes()
        (table,) = struct.unpack_from("<Q", data, 32)
        entry_size, count = struct.unpack_from("<HH", data, 54)
        headers = [PROGRAM_HEADER.unpack_from(data, table + i * entry_size) for i in range(count)]
    except (OSError, struct.error):
        return []
    return [
        Segment(virtual, physical, data[offset : offset + size])
        for kind, flags, offset, virtual, physical, size, _, _ in headers
        if kind == LOADED and not flags & WRITABLE and size
    ]


def kernel_is_whole(memory: Memory, kernel: str) -> bool:
    """Whether it is where its file says."""
    parts = segments(kernel)
    return bool(parts) and all(
        memory.read(each.physical, len(each.data)) == each.data for each in parts
    )


def root_task_is_whole(memory: Memory, root_task: str) -> bool:
    """Whether there is a copy of it, and none of which a part was changed.

    Every page that is as in the file votes for where the copy begins that it belongs to. A copy is
    one that has most of its pages.
    """
    parts = segments(root_task)
    pages = {page: place for each in parts for place, page in full_pages(each)}
    kept = left_by_loader(memory, root_task)
    votes = Counter(
        address - pages[page] for address, page in memory.pages()
        if page in pages and address not in kept
    )  # fmt: skip
    copies = [start for start, count in votes.items() if 2 * count > len(pages)]
    return bool(copies) and all(
        memory.read(start + each.virtual, len(each.data)) == each.data
        for start in copies for each in parts
    )  # fmt: skip


def full_pages(segment: Segment) -> Iterator[tuple[int, bytes]]:
    """Its whole pages, by their virtual addresses."""
    first = -segment.virtual % PAGE
    for offset in range(first, len(segment.data) - PAGE + 1, PAGE):
        yield segment.virtual + offset, segment.data[offset : offset + PAGE]


def left_by_loader(memory: Memory, file: str) -> range:
    """Where QEMU put the initial RAM disk: half-way behind the kernel, at most 128 MiB."""
    start = KERNEL + min(memory.size // 2, 128 << 20)
    return range(start, start + os.path.getsize(file))
