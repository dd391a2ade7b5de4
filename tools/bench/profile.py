# SPDX-License-Identifier: BSD-2-Clause
"""Where instructions go: what the profiler wrote, by program and part of it.

Programs lie at the same addresses; so a block belongs to the program whose code has the same
instructions there. A function belongs to the part in whose sources it stands; what was inlined is
its caller's. Read next: tools/plugin/profiler.cpp, tcp.py.
"""

import bisect
import re
import struct
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

LOADED = 1  # type of a segment
OTHER = "other"


class Part(NamedTuple):
    """A part of a program: sources whose names begin so."""

    name: str
    sources: Sequence[str]


class Program:
    """An ELF file with its functions."""

    def __init__(self, name: str, path: Path, parts: Iterable[Part], nm: str) -> None:
        self.name = name
        self._parts = list(parts)
        data = path.read_bytes()
        self._segments = list(segments(data))
        listing = subprocess.run([nm, "--line-numbers", str(path)], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout  # fmt: skip
        found = sorted(functions(listing))
        self._starts = [start for start, _ in found]
        self._sources = [source for _, source in found]

    def has(self, address: int, word: int) -> bool:
        """Whether this instruction is there."""
        for start, code in self._segments:
            if start <= address and address + 2 <= start + len(code):
                there = int.from_bytes(code[address - start : address - start + 4], "little")
                return there == word or there & 0xFFFF == word
        return False

    def part_of(self, address: int) -> str:
        """The part whose instruction this is."""
        index = bisect.bisect_right(self._starts, address) - 1
        source = self._sources[index] if index >= 0 else ""
        return next((part.name for part in self._parts
                     if source.startswith(tuple(part.sources))), OTHER)  # fmt: skip


def segments(data: bytes) -> Iterable[tuple[int, bytes]]:
    """What of an ELF file (64 bits, little-endian) lies in memory, and where."""
    (table,) = struct.unpack_from("<Q", data, 32)
    (count,) = struct.unpack_from("<H", data, 56)
    for index in range(count):
        kind, _, offset, address, _, size = struct.unpack_from("<IIQQQQ", data, table + 56 * index)
        if kind == LOADED:
            yield address, data[offset : offset + size]


def functions(listing: str) -> Iterable[tuple[int, str]]:
    """Addresses and source files, by nm."""
    for line in listing.splitlines():
        if found := re.match(r"([0-9a-f]+) [tTwW] [^\t]*(?:\t(.*):\d+)?$", line):
            source = re.sub(r"^(\./)+", "", found[2] or "")
            yield int(found[1], 16), source


def attributed(text: str, programs: Sequence[Program]) -> Counter[tuple[str, str]]:
    """Instructions by program and part."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in text.splitlines():
        executions, *words = line.split()
        block = [(int(address, 16), int(word, 16))
                 for address, _, word in (each.partition(":") for each in words)]  # fmt: skip
        program = next((each for each in programs
                        if all(each.has(*instruction) for instruction in block)), None)  # fmt: skip
        for address, _ in block:
            place = (program.name, program.part_of(address)) if program else (OTHER, OTHER)
            sums[place] += int(executions)
    return sums


def between(less: Counter[tuple[str, str]], more: Counter[tuple[str, str]],
            operations: int) -> dict[tuple[str, str], float]:  # fmt: skip
    """For each of the operations that the second run had more than the first."""
    return {place: round((more[place] - less[place]) / operations, 1) for place in more}
