#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Counts lines of code: code_lines.py FILE... prints each file's number and the sum.

A line counts if something is left of it when comments and white space are taken away. C++: both
kinds of comments; text in quotes is no comment. Assembler: the same, and # to the end of the line,
but not the directives of the preprocessor. Read next: kernel_files().
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

# A comment, or something in which the beginning of a comment means nothing.
TOKEN = re.compile(
    r"""
    (?P<comment> //(?:[^\\\n]|\\.|\\\n)* | /\*.*?\*/ )
  | (?P<raw> R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)" )
  | (?P<text> "(?:[^"\\\n]|\\.)*" | (?<![0-9A-Za-z_])'(?:[^'\\\n]|\\.)*' )
    """,
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"\s*#\s*(define|include|if|ifdef|ifndef|elif|else|endif|undef|error)\b")
ASSEMBLER = {".S", ".s"}
SOURCES = {".cpp", ".hpp", ".S"}


def without_comments(text: str) -> str:
    """The text without C++ comments; ends of lines stay."""

    def kept(match: re.Match) -> str:
        if match["comment"] is None:
            return match[0]
        return "\n" * match[0].count("\n") or " "

    return TOKEN.sub(kept, text)


def without_hash(line: str) -> str:
    """A line of assembler without its comment; # inside quotes is none."""
    if DIRECTIVE.match(line):
        return line
    quoted = False
    for index, character in enumerate(line):
        if character == '"' and line[index - 1 : index] != "\\":
            quoted = not quoted
        elif character == "#" and not quoted:
            return line[:index]
    return line


def count(text: str, assembler: bool = False) -> int:
    """Lines of code in a text."""
    lines = without_comments(text).splitlines()
    if assembler:
        lines = [without_hash(line) for line in lines]
    return sum(1 for line in lines if line.strip())


def count_file(path: Path) -> int:
    """Lines of code in a file."""
    return count(path.read_text(encoding="utf-8"), path.suffix in ASSEMBLER)


def kernel_files(top: Path, out: Path) -> list[Path]:
    """What counts as the kernel: all of kernel/ but its tests, for every configuration, and the
    headers from elsewhere that the build in the folder `out` included, generated ones too. What
    is left there of sources that are gone does not count.
    """
    own = {path for path in (top / "kernel").rglob("*")
           if path.suffix in SOURCES and (top / "kernel/tests") not in path.parents}  # fmt: skip
    objects = [path for path in (out / "kernel").rglob("*.d")
               if (top / path.relative_to(out).with_suffix("")).exists()]  # fmt: skip
    return sorted(own | {top / name for path in objects for name in dependencies(path)
                         if (top / name).suffix in SOURCES and "tests" not in Path(name).parts})


def dependencies(path: Path) -> set[str]:
    """The files that a make rule of the compiler names."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    rule = text.partition("\n")[0]
    return set(rule.partition(": ")[2].split())


def report(files: Iterable[Path]) -> int:
    """Prints every file's number; returns the sum."""
    total = 0
    for path in files:
        lines = count_file(path)
        total += lines
        print(f"{lines:7} {path}")
    print(f"{total:7} total")
    return total


if __name__ == "__main__":
    report(Path(name) for name in sys.argv[1:])
