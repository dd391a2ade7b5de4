# SPDX-License-Identifier: BSD-2-Clause
"""What the licence and text checks find, and what they leave alone."""

import os
import tempfile
import unittest
from pathlib import Path

import text_checks

TAG = "SPDX-License-Identifier:"


class Checks(unittest.TestCase):
    """Each test writes one file into an empty folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def file(self, name: str, text: str | bytes) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def test_our_licence(self):
        path = self.file("a.cpp", f"// {TAG} BSD-2-Clause\n")
        self.assertEqual(text_checks.check_licence(path), [])

    def test_no_licence(self):
        problems = text_checks.check_licence(self.file("a.sh", "#!/bin/bash\n"))
        self.assertRegex(problems[0], "a.sh:1: must say .*BSD-2-Clause.*says nothing")

    def test_overlay_has_the_licence_of_qemu(self):
        name = "platform/qemu/overlay/hw/a.c"
        self.assertEqual(
            text_checks.check_licence(self.file(name, f"/* {TAG} GPL-2.0-or-later */\n")), [])
        self.assertRegex(
            text_checks.check_licence(self.file(name, f"/* {TAG} BSD-2-Clause */\n"))[0],
            "must say .*GPL-2.0-or-later.*says BSD-2-Clause")

    def test_licence_texts_and_pictures_need_no_licence_line(self):
        self.assertEqual(text_checks.check_licence(self.file("tools/licenses/X.txt", "X\n")), [])
        self.assertEqual(text_checks.check_licence(self.file("a.png", b"\x89PNG\xff")), [])

    def test_text(self):
        problems = text_checks.check_text(self.file("a.py", f"x = 1 \n# {'y' * 99}\nz = 1"))
        self.assertEqual(problems, [
            "a.py:2: must end with one end of line",
            "a.py:1: white space at the end of the line",
            "a.py:2: longer than 100 columns"])

    def test_wide_prose_is_fine(self):
        self.assertEqual(text_checks.check_text(self.file("a.md", "y" * 200 + "\n")), [])

    def test_carriage_return(self):
        problems = text_checks.check_text(self.file("a.py", "x = 1\r\n"))
        self.assertEqual(problems, ["a.py:1: white space at the end of the line"])

    def test_python(self):
        self.assertEqual(text_checks.check_python(self.file("a.py", "x = 1\n")), [])
        self.assertRegex(text_checks.check_python(self.file("b.py", "x = = 1\n"))[0], "b.py:1: ")


if __name__ == "__main__":
    unittest.main()
