# SPDX-License-Identifier: BSD-2-Clause
"""Every coroutine rule finds each line marked "// bad" in its fixture, and no other line."""

import functools
import subprocess
import tempfile
import unittest
from pathlib import Path

import coroutines

FIXTURES = Path(__file__).parent
DETECT = FIXTURES.parents[1] / "make/detect.sh"


@functools.cache
def flags() -> list[str]:
    """How guest programs are compiled: so nothing is needed of this machine's own libraries."""
    found = subprocess.run([DETECT, "llvm"], check=True, text=True, stdout=subprocess.PIPE).stdout
    includes = found.partition("std_includes := ")[2].split()
    return ["--", "--target=riscv64-unknown-elf", "-mabi=lp64", "-ffreestanding", "-std=c++23",
            *includes]


def marked(fixture: Path) -> list[int]:
    lines = fixture.read_text().splitlines()
    return [number for number, line in enumerate(lines, 1) if line.endswith("// bad")]


def found(fixture: Path, rule: str) -> list[int]:
    texts = coroutines.breaches(str(fixture), flags())
    for text in texts:
        if not text.endswith(f"[{rule}]"):
            raise AssertionError(f"not about {rule}: {text}")
    return sorted({int(text.removeprefix(f"{fixture}:").split(":")[0]) for text in texts})


class Rules(unittest.TestCase):
    """One test a rule is added below."""

    def test_each_rule_has_a_fixture(self):
        self.assertEqual({path.stem for path in FIXTURES.glob("*.cpp")}, set(coroutines.RULES))

    def test_each_fixture_has_a_word(self):
        """what no file mentions is not looked for (coroutines.WORDS)"""
        for path in FIXTURES.glob("*.cpp"):
            self.assertRegex(path.read_bytes(), coroutines.WORDS)

    def test_broken_source_is_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "broken.cpp"
            source.write_text("int f( {\n")
            texts = coroutines.breaches(str(source), flags())
        self.assertRegex("\n".join(texts), "broken.cpp:1:9: error")


def add_test(rule: str) -> None:
    """A test for a rule: its fixture."""

    def test(self: Rules) -> None:
        fixture = FIXTURES.relative_to(Path.cwd()) / f"{rule}.cpp"
        self.assertTrue(marked(fixture))
        self.assertEqual(found(fixture, rule), marked(fixture))

    setattr(Rules, f"test_{rule.replace('-', '_')}", test)


for name in coroutines.RULES:
    add_test(name)

if __name__ == "__main__":
    unittest.main()
