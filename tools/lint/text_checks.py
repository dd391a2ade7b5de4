# SPDX-License-Identifier: BSD-2-Clause
"""Checks that need no tool: the licence line and the form of text.

Each check takes a path and gives lines "file:line: what is wrong". Read next: lint.py.
"""

import re
from pathlib import Path

import tree

OURS = "BSD-2-Clause"
QEMU = "GPL-2.0-or-later"
LICENCE = re.compile(r"SPDX-License-Identifier: (\S+)")
WIDTH = 100
HEAD = 30
WIDE_TYPES = {".md", ".json", ".txt"}


def can_hold_a_comment(path: Path) -> bool:
    """Text other than licence texts and data formats without comments."""
    is_licence_text = path.parent == Path("tools/licenses")
    return not is_licence_text and path.suffix not in {".csv", ".svg", ".tap"}


def allowed_licences(path: Path) -> list[str]:
    """What becomes part of QEMU has its licence; beside it, both will do; all else is ours."""
    if not path.is_relative_to("platform/qemu"):
        return [OURS]
    return [QEMU] if tree.is_foreign(path) else [OURS, QEMU]


def check_licence(path: Path) -> list[str]:
    """The file names its licence in its head, and a right one for its place."""
    lines = tree.first_lines(path, HEAD)
    if not lines or not can_hold_a_comment(path):
        return []
    found = next((match[1] for line in lines if (match := LICENCE.search(line))), None)
    allowed = allowed_licences(path)
    if found in allowed:
        return []
    says = f"says {found}" if found else "says nothing"
    return [f"{path}:1: must say SPDX-License-Identifier: {allowed[0]} in its head; "
            f"it {says}"]


def check_text(path: Path) -> list[str]:
    """Ends of lines, the end of the file, and the width of code."""
    if tree.is_foreign(path) or not tree.first_lines(path, 1):
        return []
    text = path.read_bytes().decode("utf-8")
    problems = []
    if not text.endswith("\n") or text.endswith("\n\n"):
        problems.append(f"{path}:{text.count(chr(10))}: must end with one end of line")
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            problems.append(f"{path}:{number}: white space at the end of the line")
        if len(line.expandtabs(8)) > WIDTH and path.suffix not in WIDE_TYPES:
            problems.append(f"{path}:{number}: longer than {WIDTH} columns")
    return problems


def check_python(path: Path) -> list[str]:
    """The syntax of a Python file."""
    try:
        compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return [f"{path}:{getattr(error, 'lineno', 1)}: {error}"]
    return []
