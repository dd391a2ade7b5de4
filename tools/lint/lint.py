#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks the whole tree and writes TAP, one test a check: lint.py BUILD

BUILD holds compile_commands.json: clang-tidy and the coroutine rules look at the C++ files in
it, each only once as long as nothing of it changes (verdicts.py). Run it from the top folder. What
each check wants is in text_checks.py, coroutines.query, .clang-format and .clang-tidy.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import coroutines
import text_checks
import tree
import verdicts

Check = Callable[[Path], list[str]]

TIDY = "clang-tidy-19"
# A test may look into what it has REQUIREd to be there, which clang-tidy does not understand; tests
# run one at a time, and need not be fast. They are run all the time, under sanitizers where there
# are some: the analyzer looks at each function by itself, which takes a tenth of the time.
FOR_TESTS = [
    "--checks=-bugprone-unchecked-optional-access,-concurrency-mt-unsafe,-performance-*,"
    "-clang-analyzer-core.BitwiseShift,-clang-analyzer-unix.StdCLibraryFunctions",
    *(f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "ipa=none"))]


def output_lines(command: list[str], pattern: str) -> list[str]:
    """The lines a tool writes that match; if it fails without one, the last lines it writes."""
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    lines = [tree.relative(line) for line in done.stdout.splitlines()]
    found = [line for line in lines if re.search(pattern, line)]
    if done.returncode != 0 and not found:
        return [f"{command[0]}: exit status {done.returncode}", *lines[-5:]]
    return found


def check_format(path: Path) -> list[str]:
    """The layout of C++."""
    command = ["clang-format-19", "--dry-run", "--Werror", str(path)]
    lines = output_lines(command, r": error: ")
    return [f"{lines[0].split(': ')[0]}: layout differs from .clang-format: run make fmt"
            ] if lines else []


def check_shell(path: Path) -> list[str]:
    """Shell scripts."""
    command = ["shellcheck", "--format=gcc", "--external-sources", str(path)]
    return output_lines(command, r":\d+:\d+: ")


def tidy(build: str, options: list[str]) -> list[str]:
    """What clang-tidy complains of, when it looks at nothing but our own code (own_code.cpp)."""
    return output_lines([TIDY, "--quiet", "-load", f"{build}/host/own_code.so", *options],
                        r": (warning|error): ")


def tidy_check(build: str) -> Check:
    """clang-tidy, for files in BUILD's compile_commands.json."""
    def check(path: Path) -> list[str]:
        return tidy(build, ["-p", build, *(FOR_TESTS if "tests" in path.parts else []), str(path)])
    return check


def coroutine_check(build: str) -> Check:
    """The coroutine rules, for files in BUILD's compile_commands.json."""
    return lambda path: coroutines.breaches(str(path), ["-p", build, *coroutines.NO_WARNINGS])


def compile_commands(build: str) -> dict[Path, str]:
    """The C++ files that BUILD's compile_commands.json names, and how each is compiled."""
    commands = json.loads(Path(build, "compile_commands.json").read_text(encoding="utf-8"))
    return {Path(command["file"]): " ".join(command["arguments"]) for command in
            sorted(commands, key=lambda command: command["file"])}  # fmt: skip


def rules(tool: str, *files: Path) -> bytes:
    """What a check's answers depend on besides the file that it looks at and how it is compiled:
    the tool, and these files."""
    version = subprocess.run([tool, "--version"], stdout=subprocess.PIPE, check=False).stdout
    return version + b"".join(file.read_bytes() for file in files)


def remembering(check: Check, verdict: verdicts.Verdicts, commands: dict[Path, str]) -> Check:
    """The same check, which does not look again at a file that it found good before."""
    def check_anew(path: Path) -> list[str]:
        key = verdict.key(path, commands[path])
        if verdict.good(key):
            return []
        problems = check(path)
        if not problems:
            verdict.remember(key)
        return problems
    return check_anew


def run_check(check: Check, paths: Iterable[Path]) -> list[str]:
    """A check's problems in all of its files, each once."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(dict.fromkeys(text for texts in pool.map(check, paths) for text in texts))


def main(build: str) -> int:
    """Run every check; gives the exit status."""
    files = tree.files()
    compiled = compile_commands(build)
    sources = verdicts.Sources()
    tidy_rules = (rules(TIDY, Path(".clang-tidy"), Path("tools/lint/own_code.cpp"))
                  + repr(FOR_TESTS).encode())
    coroutine_rules = rules(coroutines.CLANG_QUERY, coroutines.QUERY, Path(coroutines.__file__))
    tidy = remembering(tidy_check(build), verdicts.Verdicts(sources, tidy_rules), compiled)
    coroutine = remembering(
        coroutine_check(build), verdicts.Verdicts(sources, coroutine_rules), compiled)
    coroutine_files = [path for path, command in compiled.items()
                       if sources.mentions(path, command, coroutines.WORDS)]
    shell = [path for path in files if tree.is_shell(path)]
    python = [path for path in files if tree.is_python(path)]
    cpp = [path for path in files if tree.is_cpp(path)]
    checks: list[tuple[str, Check, list[Path]]] = [
        ("every file names its licence", text_checks.check_licence, files),
        ("text is tidy", text_checks.check_text, files),
        ("python compiles", text_checks.check_python, python),
        ("shellcheck has no complaint", check_shell, shell),
        ("C++ has the layout of .clang-format", check_format, cpp),
        ("C++ keeps the coroutine rules", coroutine, coroutine_files),
        ("clang-tidy has no complaint", tidy, list(compiled)),
    ]
    print(f"TAP version 13\n1..{len(checks)}", flush=True)
    status = 0
    for number, (name, check, paths) in enumerate(checks, 1):
        problems = run_check(check, paths)
        status |= bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {name} ({len(paths)} files)")
        print("".join(f"  # {problem}\n" for problem in problems), end="", flush=True)
    verdicts.forget_old()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
