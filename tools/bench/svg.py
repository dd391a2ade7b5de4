# SPDX-License-Identifier: BSD-2-Clause
"""Plots as SVG: panels side by side, each with curves over powers of two.

    panel = Panel("title", "unit", [Curve("ours", {1: 3.0, 2: 1.5})])
    path.write_text(plot("heading", [panel]), encoding="utf-8")

Both axes are logarithmic. Nothing but the standard library is needed. Read next: async_plots.py.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 470, 430  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 66, 46
LEGEND_LINE = 15
COLOURS = ("#0b61a4", "#c8501e", "#2a8a3e", "#8d3fa0", "#8a6d00", "#555555")


@dataclass
class Curve:
    """Points, drawn as a line with marks; `dashed` for somebody else's. One point without an x is
    a level: {None: y}."""

    label: str
    points: dict[int | None, float]
    colour: int = 0
    dashed: bool = False


@dataclass
class Panel:
    """One pair of axes."""

    title: str
    unit: str
    curves: list[Curve] = field(default_factory=list)


@dataclass
class Scale:
    """From a value to a place."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return self.start + share * (self.end - self.start)


def plot(heading: str, panels: list[Panel]) -> str:
    """The file."""
    legend = max(len(panel.curves) for panel in panels) * LEGEND_LINE
    width, height = WIDTH * len(panels), HEIGHT + legend
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        text(width / 2, 22, heading, "middle", size=15),
    ]
    for index, panel in enumerate(panels):
        parts += [f'<g transform="translate({index * WIDTH} 0)">', *drawn(panel), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def drawn(panel: Panel) -> list[str]:
    """A panel."""
    curves = [curve for curve in panel.curves if any(y > 0 for y in curve.points.values())]
    xs = [x for curve in curves for x in curve.points if x is not None] or [1, 2]
    ys = [y for curve in curves for y in curve.points.values() if y > 0] or [1]
    across = Scale(min(xs), max(max(xs), 2 * min(xs)), LEFT, WIDTH - RIGHT)
    low, high = decades(min(ys), max(ys))
    up = Scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [text(WIDTH / 2, 44, panel.title, "middle", size=13), *axes(across, up, xs),
             text(8, TOP - 8, panel.unit, "start", size=11)]  # fmt: skip
    for row, curve in enumerate(curves):
        parts += line(curve, across, up)
        parts += entry(curve, HEIGHT - 4 + row * LEGEND_LINE)
    return parts


def decades(least: float, greatest: float) -> tuple[float, float]:
    """Bounds of an axis: 1, 2 or 5 times a power of ten."""
    steps = [digit * 10.0**power for power in range(-6, 9) for digit in (1, 2, 5)]
    low = max(step for step in steps if step <= least)
    high = min(step for step in steps if step >= greatest and step > low)
    return low, high


def axes(across: Scale, up: Scale, xs: Iterable[int]) -> list[str]:
    """Lines at round numbers, with their numbers."""
    parts = []
    for power in range(-6, 9):
        for digit in (1, 2, 5):
            value = digit * 10.0**power
            if not up.low <= value <= up.high * 1.0001:
                continue
            y = up(value)
            parts.append(f'<path d="M{across.start} {y:.1f}H{across.end}" stroke="#dddddd"/>')
            parts.append(text(across.start - 6, y + 4, f"{value:g}", "end"))
    for x in sorted(set(xs)):
        parts.append(f'<path d="M{across(x):.1f} {up.start}V{up.end}" stroke="#eeeeee"/>')
        parts.append(text(across(x), up.start + 16, str(x), "middle"))
    frame = (f'<rect x="{across.start}" y="{up.end}" width="{across.end - across.start}" '
             f'height="{up.start - up.end}" fill="none" stroke="#888888"/>')  # fmt: skip
    middle = (across.start + across.end) / 2
    return [*parts, frame, text(middle, up.start + 32, "concurrency", "middle")]


def line(curve: Curve, across: Scale, up: Scale) -> list[str]:
    """A curve."""
    places = []
    for x, y in sorted(curve.points.items(), key=lambda point: point[0] or 0):
        if y <= 0:
            continue
        ends = (across.start, across.end) if x is None else (across(x),)
        places += [(end, up(y)) for end in ends]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<polyline points="{path}" fill="none" {style(curve)}/>']
    if None not in curve.points:
        parts += [mark(x, y, curve) for x, y in places]
    return parts


def entry(curve: Curve, y: float) -> list[str]:
    """A line of the legend."""
    parts = [f'<path d="M{LEFT} {y}h28" {style(curve)}/>', text(LEFT + 36, y + 4, curve.label)]
    return parts if None in curve.points else [*parts, mark(LEFT + 14, y, curve)]


def mark(x: float, y: float, curve: Curve) -> str:
    """A point: filled, or hollow if it is somebody else's."""
    colour = COLOURS[curve.colour % len(COLOURS)]
    fill = "white" if curve.dashed else colour
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{fill}" stroke="{colour}"/>'


def style(curve: Curve) -> str:
    """How a line is drawn."""
    dash = ' stroke-dasharray="5 4"' if curve.dashed else ""
    return f'stroke="{COLOURS[curve.colour % len(COLOURS)]}" stroke-width="1.6"{dash}'


def text(x: float, y: float, content: str, anchor: str = "start", size: int = 12) -> str:
    """A piece of text."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
            f"{escape(content)}</text>")  # fmt: skip
