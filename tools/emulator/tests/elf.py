# SPDX-License-Identifier: BSD-2-Clause
"""Makes the smallest ELF files that have symbols, for the tests of symbols.py.

A file has a null section, one section of code, one of data, the symbol table and its strings.
"""

import struct

from emulator.symbols import SECTION_HEADER, SYMBOL

CODE, DATA = 1, 2
FUNCTION, LABEL, OBJECT = 2, 0, 1


def elf(code: tuple[int, int], symbols: list[tuple[str, int, int, int, int]]) -> bytes:
    """An ELF file; `code` is (address, size), a symbol (name, kind, section, address, size)."""
    strings = b"\0"
    table = SYMBOL.pack(0, 0, 0, 0, 0, 0)
    for name, kind, section, address, size in symbols:
        table += SYMBOL.pack(len(strings), kind, 0, section, address, size)
        strings += name.encode() + b"\0"
    headers_at = 64
    table_at = headers_at + 5 * SECTION_HEADER.size
    strings_at = table_at + len(table)
    headers = [
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 1, 6, code[0], 0, code[1], 0, 0, 4, 0),
        (0, 1, 3, 0x9000, 0, 0x1000, 0, 0, 8, 0),
        (0, 2, 0, 0, table_at, len(table), 4, 0, 8, SYMBOL.size),
        (0, 3, 0, 0, strings_at, len(strings), 0, 0, 1, 0),
    ]
    return (
        file_header(headers_at, len(headers))
        + b"".join(SECTION_HEADER.pack(*header) for header in headers)
        + table
        + strings
    )


def file_header(headers_at: int, count: int) -> bytes:
    """The first 64 bytes."""
    identity = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    fields = (2, 243, 1, 0, 0, headers_at, 0, 64, 0, 0, SECTION_HEADER.size, count, 0)
    return identity + struct.pack("<HHIQQQIHHHHHH", *fields)
