# SPDX-License-Identifier: BSD-2-Clause
"""What explain.py and its part inside gdb have in common: names, and the code of programs.

Read next: in_gdb.py.
"""

import re
from pathlib import Path
from typing import NamedTuple

from .symbols import EXECUTABLE, section_headers

BEGIN = "explain: "
MOST_FRAMES = 16
LONGEST_NAME = 100


class Program(NamedTuple):
    """An ELF file, and the code in it by address."""

    path: Path
    code: tuple[tuple[int, bytes], ...]

    @staticmethod
    def read(path: Path) -> "Program":
        """Nothing is in a file that cannot be read."""
        try:
            data = path.read_bytes()
            return Program(path, tuple(
                (each.address, data[each.offset : each.offset + each.size])
                for each in section_headers(data) if each.flags & EXECUTABLE
            ))  # fmt: skip
        except (OSError, ValueError):
            return Program(path, ())

    def has(self, address: int, memory: bytes) -> bool:
        """Whether these bytes are its code at that address."""
        return any(
            start <= address < start + len(code)
            and code[address - start : address - start + len(memory)] == memory
            for start, code in self.code
        )


def program_at(programs: list[Program], address: int, memory: bytes) -> Program | None:
    """The first program whose code stands there."""
    return next((each for each in programs if each.has(address, memory)), None)


def plain_name(name: str) -> str:
    """The name of a C++ function as people write it: without parameters, of bounded length."""
    name = name.replace("(anonymous namespace)::", "")
    name = re.sub(r"(?<!operator)\(.*", "", name) if "operator()" not in name else name
    return name[:LONGEST_NAME]
