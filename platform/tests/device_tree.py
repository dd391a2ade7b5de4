# SPDX-License-Identifier: BSD-2-Clause
"""The device tree of a machine, read with fdtget (package device-tree-compiler).

What is not there reads as empty: no cells, no text, no children. Read next: features.py.
"""

import subprocess


class DeviceTree:
    """A flattened device tree in a file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def children(self, node: str) -> list[str]:
        """The names of the nodes in a node."""
        return self._ask("-l", self._file, node).split()

    def cells(self, node: str, name: str) -> list[int]:
        """A property as 32-bit numbers."""
        return [int(cell, 16) for cell in self._ask("-t", "x", self._file, node, name).split()]

    def text(self, node: str, name: str) -> str:
        """A property as text."""
        return self._ask(self._file, node, name).strip()

    def has(self, node: str, name: str) -> bool:
        """Whether a node has a property."""
        return name in self._ask("-p", self._file, node).split()

    @staticmethod
    def _ask(*arguments: str) -> str:
        answer = subprocess.run(["fdtget", *arguments], capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else ""
