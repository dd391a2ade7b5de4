# SPDX-License-Identifier: BSD-2-Clause
"""Timelines of records that are written by hand: what each event becomes."""

import io
import json
import unittest

from trace.timeline import COROUTINES, KERNEL, PROGRAMS, RINGS, convert


def point(event: int, argument: int) -> int:
    return event << 13 | argument


def name(time: int, hart: int, text: str) -> list[str]:
    return [f"{time} {hart} P {point(6, ord(character))}\n" for character in text + "\0"]


def timeline(record: list[str]) -> list[dict[str, object]]:
    out = io.StringIO()
    convert(record, out)
    events = json.loads(out.getvalue())["traceEvents"]
    assert isinstance(events, list)
    return events


def slices(events: list[dict[str, object]], process: int, track: int) -> list[tuple[object, ...]]:
    return [(event["ts"], event["dur"], event["name"]) for event in events
            if event["ph"] == "X" and (event["pid"], event["tid"]) == (process, track)]


class Traps(unittest.TestCase):
    """From a trap to its sret the kernel runs, by its cause; in between a program, by its name."""

    RECORD = [f"1000 0 P {point(1, 7)}\n", *name(1000, 0, "hello"), "2000 0 R 0\n",
              "5000 0 E -42\n", "5001 0 T 0\n", "6000 0 R 0\n",
              "9000 0 T 0\n", f"9005 0 P {point(2, 1 << 12 | 5)}\n", "9500 0 R 0\n"]

    def test_kernel(self) -> None:
        self.assertEqual(slices(timeline(self.RECORD), 0, KERNEL),
                         [(5.001, 0.999, "park"), (9.0, 0.5, "timer")])

    def test_programs(self) -> None:
        found = slices(timeline(self.RECORD), 0, PROGRAMS)
        self.assertEqual([(start, text) for start, _, text in found],
                         [(2.0, "hello"), (6.0, "hello")])
        self.assertAlmostEqual(found[0][1], 3.001)  # type: ignore[arg-type]

    def test_what_is_open_is_closed_at_the_end(self) -> None:
        found = slices(timeline([*self.RECORD[:-1], "9400 0 S 0\n"]), 0, KERNEL)
        self.assertEqual(found[-1][2], "timer")
        self.assertAlmostEqual(found[-1][1], 0.4)  # type: ignore[arg-type]

    def test_a_line_that_was_cut_off_is_left_out(self) -> None:
        self.assertEqual(timeline([*self.RECORD, "9600 0 T"]), timeline(self.RECORD))


class Others(unittest.TestCase):
    """Coroutines, rings and interrupts."""

    def test_coroutines_have_a_track_for_each_thread(self) -> None:
        events = timeline([f"100 0 P {point(1, 7)}\n", f"200 0 P {point(3, 2)}\n",
                           f"300 0 P {point(4, 0)}\n", f"400 0 P {point(1, 8)}\n",
                           f"500 0 P {point(3, 1)}\n", f"550 0 P {point(4, 0)}\n"])
        self.assertEqual(slices(events, COROUTINES, 7), [(0.2, 0.1, "priority 2")])
        found = slices(events, COROUTINES, 8)
        self.assertEqual([(start, text) for start, _, text in found], [(0.5, "priority 1")])

    def test_a_thread_that_is_interrupted_goes_on_with_its_coroutine(self) -> None:
        events = timeline([f"100 0 P {point(1, 7)}\n", f"200 0 P {point(3, 2)}\n",
                           f"250 0 P {point(1, 8)}\n", f"400 1 P {point(1, 7)}\n",
                           f"500 1 P {point(4, 0)}\n"])
        self.assertEqual(slices(events, COROUTINES, 7), [(0.2, 0.3, "priority 2")])

    def test_rings_are_counters(self) -> None:
        events = timeline([f"50 0 P {point(1, 7)}\n", *name(60, 0, "client"),
                           f"100 0 P {point(5, 3 << 9 | 17)}\n"])
        counters = [event for event in events if event["ph"] == "C"]
        self.assertEqual([(event["pid"], event["name"], event["args"]) for event in counters],
                         [(RINGS, "client: ring 3", {"lines": 17})])

    def test_interrupts_are_instants(self) -> None:
        events = timeline(["100 1 S 0\n", "200 0 U 0\n", f"300 1 P {point(7, 0)}\n"])
        instants = [(event["pid"], event["ts"], event["name"]) for event in events
                    if event["ph"] == "i"]
        self.assertEqual(instants, [(1, 0.1, "send"), (0, 0.2, "user interrupt"),
                                    (1, 0.3, "send")])

    def test_counts(self) -> None:
        counts = convert(["100 0 T 0\n", "200 0 S 0\n", "300 0 S 0\n"], io.StringIO())
        self.assertEqual(counts, {"traps": 1, "sends": 2})


if __name__ == "__main__":
    unittest.main()
