# SPDX-License-Identifier: BSD-2-Clause
"""The make fragments, tried on a small checkout: fixture/ with the real Makefile and tools.

The path of the checkout holds spaces. It is built once; each test works on a copy. Set-up is
replaced by a script that notes that it was called.
"""

import functools
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
SETUP = '#!/bin/bash\necho "$*" >> setup.log\n'
ONE, TWO = "fixture/one.elf", "fixture/two.elf"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


@functools.cache
def built_checkout() -> Path:
    """A checkout with the fixture as its only module, built with LLVM."""
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    folder = Path(temporary.name)
    copy_checkout(folder)
    done = run_make(folder, "-j2", "all", "TOOLCHAIN=llvm")
    if done.returncode != 0:
        raise AssertionError(done.stdout)
    return folder


def copy_checkout(folder: Path) -> None:
    """The real make fragments, the fixture and a script instead of set-up."""
    shutil.copy(TOP / "Makefile", folder)
    left_out = shutil.ignore_patterns("tests", "module.mk")
    for part in ("tools/make", "tools/test"):
        shutil.copytree(TOP / part, folder / part, ignore=left_out)
    shutil.copytree(TOP / "tools/make/tests/fixture", folder / "platform/fixture")
    (folder / "tools/setup").mkdir()
    (folder / "tools/setup/packages.txt").touch()
    script = folder / "tools/setup/setup.sh"
    script.write_text(SETUP)
    script.chmod(0o755)


def run_make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(["make", *arguments], cwd=folder, text=True, check=False,
                          env=ENVIRONMENT | environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class MakeTest(unittest.TestCase):
    """self.folder is a copy of the built checkout; in a test named bare, of one without build."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name) / "a check out"
        shutil.copytree(built_checkout(), self.folder)
        if "bare" in self.id():
            shutil.rmtree(self.folder / "build")
            (self.folder / "setup.log").unlink()

    def make(self, *arguments: str, status: int = 0, **environment: str) -> list[str]:
        """Run make; gives what it printed."""
        done = run_make(self.folder, *arguments, **environment)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout.splitlines()

    def steps(self, *arguments: str) -> list[str]:
        """Run `make all` with LLVM; gives the steps taken: CXX one.cpp, LINK two.elf..."""
        lines = self.make("all", *(arguments or ["TOOLCHAIN=llvm"]))
        words = [line.split() for line in lines if line.startswith("  ")]
        return sorted(" ".join([word[0], Path(word[1]).name, *word[2:]]) for word in words)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file, which is then newer than what was made from it."""
        path = self.folder / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def setups(self) -> list[str]:
        """The calls of setup.sh so far."""
        log = self.folder / "setup.log"
        return log.read_text().splitlines() if log.exists() else []


class FirstRun(MakeTest):
    """Before anything was made."""

    def test_bare_help_needs_no_setup(self):
        for arguments in ((), ("help",), ("clean",)):
            self.make(*arguments)
        self.assertEqual(self.setups(), [])
        self.assertFalse((self.folder / "build").exists())

    def test_bare_help_lists_goals_and_options(self):
        lines = "\n".join(self.make("help"))
        for word in ("setup", "test", "clean", "TOOLCHAIN", "CPUS", "PROFILE", "BUILD"):
            self.assertRegex(lines, rf"(?m)^  {word} +\S")

    def test_bare_goal_sets_up_and_then_builds(self):
        self.make("all")
        self.assertEqual(self.setups(), ["packages core"])
        for toolchain in ("llvm", "gnu"):
            for elf in self.folder.glob(f"build/{toolchain}-*/{ONE}"):
                self.assertIn("<guest_main>:", elf.with_suffix(".asm").read_text())
                self.assertIn(" guest_main\n", elf.with_suffix(".sym").read_text())
                return
        self.fail("no program was built")

    def test_bare_dry_run_changes_nothing(self):
        lines = self.make("-n", "all", status=2)
        self.assertRegex(lines[-1], "make setup")
        self.assertFalse((self.folder / "build").exists())

    def test_bare_failed_setup_stops_make(self):
        self.edit("tools/setup/setup.sh", "echo", "echo no network; exit 1; echo")
        lines = self.make("all", status=2)
        self.assertIn("no network", lines)
        self.assertFalse(list(self.folder.glob("build/*/fixture")))

    def test_changed_package_list_sets_up_again(self):
        self.edit("tools/setup/packages.txt", "", "# one more\n")
        self.make("all", "TOOLCHAIN=llvm")
        self.assertEqual(self.setups(), ["packages core"] * 2)


class Rebuild(MakeTest):
    """Nothing is made twice, everything is made that must be."""

    def test_nothing_to_do(self):
        self.assertEqual(self.make("all", "TOOLCHAIN=llvm"),
                         ["make: Nothing to be done for 'all'."])

    def test_changed_header_rebuilds_exactly_its_dependents(self):
        self.edit("platform/fixture/shared.hpp", "#pragma once", "#pragma once\n")
        self.assertEqual(self.steps(), [
            "CXX host.cpp (host)", "CXX one.cpp", "CXX shared.cpp",
            "LINK one.elf", "LINK tool", "LINK two.elf"])
        self.assertEqual(self.steps(), [])

    def test_changed_source_rebuilds_one_program(self):
        self.edit("platform/fixture/one.cpp", "? 0 : 1", "? 1 : 0")
        self.assertEqual(self.steps(), ["CXX one.cpp", "LINK one.elf"])

    def test_changed_assembler_source(self):
        self.edit("platform/fixture/start.S", "wfi", "nop")
        self.assertEqual(self.steps(), ["AS start.S", "LINK one.elf", "LINK two.elf"])

    def test_deleted_header_is_no_error(self):
        (self.folder / "platform/fixture/shared.hpp").unlink()
        include = '#include "platform/fixture/shared.hpp"'
        for name in ("host.cpp", "one.cpp", "shared.cpp"):
            self.edit(f"platform/fixture/{name}", include, "unsigned long shared(unsigned long);")
        self.assertIn("CXX one.cpp", self.steps())

    def test_changed_linker_script_links_again(self):
        self.edit("platform/fixture/link.ld", "*(.text.start)", "*(.text.start) ")
        self.assertEqual(self.steps(), ["LINK one.elf", "LINK two.elf"])

    def test_changed_module_links_again(self):
        self.edit("platform/fixture/module.mk", "0x80000000", "0x80200000")
        self.assertEqual(self.steps(), ["LINK one.elf", "LINK tool", "LINK two.elf"])

    def test_changed_flags_rebuild_every_guest_object(self):
        self.edit("tools/make/toolchain.mk", "-O2", "-Os")
        self.assertEqual(len(self.steps()), 6)
        self.assertEqual(self.steps(), [])

    def test_failed_compilation_leaves_nothing(self):
        self.edit("platform/fixture/one.cpp", "? 0 : 1", "? 0 :")
        self.make("all", "TOOLCHAIN=llvm", status=2)
        self.assertFalse(list(self.folder.glob("build/*/platform/fixture/one.cpp.o")))
        self.edit("platform/fixture/one.cpp", "? 0 :", "? 0 : 1")
        self.assertEqual(self.steps(), ["CXX one.cpp", "LINK one.elf"])

    def test_warnings_are_errors(self):
        self.edit("platform/fixture/two.cpp", "return 0", "int unused = 1; return 0")
        lines = self.make("all", "TOOLCHAIN=llvm", status=2)
        self.assertRegex("\n".join(lines), "unused variable")


class Options(MakeTest):
    """Options and their combinations."""

    def test_toolchains_do_not_mix(self):
        lines = self.make("all", "TOOLCHAIN=gnu")
        version = subprocess.run(["riscv64-unknown-elf-g++", "-dumpversion"], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        warned = any("miscompiles" in line for line in lines)
        self.assertEqual(warned, int(version.split(".")[0]) < 13)
        self.assertEqual(len(list(self.folder.glob(f"build/*/{ONE}"))), 2)
        self.assertEqual(self.steps(), [])

    def test_each_setting_has_its_own_objects(self):
        for setting in ("DEBUG=1", "CPUS=1", "PLATFORM=fpga", "PROFILE=sel4"):
            self.assertIn("CXX one.cpp", self.steps("TOOLCHAIN=llvm", setting))
        self.assertEqual(self.steps(), [])

    def test_wrong_values_are_answered_in_one_sentence(self):
        for name in ("TOOLCHAIN", "PROFILE", "CPUS", "PLATFORM", "DEBUG", "V"):
            for value in ("wrong", "", "%", "0 1"):
                lines = self.make("all", f"{name}={value}", status=2)
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(f"{name}={value} is not possible: choose one of ", lines[0])

    def test_wrong_build_folder(self):
        for value in ("", ".", "/", "two words"):
            lines = self.make("all", f"BUILD={value}", status=2)
            self.assertEqual(len(lines), 1, lines)
            self.assertIn("is not possible: name one folder", lines[0])

    def test_full_disk_is_answered_in_one_sentence(self):
        lines = self.make("all", "BUILD_SPACE=999999999", status=2)
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("a build needs 999999999: free some", lines[0])

    def test_environment_is_no_option(self):
        self.assertEqual(len(self.make("all", "TOOLCHAIN=llvm", DEBUG="yes", PLATFORM="linux")), 1)

    def test_other_build_folder(self):
        shutil.rmtree(self.folder / "build")
        self.make("all", "BUILD=other/folder", "TOOLCHAIN=llvm")
        self.assertFalse((self.folder / "build").exists())
        self.assertEqual(len(list(self.folder.glob(f"other/folder/*/{TWO}"))), 1)

    def test_verbose_shows_commands(self):
        self.edit("platform/fixture/two.cpp", "return 0", "return 1")
        lines = self.make("all", "TOOLCHAIN=llvm", "V=1")
        self.assertTrue(any(line.startswith("clang++-19 ") for line in lines))
        self.assertFalse(any(line.startswith("  ") for line in lines))

    def test_dry_run_shows_commands_and_runs_none(self):
        self.edit("platform/fixture/two.cpp", "return 0", "return 1")
        lines = self.make("-n", "all", "TOOLCHAIN=llvm")
        self.assertTrue(any("two.cpp.o" in line for line in lines))
        self.assertIn("CXX two.cpp", self.steps())

    def test_clean_is_alone(self):
        self.assertIn("must be the only goal", self.make("clean", "all", status=2)[0])
        self.make("clean")
        self.assertFalse((self.folder / "build").exists())


class Others(MakeTest):
    """Suites and the compilation database."""

    def test_one_suite_does_not_hide_the_other(self):
        lines = self.make("test", "TOOLCHAIN=llvm", status=2)
        self.assertIn("FAILED bad: the suite ended with exit status 1", lines)
        self.assertIn("4 passed, 1 failed", lines[-2:])

    def test_suite_that_cannot_be_built_is_a_failure(self):
        self.edit("platform/fixture/one.cpp", "? 0 : 1", "? 0 :")
        lines = self.make("test", "TOOLCHAIN=llvm", status=2)
        self.assertIn("FAILED good: left no results: it was not built or did not start", lines)
        self.assertIn("FAILED bad: the suite ended with exit status 1", lines)

    def test_good_suites_pass(self):
        self.edit("platform/fixture/module.mk", ",false)", ",cat $(fixture)/good.tap)")
        lines = self.make("test", "TOOLCHAIN=llvm")
        self.assertEqual(lines[-1], "6 passed, 0 failed")
        built = [path.parent.parent.name for path in self.folder.glob(f"build/*/{ONE}")]
        self.assertEqual([name.split("-")[0] for name in sorted(built)], ["gnu", "llvm"])

    def test_compile_commands(self):
        self.make("compile_commands")
        text = (self.folder / "build/compile_commands.json").read_text()
        commands = {command["file"]: command for command in json.loads(text)}
        self.assertEqual(sorted(commands), [f"platform/fixture/{name}.cpp"
                                            for name in ("host", "one", "shared", "two")])
        for command in commands.values():
            done = subprocess.run([*command["arguments"], "-fsyntax-only"], check=False,
                                  cwd=command["directory"])
            self.assertEqual(done.returncode, 0)
        self.assertEqual(self.make("compile_commands"), self.make("compile_commands"))


if __name__ == "__main__":
    unittest.main()
