#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a machine with the recorder, and makes a timeline of what it did.

The kernel and its programs must be built with TRACE=1. The timeline is written even if the machine
is stopped or this program is interrupted. Exit status: the machine's; 1 if nothing was recorded.
Usage: trace.py --recorder SO --kernel ELF --out JSON [--most N] -- COMMAND OF THE MACHINE
Read next: timeline.py, tools/plugin/recorder.cpp.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.symbols import Symbols  # noqa: E402
from trace.timeline import convert  # noqa: E402


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], allow_abbrev=False)
    add = parser.add_argument
    add("--recorder", required=True, metavar="SO", help="the plugin")
    add("--kernel", required=True, metavar="ELF", help="that runs, built with TRACE=1")
    add("--out", required=True, type=Path, metavar="JSON", help="where the timeline is written")
    add("--most", type=int, default=500_000, metavar="N",
        help="events, then recording ends (default: %(default)s)")  # fmt: skip
    add("command", nargs="+", help="what starts the machine, as run.py takes it")
    return parser.parse_args()


def run(options: argparse.Namespace, record: str) -> int:
    """Starts the machine; its exit status."""
    vector = Symbols([options.kernel]).address("trap_vector")
    if vector is None:
        print(f"trace: {options.kernel} has no trap_vector: build it with TRACE=1", file=sys.stderr)
        return 1
    plugin = f"{options.recorder},out={record},trap={vector:x},most={options.most}"
    command = [*options.command, "--counted", "--", "-plugin", plugin]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130


def main() -> int:
    options = parse()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("r", dir=options.out.parent, suffix=".record") as record:
        status = run(options, record.name)
        part = options.out.with_suffix(".part")
        with part.open("w") as out:
            counts = convert(record, out)
        if not counts:
            part.unlink()
            print("trace: nothing was recorded: is the program built with TRACE=1?",
                  file=sys.stderr)
            return status or 1
        part.replace(options.out)
    print("recorded:", ", ".join(f"{count} {what}" for what, count in counts.items()))
    print(f"{options.out} opens in https://ui.perfetto.dev, or in Chrome at chrome://tracing")
    return status


if __name__ == "__main__":
    sys.exit(main())
