#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests a timeline from end to end: two processes on several harts are recorded. Writes TAP.

Usage: check.py JSON COMMAND...
The command writes the file (make run TRACE=1). Read next: trace.py.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

Event = dict[str, object]


def overlapping(events: list[Event]) -> list[str]:
    """Tracks of which one slice begins before the one before has ended."""
    tracks: dict[tuple[object, object], list[tuple[float, float]]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            start, length = event["ts"], event["dur"]
            assert isinstance(start, (int, float))
            assert isinstance(length, (int, float))
            tracks[event["pid"], event["tid"]].append((start, start + length))
    wrong = []
    for track, slices in tracks.items():
        slices.sort()
        if any(end > start + 0.0005 for (_, end), (start, _) in zip(slices, slices[1:])):
            wrong.append(str(track))
    return wrong


def report(number: int, name: str, problem: object) -> None:
    print(f"ok {number} - trace: {name}" if not problem else
          f"not ok {number} - trace: {name}\n  # {str(problem)[:2000]}")


def main() -> int:
    path, command = Path(sys.argv[1]), sys.argv[2:]
    path.unlink(missing_ok=True)
    done = subprocess.run(command, text=True, check=False, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print("TAP version 13\n1..5")
    report(1, "the machine runs as it would without", done.returncode and done.stdout[-1500:])
    try:
        events: list[Event] = json.loads(path.read_text())["traceEvents"]
    except (OSError, ValueError) as error:
        report(2, "the timeline is JSON", error)
        return 1
    report(2, "the timeline is JSON", not events and "no events")
    report(3, "slices of a track do not overlap", overlapping(events))
    names = {str(event["name"]) for event in events}
    wanted = {"pingpong", "pingpong-server", "root", "send", "user interrupt", "park",
              "priority 1"}
    rings = {name for name in names if name.startswith("pingpong: ring")}
    report(4, "programs, coroutines, rings, traps and interrupts are there",
           wanted - names or (not rings and "no rings"))
    tracks = {event["pid"] for event in events if event["ph"] == "X"}
    report(5, "several harts work", not {0, 1} <= tracks and tracks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
