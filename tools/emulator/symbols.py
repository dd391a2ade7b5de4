# SPDX-License-Identifier: BSD-2-Clause
"""Names of addresses, read from the symbol tables of ELF files.

Only what the diagnosis needs: 64-bit little-endian files, symbols inside executable sections.
An address that no symbol covers has no name. A file without symbols, or one that is no ELF file
at all, simply names nothing: a missing name must never hide the diagnosis itself.
Read next: diagnosis.py.
"""

import bisect
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SECTION_HEADER = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
SYMBOL_TABLE = 2
EXECUTABLE = 4
NAMED_KINDS = (0, 2)  # labels of assembler files have no type; functions have theirs


class Section(NamedTuple):
    """One section header, in the order of the file format."""

    name: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int
    entry_size: int


class Symbol(NamedTuple):
    """A name and the half-open range of addresses that it covers."""

    start: int
    end: int
    name: str


class Symbols:
    """The symbols of some ELF files; the first file that knows an address wins."""

    def __init__(self, files: Iterable[str | Path] = ()) -> None:
        self._tables = [load(Path(file)) for file in files]

    def locate(self, address: int) -> str:
        """`function+0x10`, or the empty string."""
        for table in self._tables:
            symbol = find(table, address)
            if symbol:
                return f"{demangle(symbol.name)}+{address - symbol.start:#x}"
        return ""

    def address(self, name: str) -> int | None:
        """Where the symbol of exactly this name is, if any file has it."""
        for table in self._tables:
            for symbol in table:
                if symbol.name == name:
                    return symbol.start
        return None

    def describe(self, address: int) -> str:
        """The name if there is one, else the address."""
        return self.locate(address) or f"{address:#x}"


def find(table: list[Symbol], address: int) -> Symbol | None:
    """The symbol of a sorted table that covers the address."""
    index = bisect.bisect_right(table, address, key=lambda symbol: symbol.start) - 1
    if index >= 0 and address < table[index].end:
        return table[index]
    return None


def load(file: Path) -> list[Symbol]:
    """All symbols of a file by rising address, empty if the file has none."""
    try:
        data = file.read_bytes()
        sections = section_headers(data)
        named: dict[int, Symbol] = {}
        for section in sections:
            if section.kind == SYMBOL_TABLE:
                for symbol in symbols_of(data, section, sections):
                    named.setdefault(symbol.start, symbol)
        return close_gaps(sorted(named.values()), sections)
    except (OSError, ValueError, IndexError, struct.error):
        return []


def section_headers(data: bytes) -> list[Section]:
    """The section headers; none if this is not a 64-bit little-endian ELF file."""
    if data[:6] != b"\x7fELF\x02\x01":
        return []
    (table,) = struct.unpack_from("<Q", data, 40)
    entry_size, count = struct.unpack_from("<HH", data, 58)
    return [
        Section(*SECTION_HEADER.unpack_from(data, table + index * entry_size))
        for index in range(count)
    ]


def symbols_of(data: bytes, table: Section, sections: list[Section]) -> Iterable[Symbol]:
    """The named symbols of one table that lie in code."""
    strings = sections[table.link]
    for offset in range(table.offset, table.offset + table.size, SYMBOL.size):
        name_offset, info, _, index, value, size = SYMBOL.unpack_from(data, offset)
        if info & 15 not in NAMED_KINDS or not 0 < index < len(sections):
            continue
        if not sections[index].flags & EXECUTABLE:
            continue
        start = strings.offset + name_offset
        name = data[start : data.index(b"\0", start)].decode(errors="replace")
        if name and name[0] not in "$.":
            yield Symbol(value, value + size, name)


def close_gaps(table: list[Symbol], sections: list[Section]) -> list[Symbol]:
    """Lets a symbol without a size reach to the next one or to the end of its section."""
    closed = []
    for index, symbol in enumerate(table):
        end = symbol.end
        if end == symbol.start:
            end = section_end(sections, symbol.start)
            if index + 1 < len(table):
                end = min(end, table[index + 1].start)
        closed.append(symbol._replace(end=end))
    return closed


def section_end(sections: list[Section], address: int) -> int:
    """Where the executable section ends that holds the address."""
    for section in sections:
        inside = section.address <= address < section.address + section.size
        if inside and section.flags & EXECUTABLE:
            return section.address + section.size
    return address


def demangle(name: str) -> str:
    """A C++ name without its parameters, as people write it, if binutils are there."""
    if not name.startswith("_Z") or not shutil.which("c++filt"):
        return name
    answer = subprocess.run(["c++filt", "-p", name], capture_output=True, text=True, check=False)
    return answer.stdout.strip().replace("(anonymous namespace)::", "") or name
