#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes a compilation database: compile_commands.py FILE [FLAGS SOURCE... [-- FLAGS SOURCE...]]

FLAGS is one argument, a compiler and its flags. FILE tells clangd, clang-tidy and clang-query
how each C++ source is compiled: as the first group says that names it.
"""

import json
import os
import shlex
import sys
from pathlib import Path


def groups(words: list[str]) -> list[list[str]]:
    """The parts between the words "--"."""
    result: list[list[str]] = [[]]
    for word in words:
        if word == "--":
            result.append([])
        else:
            result[-1].append(word)
    return [group for group in result if group]


def main(file: str, words: list[str]) -> None:
    """Run the command."""
    commands = {}
    for flags, *sources in groups(words):
        for source in sources:
            if source.endswith(".cpp"):
                arguments = [*shlex.split(flags), "-c", source]
                command = {"directory": os.getcwd(), "file": source, "arguments": arguments}
                commands.setdefault(source, command)
    text = json.dumps([commands[source] for source in sorted(commands)], indent=1)
    Path(file).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
