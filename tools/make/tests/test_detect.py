# SPDX-License-Identifier: BSD-2-Clause
"""Which compiler detect.sh chooses. PATH is a folder of links to what this machine has, with
other compilers: scripts that call the real ones and claim another version."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

DETECT = Path(__file__).resolve().parents[1] / "detect.sh"
GNU, LLVM = "riscv64-unknown-elf-g++", "clang++-19"
CLAIM = """#!/bin/bash
if [[ $1 == -dumpfullversion ]]; then echo {version}; else exec /usr/bin/{name} "$@"; fi
"""


class Detect(unittest.TestCase):
    """Each test says which g++ there is."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.bin = Path(temporary.name)
        for program in Path("/usr/bin").iterdir():
            if program.name != GNU:
                (self.bin / program.name).symlink_to(program)

    def give_gnu(self, version: str) -> None:
        script = self.bin / GNU
        script.write_text(CLAIM.format(version=version, name=GNU))
        script.chmod(0o755)

    def detect(self, argument: str, status: int = 0) -> str:
        done = subprocess.run([DETECT, argument], env=os.environ | {"PATH": str(self.bin)},
                              text=True, check=False, cwd=DETECT.parents[2],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def test_auto_takes_a_new_gnu_compiler(self):
        self.give_gnu("13.2.0")
        chosen = self.detect("auto")
        self.assertIn("toolchain := gnu\n", chosen)
        self.assertIn("toolchain_warning := \n", chosen)

    def test_auto_leaves_an_old_gnu_compiler(self):
        self.give_gnu("12.2.0")
        self.assertIn("toolchain := llvm\n", self.detect("auto"))

    def test_llvm_and_gnu_are_obeyed(self):
        self.give_gnu("13.2.0")
        self.assertIn("toolchain := llvm\n", self.detect("llvm"))
        self.give_gnu("12.2.0")
        chosen = self.detect("gnu")
        self.assertIn("toolchain := gnu\n", chosen)
        self.assertRegex(chosen, "toolchain_warning := warning: g.. 12.2.0 miscompiles")

    def test_missing_compilers_are_named_with_the_remedy(self):
        self.assertRegex(self.detect("gnu", status=1), f"{GNU[:-2]}.* run 'make ")
        (self.bin / LLVM).unlink()
        self.assertIn("clang++-19 is missing: run 'make setup'", self.detect("auto", status=1))

    def test_fingerprint_changes_with_the_compilers(self):
        before = self.detect("found")
        self.give_gnu("13.2.0")
        self.assertNotEqual(before, self.detect("found"))


if __name__ == "__main__":
    unittest.main()
