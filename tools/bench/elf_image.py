# SPDX-License-Identifier: BSD-2-Clause
"""What of an ELF file is loaded, and where it begins. Read next: boot.py."""

import struct
from pathlib import Path

PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
LOAD = 1


def loadable_bytes(image: bytes) -> int:
    """Bytes in the file that are loaded: code, constants, initialised data."""
    (table,) = struct.unpack_from("<Q", image, 32)
    entry_size, count = struct.unpack_from("<HH", image, 54)
    total = 0
    for index in range(count):
        kind, _, _, _, _, file_size, _, _ = PROGRAM_HEADER.unpack_from(
            image, table + index * entry_size
        )
        total += file_size if kind == LOAD else 0
    return total


def entry_point(path: Path) -> int:
    """The address of the first instruction."""
    with path.open("rb") as file:
        return struct.unpack_from("<Q", file.read(64), 24)[0]
