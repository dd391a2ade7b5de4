# SPDX-License-Identifier: BSD-2-Clause
"""The command line that a machine becomes, and the checks before it is started."""

import os
import tempfile
import unittest
from pathlib import Path

from emulator.machine import EmulatorError, Machine, check, check_files


def following(command: list[str], option: str) -> str:
    """The value of an option."""
    return command[command.index(option) + 1]


class CommandTest(unittest.TestCase):
    """From values to options."""

    def test_harts_run_in_parallel_unless_counted(self) -> None:
        command = Machine(harts=4).command()
        self.assertEqual(following(command, "-accel"), "tcg,thread=multi")
        self.assertNotIn("-icount", command)

    def test_one_hart_has_fences(self) -> None:
        """QEMU executes none for a machine that can have one hart only."""
        self.assertEqual(following(Machine().command(), "-smp"), "1,maxcpus=2")
        self.assertEqual(following(Machine(counted=True).command(), "-smp"), "1")
        self.assertEqual(following(Machine(harts=2).command(), "-smp"), "2")

    def test_everything_counted(self) -> None:
        machine = Machine(slice_length="1..900", seed=7, stop_after=10**6)
        accelerator = following(machine.command(), "-accel")
        self.assertEqual(accelerator, "tcg,thread=single,slice=1..900,seed=7,stop-after=1000000")
        self.assertEqual(following(machine.command(), "-icount"), "shift=0,sleep=off")

    def test_boards(self) -> None:
        self.assertEqual(following(Machine(board="fpga").command(), "-M"), "virt,fpga=on")
        with self.assertRaisesRegex(EmulatorError, "board 'vax' is unknown; one of: virt, fpga"):
            Machine(board="vax")

    def test_text_for_the_guest_is_one_argument(self) -> None:
        self.assertEqual(following(Machine(append="a b").command(), "-append"), "a b")

    def test_several_counted_harts_take_short_turns(self) -> None:
        """Without --slice too: QEMU's own turns last until a timer fires."""
        several = Machine(counted=True, harts=2).command()
        self.assertIn("tcg,thread=single,slice=1000", several)
        alone = Machine(counted=True).command()
        self.assertIn("tcg,thread=single", alone)
        chosen = Machine(counted=True, harts=2, slice_length="7").command()
        self.assertIn("tcg,thread=single,slice=7", chosen)

    def test_slices_are_numbers_from_one(self) -> None:
        for wrong in ("0", "-1", "1..", "a", "1..0", "1 "):
            with self.assertRaisesRegex(EmulatorError, "neither N nor LO..HI"):
                Machine(slice_length=wrong)


class CheckTest(unittest.TestCase):
    """Binaries that are not ours."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "qemu"

    def script(self, text: str) -> str:
        """An executable file."""
        self.file.write_text(text)
        os.chmod(self.file, 0o755)
        return str(self.file)

    def test_ours(self) -> None:
        check(self.script("#!/bin/sh\necho '  uintc=<bool>'\n"))

    def test_missing(self) -> None:
        with self.assertRaisesRegex(EmulatorError, "no emulator at .*; remedy: make emulator"):
            check(str(self.file))

    def test_not_executable(self) -> None:
        self.file.write_text("")
        os.chmod(self.file, 0o644)
        if os.geteuid() == 0 or not os.access(self.file, os.X_OK):
            with self.assertRaisesRegex(EmulatorError, "no emulator at"):
                check(str(self.file))

    def test_another_qemu(self) -> None:
        with self.assertRaisesRegex(EmulatorError, "without user interrupts; remedy: make emu"):
            check(self.script("#!/bin/sh\necho '  aclint=<bool>'\n"))

    def test_a_library_is_missing(self) -> None:
        text = "#!/bin/sh\necho 'error while loading shared libraries: x.so' >&2\nexit 127\n"
        with self.assertRaisesRegex(EmulatorError, "x.so.*remedy: make setup"):
            check(self.script(text))

    def test_no_program_at_all(self) -> None:
        with self.assertRaisesRegex(EmulatorError, "does not start.*remedy: make emulator"):
            check(self.script("\x7fELF"))

    def test_files_of_the_machine(self) -> None:
        with self.assertRaisesRegex(EmulatorError, "/nowhere cannot be read; remedy:"):
            check_files(Machine(kernel="/nowhere"))
        check_files(Machine(kernel=__file__))


if __name__ == "__main__":
    unittest.main()
