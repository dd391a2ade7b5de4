# SPDX-License-Identifier: BSD-2-Clause
"""Tests of figures: reading, targets, the table and the JSON file."""

import json
import tempfile
import unittest
from pathlib import Path

from bench import figures
from bench.figures import Figure, FiguresError

CONFIG = {"toolchain": "llvm", "profile": "sel4", "fastpath": 1}
LINE = "figure sync.yield value={} least=1 greatest=9 samples=3"


def console(*lines):
    return "OpenSBI\r\n" + "".join(f"{line}\r\n" for line in lines)


class ReadTest(unittest.TestCase):
    """What a guest says."""

    def test_a_figure_has_its_own_settings_too(self):
        found = figures.read(console(LINE.format(150) + " spaces=2 part=call", "end of figures"),
                             CONFIG)  # fmt: skip
        self.assertEqual(
            [Figure("sync.yield", 150, {**CONFIG, "spaces": 2, "part": "call"})], found
        )

    def test_a_figure_that_is_missing_is_an_error(self):
        with self.assertRaisesRegex(FiguresError, "sync.send was not measured: no receiver"):
            figures.read(console("missing sync.send: no receiver", "end of figures"), CONFIG)

    def test_a_machine_that_stops_early_is_an_error(self):
        with self.assertRaisesRegex(FiguresError, "stopped before"):
            figures.read(console(LINE.format(150)), CONFIG)


class TargetTest(unittest.TestCase):
    """Targets speak of figures with their settings only."""

    def test_a_target_is_found_by_its_settings(self):
        figure = Figure("sync.yield", 150, CONFIG)
        self.assertEqual((472, 250), figures.target_of(figure)[2:4])
        self.assertIsNone(figures.target_of(Figure("sync.yield", 150, {"fastpath": 0})))

    def test_a_target_without_a_figure_is_missing(self):
        absent = [target.name for target in figures.missing([Figure("sync.yield", 1, CONFIG)])]
        self.assertNotIn("sync.yield", absent)
        self.assertIn("sync.send", absent)

    def test_misses_are_marked(self):
        text = "\n".join(figures.table([Figure("sync.yield", 251, CONFIG)]))
        self.assertIn("MISSED", text)
        text = "\n".join(figures.table([Figure("sync.yield", 250, CONFIG)]))
        self.assertNotIn("MISSED", text)


class WriteTest(unittest.TestCase):
    """The JSON file."""

    def test_entries_have_anchor_target_and_settings(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench/sync.json"
            figures.write(path, [Figure("sync.yield", 150, CONFIG)])
            self.assertEqual(
                [{"name": "sync.yield", "value": 150, "unit": "instructions", "anchor": 472,
                  "target": 250, "config": CONFIG}],
                json.loads(path.read_text(encoding="utf-8")),
            )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
