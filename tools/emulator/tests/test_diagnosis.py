# SPDX-License-Identifier: BSD-2-Clause
"""What is said of harts that loop, trap, run and sleep."""

import unittest

from emulator.causes import describe
from emulator.diagnosis import STEPS, Hart, describe_hart, sentence
from emulator.symbols import Symbols

NOTHING = Symbols()


def hart(number: int = 0, trace: tuple[int, ...] = (), halted: bool = False, **registers: int):
    """A hart whose trace repeats the given addresses."""
    steps = [trace[step % len(trace)] for step in range(STEPS)] if trace else []
    return Hart(number, f"{number}", halted, {"pc": 0x8000, "priv": 1, **registers}, trace=steps)


class SentenceTest(unittest.TestCase):
    """The most telling hart is chosen."""

    def test_a_loop_of_traps(self) -> None:
        trapping = hart(1, (0x100, 0x104), stvec=0x101, scause=2, sepc=0x104, stval=7)
        text = sentence([hart(0, (0x10,)), trapping], NOTHING)
        self.assertEqual(text, "hart 1 loops at 0x104 (cause: illegal instruction, tval 0x7)")

    def test_a_fault_at_address_zero(self) -> None:
        text = sentence([hart(0, (0,), mtvec=0, mcause=1)], NOTHING)
        self.assertEqual(text, "hart 0 loops at 0x0 (cause: instruction access fault, tval 0x0)")

    def test_a_plain_loop(self) -> None:
        text = sentence([hart(0, halted=True), hart(1, (0x24, 0x20, 0x22))], NOTHING)
        self.assertEqual(text, "hart 1 loops at 0x20")

    def test_no_small_loop(self) -> None:
        busy = hart(0, tuple(range(0, 4 * STEPS, 4)))
        self.assertEqual(sentence([busy], NOTHING), "hart 0 runs in 0x8000")

    def test_all_asleep(self) -> None:
        text = sentence([hart(0, halted=True), hart(1, halted=True)], NOTHING)
        self.assertEqual(
            text,
            "waiting for an interrupt that does not come: hart 0 at 0x8000, hart 1 at 0x8000",
        )

    def test_harts_in_the_firmware_tell_the_least(self) -> None:
        firmware = hart(0, (0x20,), priv=3)
        text = sentence([firmware, hart(1, halted=True)], NOTHING)
        self.assertEqual(text, "waiting for an interrupt that does not come: hart 1 at 0x8000")
        self.assertEqual(sentence([firmware], NOTHING), "hart 0 loops at 0x20")


class LineTest(unittest.TestCase):
    """One line a hart."""

    def test_the_last_trap_is_told(self) -> None:
        text = describe_hart(hart(0, (0x10,), scause=13, sepc=0x20, stval=0x30), NOTHING)
        self.assertIn("hart 0: runs, privilege S, pc 0x8000, pc does not move", text)
        self.assertIn("last trap to S: load page fault at 0x20, stval 0x30", text)
        self.assertNotIn("to M", text)

    def test_sleep_is_told(self) -> None:
        self.assertIn("waits for an interrupt (WFI)", describe_hart(hart(halted=True), NOTHING))

    def test_causes(self) -> None:
        self.assertEqual(describe(1 << 63), "user software interrupt")
        self.assertEqual(describe((1 << 63) | 30), "interrupt 30")
        self.assertEqual(describe(24), "exception 24")


if __name__ == "__main__":
    unittest.main()
