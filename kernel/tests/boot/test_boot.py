# SPDX-License-Identifier: BSD-2-Clause
# @stage{2}
"""Boots the kernel with root tasks that are broken in every way, and with one that looks around.

Files are made here, byte by byte. What is checked is the last line on the console and the exit
status: the kernel must say what is wrong, and stop. Environment: KERNEL and WORLD name ELF files,
QEMU and FIRMWARE the emulator, CPUS the harts of the kernel, BOARD the memory map.
"""

import os
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))

from emulator.machine import Machine  # noqa: E402
from emulator.process import Process  # noqa: E402
from emulator.symbols import Symbols  # noqa: E402
from emulator.watch import Limits, Watch  # noqa: E402

INSTRUCTIONS = 2_000_000_000
FILE_HEADER = struct.Struct("<4s5B7xHHIQQQIHHHHHH")
PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
LOAD = 1
RISCV = 243
BASE = 0x10000
CODE = bytes.fromhex("6f000000")  # j .
USER_TOP = 0x3F_FFFF_F000
SETTINGS = os.environ


def segment(vaddr=BASE, offset=0x1000, file_size=None, memory_size=0x1000, type_=LOAD):
    """A program header; file_size None: the code's."""
    file_size = len(CODE) if file_size is None else file_size
    return PROGRAM_HEADER.pack(type_, 7, offset, vaddr, vaddr, file_size, memory_size, 0x1000)


def elf(*segments, entry=BASE, machine=RISCV, type_=2, bits=2, headers=None):
    """A program file with these segments, 8 KiB long."""
    count = len(segments) if headers is None else headers
    header = FILE_HEADER.pack(b"\x7fELF", bits, 1, 1, 0, 0, type_, machine, 1, entry, 64, 0, 0,
                              64, PROGRAM_HEADER.size, count, 0, 0, 0)
    file = (header + b"".join(segments)).ljust(0x1000, b"\0") + CODE
    return file.ljust(0x2000, b"\0")


class BootTest(unittest.TestCase):
    """Every test boots at least one machine."""

    def boot(self, initrd: bytes | str | None, harts: int | None = None, **machine_options):
        """Boots; gives the exit status and the lines behind the firmware's."""
        harts = int(SETTINGS["CPUS"]) if harts is None else harts
        with tempfile.TemporaryDirectory() as folder:
            name = initrd if isinstance(initrd, str) else ""
            if isinstance(initrd, bytes):
                name = f"{folder}/root.elf"
                Path(name).write_bytes(initrd)
            machine = Machine(
                qemu=SETTINGS["QEMU"], board=SETTINGS["BOARD"], harts=harts,
                firmware=SETTINGS["FIRMWARE"], kernel=SETTINGS["KERNEL"], initrd=name,
                slice_length="1000", stop_after=INSTRUCTIONS,
                **{"memory": "128M", **machine_options},
            )  # fmt: skip
            with Process(machine.command()) as process:
                limits = Limits(first_output=0, wall=300, remedy="")
                outcome = Watch(process, limits, Symbols([machine.kernel])).run()
        lines = [line.rstrip() for line in outcome.output.decode(errors="replace").splitlines()]
        starts = [i for i, line in enumerate(lines) if line.startswith("ReL4 ")]
        self.assertEqual(len(starts), 1, lines)
        return outcome.status, lines[starts[0] :]

    def refused(self, initrd, reason: str) -> None:
        """The kernel says this, and stops with exit status 1."""
        status, lines = self.boot(initrd)
        self.assertEqual(lines[1:], [f"root task: {reason}"])
        self.assertEqual(status, 1)

    def welcomed(self, **machine) -> list[str]:
        """The program that looks around finds nothing wrong. Gives the lines."""
        status, lines = self.boot(SETTINGS["WORLD"], **machine)
        self.assertEqual([line for line in lines if line.startswith("not ok")], [], lines)
        self.assertRegex(lines[-1], r"1\.\.[1-9]")
        self.assertEqual(status, 0, lines)
        return lines

    def test_none(self):
        """no root task"""
        self.refused(None, "there is none: the loader must pass it as initial RAM disk (-initrd)")

    def test_other_files(self):
        """a file that is not a program for this machine"""
        self.refused(b"hello", "the file is not an ELF file")
        self.refused(b"\0" * 4096, "the file is not an ELF file")
        other = "the file is not a program for 64-bit RISC-V"
        self.refused(elf(segment(), machine=62), other)
        self.refused(elf(segment(), bits=1), other)
        self.refused(elf(segment(), type_=3),
                     "the file is position-independent: link it with -no-pie")
        self.refused(elf(segment(), type_=1), "the file is not a program that has been linked")

    def test_truncated(self):
        """a file that is cut off"""
        self.refused(elf(segment(), headers=1000), "the file has more than 64 program headers")
        self.refused(elf(segment())[:100],
                     "the file has program headers outside of the file: the file is truncated")
        self.refused(elf(segment())[:0x1002],
                     "segment 0 lies outside of the file: the file is truncated")

    def test_segments(self):
        """segments that cannot be loaded"""
        self.refused(elf(segment(), segment(BASE + 0xFFF)), "segment 1 overlaps another one")
        self.refused(elf(segment(memory_size=2)),
                     "segment 0 is smaller in memory than in the file")
        beyond = "segment 0 goes beyond the greatest address of a program"
        self.refused(elf(segment(USER_TOP - 0x1000)), beyond)
        self.refused(elf(segment(memory_size=1 << 63)), beyond)
        self.refused(elf(segment(vaddr=(1 << 64) - 4)), beyond)
        self.refused(elf(segment(vaddr=0)),
                     "segment 0 uses page 0, which stays empty so that null pointers fault")
        self.refused(elf(segment(), entry=0x20000),
                     "the file has an entry point outside of its segments")
        self.refused(elf(), "the file has an entry point outside of its segments")

    def test_too_large(self):
        """a program that is larger than memory"""
        self.refused(elf(segment(memory_size=200 << 20)), "there is not enough memory for it")
        self.refused(elf(segment(), segment(USER_TOP - 0x10_0000)),
                     "there is not enough memory for it")

    def test_world(self):
        """the world of a root task is as described, with all harts"""
        lines = self.welcomed()
        self.assertIn(f", {SETTINGS['CPUS']} hart", lines[0])

    def test_other_harts(self):
        """on machines with fewer or more harts than the kernel is for"""
        for harts in (1, 8):
            used = min(harts, int(SETTINGS["CPUS"]))
            self.assertIn(f", {used} hart", self.welcomed(harts=harts)[0])

    def test_memory(self):
        """on machines with little or much memory"""
        for memory in ("16M", "2G", "3G", "4G"):
            self.welcomed(memory=memory)

    def test_without_user_interrupts(self):
        """on machines that lack user interrupts, or a part of them"""
        receivers = 32 if SETTINGS["BOARD"] == "fpga" else 512
        none = "0 receivers, they do not wake, senders are not checked"
        for options, expected in (
            ({}, f"{receivers} receivers, they wake, senders are checked"),
            (
                {"board_options": "uintc-wake=off"},
                f"{receivers} receivers, they do not wake, senders are checked",
            ),
            (
                {"extra": ("-cpu", "rv64,uintc-checks=off")},
                f"{receivers} receivers, they wake, senders are not checked",
            ),
            ({"board_options": "uintc=off"}, none),
            ({"extra": ("-cpu", "rv64,uintc=off")}, none),
            ({"extra": ("-cpu", "rv64,n=off")}, none),
        ):
            told = self.welcomed(**options)
            self.assertIn(f"user interrupts: {expected}", told)
            self.assertEqual(
                "user interrupts: this machine does not check who sends" in "".join(told),
                expected != none and "not checked" in expected,
            )


if __name__ == "__main__":
    unittest.main()
