# SPDX-License-Identifier: BSD-2-Clause
"""When a machine is looked at again, and names of what it was doing. Scripts stand in for QEMU."""

import tempfile
import time
import unittest
from pathlib import Path

from emulator import explain, run
from emulator.places import LONGEST_NAME, Program, plain_name, program_at
from emulator.process import Process

BUSY = "while :; do :; done"


class RunForTest(unittest.TestCase):
    """How long a machine runs before it is looked at."""

    def ran(self, script: str, seconds: float, text: bytes = b"") -> Process:
        """Afterwards."""
        process = self.enterContext(Process(["sh", "-c", script]))
        explain.run_for(process, seconds, explain.drain(process, text))
        return process

    def test_so_much_processor_time(self) -> None:
        process = self.ran(BUSY, 0.2)
        used = explain.processor_time(process.child.pid)
        self.assertGreaterEqual(used, 0.2)
        self.assertLess(used, explain.LONGEST / 2)

    def test_the_time_counts_from_a_text_on(self) -> None:
        """The text may come in pieces."""
        script = f"i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; printf be; printf gin; {BUSY}"
        process = self.ran(script, 0.1, b"begin")
        self.assertGreater(explain.processor_time(process.child.pid), 0.1)

    def test_nothing_is_done_any_more(self) -> None:
        start = time.monotonic()
        self.ran("exec sleep 60", 5)
        self.assertLess(time.monotonic() - start, 30)

    def test_it_has_ended(self) -> None:
        process = self.ran("exit 3", 5)
        self.assertEqual(process.child.wait(), 3)

    def test_a_debugger_is_given_a_machine_without_a_last_instruction(self) -> None:
        """QEMU ends one that has, at the first breakpoint."""
        arguments = ["--counted", "--stop-after", "5"]
        self.assertEqual(run.machine_of(run.parse(arguments)).stop_after, 5)
        self.assertEqual(run.machine_of(run.parse([*arguments, "--gdb"])).stop_after, 0)


class PlacesTest(unittest.TestCase):
    """Names, and which program is at an address."""

    def test_names_without_parameters(self) -> None:
        for name, plain in (
            ("RunQueue::remove(Tcb&)", "RunQueue::remove"),
            ("(anonymous namespace)::work(int)", "work"),
            ("a::(anonymous namespace)::B::c", "a::B::c"),
            ("operator()(int)", "operator()(int)"),
            ("x" * 500, "x" * LONGEST_NAME),
            ("", ""),
        ):
            self.assertEqual(plain_name(name), plain)

    def test_the_program_whose_code_is_there(self) -> None:
        first = Program(Path("a"), ((0x1000, b"abcdef"),))
        second = Program(Path("b"), ((0x1000, b"abcxef"),))
        self.assertEqual(program_at([first, second], 0x1002, b"cxe"), second)
        self.assertIsNone(program_at([first, second], 0x1002, b"czz"))
        self.assertIsNone(program_at([first, second], 0x2000, b"abc"))

    def test_a_file_that_is_no_program(self) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"nothing")
            file.flush()
            self.assertEqual(Program.read(Path(file.name)).code, ())
        self.assertEqual(Program.read(Path("/nowhere")).code, ())


if __name__ == "__main__":
    unittest.main()
