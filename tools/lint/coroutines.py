#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks C++ files against the coroutine rules: coroutines.py [-p FOLDER] FILE... [-- FLAG...]

Prints one line for each breach, "file:line:column: text [rule]"; exit status 1 if there is any.
FOLDER holds compile_commands.json (default: build). The rules are in coroutines.query.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import tree

QUERY = Path(__file__).with_name("coroutines.query")
CLANG_QUERY = "clang-query-19"
NO_WARNINGS = ["--extra-arg=-w"]
# Without one of these in our own text there is nothing that a rule is about.
WORDS = re.compile(rb"\b(co_await|co_yield|co_return|await_suspend)\b")

RULES = {
    "await-alone": "co_await must be a statement in a block (co_await x;) or the whole "
                   "initialiser of a variable (const auto r = co_await x;)",
    "await-binding": "no structured binding straight from co_await: name the result first",
    "await-braces": "no brace-initialised aggregate with non-trivial members in a co_await "
                    "expression: make it a variable first",
    "awaiter-members": "members of an awaiter must be trivial to copy and destroy",
    "capturing-lambda": "a lambda that is a coroutine must not capture: pass parameters by value",
    "reference-parameter": "parameters of a coroutine are passed by value",
    "aligned-local": "no alignas on locals of a coroutine: its frame is aligned to 16 bytes only",
}

MATCH = re.compile(r"(?P<place>.+:\d+:\d+): note: \"(?P<rule>[a-z-]+)\" binds here")
ERROR = re.compile(r"(.+: (?:fatal )?error: .*|.*Error (?:parsing|building) .*)")


def run_query(file: str, options: list[str]) -> tuple[str, int]:
    """What clang-query writes about a file, and its exit status."""
    command = [CLANG_QUERY, "-f", str(QUERY), file, *options]
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout, done.returncode


def breaches(file: str, options: list[str]) -> list[str]:
    """The breaches in a file and the headers that it includes, each once."""
    found: dict[str, None] = {}
    output, status = run_query(file, options)
    for line in map(tree.relative, output.splitlines()):
        if match := MATCH.match(line):
            found[f"{match['place']}: {RULES[match['rule']]} [{match['rule']}]"] = None
        elif match := ERROR.match(line):
            found[line] = None
    if status != 0 and not found:
        return [f"{file}: error: {CLANG_QUERY} ended with exit status {status}"]
    return list(found)


def main() -> int:
    """Run the command; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-p", dest="folder", default="build")
    parser.add_argument("files", nargs="+")
    own, dashes, flags = sys.argv[1:], [], []
    if "--" in own:
        cut = own.index("--")
        own, dashes, flags = own[:cut], ["--"], own[cut + 1:]
    arguments = parser.parse_args(own)
    options = [*dashes, *flags] if dashes else ["-p", arguments.folder, *NO_WARNINGS]
    found = dict.fromkeys(text for file in arguments.files for text in breaches(file, options))
    for text in found:
        print(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
