# SPDX-License-Identifier: BSD-2-Clause
"""Results of tests, and their form on standard output: TAP version 13.

A result has a name without `#`, which TAP would take for a remark. The plan comes last, so a run
that was cut off can be told from a complete one. Read next: run.py.
"""

from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Result:
    """One test. `details` explain a failure, or are figures that are shown in any case."""

    name: str
    passed: bool = True
    details: list[str] = field(default_factory=list)
    skipped: str = ""


class Writer:
    """Numbers results and writes them as they come."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._count = 0
        self.failed = 0
        print("TAP version 13", file=stream, flush=True)

    def add(self, result: Result) -> None:
        """Writes one result."""
        self._count += 1
        self.failed += not result.passed
        verdict = "ok" if result.passed else "not ok"
        remark = f" # SKIP {result.skipped}" if result.skipped else ""
        lines = [f"{verdict} {self._count} - {result.name.replace('#', '')}{remark}"]
        lines += [f"  # {line}" for line in result.details]
        print("\n".join(lines), file=self._stream, flush=True)

    def close(self) -> None:
        """Writes the plan."""
        print(f"1..{self._count}", file=self._stream, flush=True)
