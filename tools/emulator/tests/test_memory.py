# SPDX-License-Identifier: BSD-2-Clause
"""Programs that are whole in memory, and such that were changed."""

import os
import struct
import tempfile
import unittest
from pathlib import Path

from emulator.machine import Machine
from emulator.memory import (
    KERNEL,
    PAGE,
    PROGRAM_HEADER,
    START,
    Memory,
    bytes_of,
    kernel_is_whole,
    root_task_is_whole,
)

CODE = b"".join(struct.pack("<Q", 7919 * number) for number in range(3 * PAGE // 8)) + b"end"
COPY = START + 0x140000


def program(virtual: int, physical: int, code: bytes) -> bytes:
    """An ELF file with one segment of code and one of data."""
    identity = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header = identity + struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, 0, 64, 0, 0, 64,
                                    PROGRAM_HEADER.size, 2, 0, 0, 0)  # fmt: skip
    headers = PROGRAM_HEADER.pack(1, 5, PAGE, virtual, physical, len(code), len(code), PAGE)
    headers += PROGRAM_HEADER.pack(1, 6, PAGE, 0x900000, 0x900000, len(code), len(code), PAGE)
    return (header + headers).ljust(PAGE, b"\0") + code


class MemoryTest(unittest.TestCase):
    """A machine that was never started: its memory is written by hand."""

    def setUp(self) -> None:
        self.memory = self.enterContext(Memory("16M"))
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.kernel = folder / "kernel.elf"
        self.kernel.write_bytes(program(0xFFFFFFC0_80200000, KERNEL, CODE))
        self.root = folder / "root.elf"
        self.root.write_bytes(program(0x10000, 0x10000, CODE))

    def write(self, address: int, data: bytes) -> None:
        """As the machine would."""
        os.pwrite(self.memory.descriptor, data, address - START)

    def whole(self) -> tuple[bool, bool]:
        """The kernel, the root task."""
        return (kernel_is_whole(self.memory, str(self.kernel)),
                root_task_is_whole(self.memory, str(self.root)))  # fmt: skip

    def test_whole(self) -> None:
        self.write(KERNEL, CODE)
        self.write(COPY, CODE)
        self.assertEqual(self.whole()[0], True)

    def test_nothing_was_loaded(self) -> None:
        self.assertEqual(self.whole(), (False, False))

    def test_one_bit_of_the_kernel(self) -> None:
        self.write(KERNEL, CODE)
        self.write(KERNEL + 2 * PAGE + 5, b"\xff")
        self.assertFalse(self.whole()[0])

    def test_the_root_task_is_found_and_compared_to_its_last_byte(self) -> None:
        self.write(COPY, CODE)
        self.assertTrue(self.whole()[1])
        self.write(COPY + len(CODE) - 1, b"D")
        self.assertFalse(self.whole()[1])

    def test_what_the_loader_left_is_no_copy(self) -> None:
        self.write(KERNEL + (8 << 20), self.root.read_bytes())
        self.assertFalse(self.whole()[1])

    def test_a_good_copy_beside_a_changed_one_hides_nothing(self) -> None:
        self.write(COPY, CODE)
        self.write(COPY + 0x40000, CODE)
        self.assertTrue(self.whole()[1])
        self.write(COPY + 9, b"\xff")
        self.assertFalse(self.whole()[1])

    def test_a_file_that_is_no_program_is_never_whole(self) -> None:
        self.root.write_bytes(b"nothing")
        self.kernel.write_bytes(b"")
        self.assertEqual(self.whole(), (False, False))

    def test_sizes(self) -> None:
        self.assertEqual([bytes_of("128M"), bytes_of("3G"), bytes_of("4096")],
                         [128 << 20, 3 << 30, 4096])  # fmt: skip

    def test_options_of_qemu(self) -> None:
        command = " ".join(Machine(kept_memory=self.memory).command())
        self.assertIn("-M virt,memory-backend=memory", command)
        self.assertIn(f"size={16 << 20},share=on,mem-path=/proc/self/fd/", command)
        self.assertNotIn("memory-backend", " ".join(Machine().command()))


if __name__ == "__main__":
    unittest.main()
