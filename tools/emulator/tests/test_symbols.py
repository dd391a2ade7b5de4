# SPDX-License-Identifier: BSD-2-Clause
"""Names of addresses: sizes, labels without a size, data, broken files, C++ names."""

import shutil
import tempfile
import unittest
from pathlib import Path

from emulator.symbols import Symbols
from emulator.tests.elf import CODE, DATA, FUNCTION, LABEL, OBJECT, elf

SYMBOLS = [
    ("entry", LABEL, CODE, 0x8000, 0),
    ("$x", LABEL, CODE, 0x8000, 0),
    (".Llocal", LABEL, CODE, 0x8008, 0),
    ("trap", FUNCTION, CODE, 0x8010, 0x10),
    ("tail", LABEL, CODE, 0x8030, 0),
    ("table", OBJECT, DATA, 0x9000, 0x100),
    ("_Z4parkv", FUNCTION, CODE, 0x8040, 8),
]


class SymbolsTest(unittest.TestCase):
    """One file with a little of everything."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "a file.elf"
        self.file.write_bytes(elf((0x8000, 0x100), SYMBOLS))
        self.symbols = Symbols([self.file])

    def test_inside_a_function(self) -> None:
        self.assertEqual(self.symbols.locate(0x8010), "trap+0x0")
        self.assertEqual(self.symbols.locate(0x801F), "trap+0xf")

    def test_behind_a_function_is_nothing(self) -> None:
        self.assertEqual(self.symbols.locate(0x8020), "")

    def test_a_label_reaches_to_the_next_symbol(self) -> None:
        self.assertEqual(self.symbols.locate(0x800F), "entry+0xf")
        self.assertEqual(self.symbols.locate(0x803F), "tail+0xf")

    def test_before_and_behind_everything(self) -> None:
        self.assertEqual(self.symbols.locate(0), "")
        self.assertEqual(self.symbols.locate(0x8100), "")

    def test_data_has_no_name(self) -> None:
        self.assertEqual(self.symbols.locate(0x9000), "")

    def test_an_address_by_name(self) -> None:
        self.assertEqual(self.symbols.address("trap"), 0x8010)
        self.assertIsNone(self.symbols.address("nothing"))

    def test_describe_falls_back_to_the_address(self) -> None:
        self.assertEqual(self.symbols.describe(0x9000), "0x9000")

    @unittest.skipUnless(shutil.which("c++filt"), "binutils are not installed")
    def test_names_of_cpp_are_readable(self) -> None:
        self.assertEqual(self.symbols.locate(0x8044), "park+0x4")

    def test_what_is_no_elf_file_names_nothing(self) -> None:
        data = self.file.read_bytes()
        for broken in (b"", b"text", data[:70], data[:-20], b"\x7fELF\x01\x01" + data[6:]):
            self.file.write_bytes(broken)
            self.assertEqual(Symbols([self.file, "/nowhere"]).locate(0x8048), "")


if __name__ == "__main__":
    unittest.main()
