# SPDX-License-Identifier: BSD-2-Clause
"""Reads what a test program says on its console.

    ok CASE     FAIL CASE: WHY     skip CASE: WHY     info TEXT     end NUMBER-OF-CASES

Every other line, such as the firmware's banner, is ignored. A program that does not finish with
the right number of cases, or names a case twice, has a problem, whatever its cases say.
Read next: guest.py; the other side is lib/test.hpp.
"""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"(?P<verdict>ok|FAIL|skip) (?P<case>[a-z0-9-]+)(?:: (?P<why>.*))?"
    r"|info (?P<text>.*)"
    r"|end (?P<count>[0-9]+)"
)


@dataclass(frozen=True)
class Case:
    """One line ok, FAIL or skip."""

    verdict: str
    name: str
    why: str = ""


@dataclass
class Transcript:
    """All that a program said."""

    cases: list[Case] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether any case failed."""
        return any(case.verdict == "FAIL" for case in self.cases)

    def problems(self) -> list[str]:
        """What is wrong with the transcript as a whole."""
        found = []
        if not self.counts:
            found.append("the program did not reach its end line")
        elif self.counts != [len(self.cases)]:
            found.append(f"end lines say {self.counts}, but there are {len(self.cases)} cases")
        names = [case.name for case in self.cases]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            found.append(f"cases named more than once: {', '.join(twice)}")
        return found

    def values(self, name: str) -> list[int]:
        """The numbers in all `info NAME NUMBER` lines."""
        pattern = re.compile(rf"{re.escape(name)} (0x[0-9a-f]+|[0-9]+)")
        return [int(match[1], 0) for match in map(pattern.fullmatch, self.infos) if match]


def read(output: str) -> Transcript:
    """The transcript in a console's output."""
    transcript = Transcript()
    for line in output.splitlines():
        match = LINE.fullmatch(line.rstrip("\r"))
        if not match:
            continue
        if match["case"]:
            transcript.cases.append(Case(match["verdict"], match["case"], match["why"] or ""))
        elif match["count"]:
            transcript.counts.append(int(match["count"]))
        else:
            transcript.infos.append(match["text"])
    return transcript
