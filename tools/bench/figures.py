# SPDX-License-Identifier: BSD-2-Clause
"""Figures: read from a console, compared with targets, shown as a table, written as JSON.

A guest says `figure NAME value=N least=N greatest=N samples=N key=value...`, `missing NAME: why`
for what it could not measure, and `end of figures`. Read next: targets.py.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .targets import TARGETS, Target

LINE = re.compile(r"figure (?P<name>[a-z0-9_.]+) (?P<fields>[a-z_]+=\S+( [a-z_]+=\S+)*)")
MISSING = re.compile(r"missing (?P<name>[a-z0-9_.]+): (?P<why>.*)")
END = "end of figures"
STATISTICS = ("value", "least", "greatest", "samples", "operations", "interval")


@dataclass
class Figure:
    """One measured value."""

    name: str
    value: float
    config: dict[str, object] = field(default_factory=dict)
    unit: str = "instructions"
    facts: dict[str, float] = field(default_factory=dict, compare=False)  # of the measurement
    counts: dict[str, float] = field(default_factory=dict)  # counts.py; for each operation

    def matches(self, target: Target) -> bool:
        """Whether the target speaks of this figure."""
        return self.name == target.name and target.config.items() <= self.config.items()


Targets = Sequence[Target]


class FiguresError(Exception):
    """A machine did not say what it should: one sentence."""


def read(console: str, config: dict[str, object]) -> list[Figure]:
    """The figures on a console, each with `config` and what its own line says of it."""
    figures = []
    lines = [line.rstrip("\r") for line in console.splitlines()]
    for line in lines:
        if found := LINE.fullmatch(line):
            fields = dict(part.split("=", 1) for part in found["fields"].split())
            unit = fields.pop("unit", "instructions")
            facts = {key: decimal(fields.pop(key)) for key in STATISTICS if key in fields}
            own = {key: as_number(text) for key, text in fields.items()}
            figures.append(
                Figure(found["name"], facts["value"], {**config, **own}, unit, facts)
            )
        elif found := MISSING.fullmatch(line):
            raise FiguresError(f"{found['name']} was not measured: {found['why']}")
    if END not in lines:
        raise FiguresError("the machine stopped before the last figure")
    return figures


def decimal(text: str) -> float:
    """A number; whole if it is written so."""
    return float(text) if "." in text else int(text)


def as_number(text: str) -> object:
    """A number if it looks like one."""
    return int(text) if text.isdigit() else text


def target_of(figure: Figure, targets: Targets = TARGETS) -> Target | None:
    """The target that speaks of this figure, if there is one."""
    return next((target for target in targets if figure.matches(target)), None)


def missing(figures: list[Figure], targets: Targets = TARGETS) -> list[Target]:
    """Targets without a figure."""
    return [target for target in targets
            if not any(figure.matches(target) for figure in figures)]  # fmt: skip


def entry(figure: Figure, targets: Targets) -> dict[str, object]:
    """A figure as the JSON file has it."""
    target = target_of(figure, targets)
    counts = {"counts": figure.counts} if figure.counts else {}
    return {
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "anchor": target.anchor if target else None,
        "target": target.target if target else None,
        "config": figure.config,
        **counts,
    }


def write(path: Path, figures: Iterable[Figure], targets: Targets = TARGETS) -> None:
    """Writes the JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [entry(figure, targets) for figure in figures]
    path.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def table(figures: list[Figure], patience: float = 1, targets: Targets = TARGETS,
          anchors: str = "seL4") -> list[str]:  # fmt: skip
    """Lines for people: every figure with a target, what it is compared with, and misses. Numbers
    of instructions may be `patience` times the target.
    """
    width = max(len(target.text) for target in targets) + 2
    lines = [f"{'':{width}}{'ours':>10}{anchors:>10}{'target':>10}"]
    for target in targets:
        for figure in (each for each in figures if each.matches(target)):
            bound = (target.target or 0) * (patience if figure.unit == "instructions" else 1)
            missed = target.target is not None and figure.value > bound
            lines.append(
                f"{target.text:{width}}{number(figure.value):>10}{shown(target.anchor):>10}"
                f"{shown(target.target):>10}{'  MISSED' if missed else ''}"
            )
    return lines


def number(value: float) -> str:
    """As many digits as mean something."""
    return f"{value:.1f}" if isinstance(value, float) and value >= 10 else str(value)


def others(figures: list[Figure]) -> list[str]:
    """Lines for people: figures without a target."""
    return [f"{figure.name:26} {figure.value:>8}  {settings(figure)}"
            for figure in figures if target_of(figure) is None]  # fmt: skip


def settings(figure: Figure) -> str:
    """A figure's own settings, without those that all have."""
    common = ("toolchain", "profile")
    return " ".join(f"{key}={value}" for key, value in figure.config.items() if key not in common)


def shown(value: float | None) -> str:
    """A bound, or a dash."""
    return "-" if value is None else str(value)
