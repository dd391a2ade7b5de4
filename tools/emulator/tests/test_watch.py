# SPDX-License-Identifier: BSD-2-Clause
"""Runs of small scripts that stand in for QEMU: output, limits, exit status, cleaning up."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from emulator import diagnosis
from emulator.process import Process
from emulator.watch import STOPPED_BY_WATCH, Limits, Outcome, Watch, program_has_printed

RUN = Path(__file__).resolve().parents[1] / "run.py"
BANNER = b"\nOpenSBI v1.1\n   ____\nBoot HART MEDELEG         : 0xb109\n"
SHELL = ["sh", "-c"]


def watched(script: str, limits: Limits = Limits(), **options) -> Outcome:
    """The outcome of a shell script."""
    with Process([*SHELL, script]) as process:
        return Watch(process, limits, **options).run()


class WatchTest(unittest.TestCase):
    """Ends of a run."""

    def setUp(self) -> None:
        patch = mock.patch.object(diagnosis, "PATIENCE", 0.1)
        patch.start()
        self.addCleanup(patch.stop)

    def test_output_and_status_pass_through(self) -> None:
        shown: list[bytes] = []
        outcome = watched("echo out; echo err >&2; exit 7", show=shown.append)
        self.assertEqual((outcome.status, outcome.output, outcome.errors), (7, b"out\n", b"err\n"))
        self.assertEqual(b"".join(shown), b"out\n")
        self.assertFalse(outcome.crashed)

    def test_death_by_a_signal(self) -> None:
        outcome = watched("kill -SEGV $$")
        self.assertEqual(outcome.status, 128 + signal.SIGSEGV)
        self.assertTrue(outcome.crashed)

    def test_last_words_are_heard(self) -> None:
        """It speaks and ends just when somebody asks whether it has ended."""
        with tempfile.TemporaryDirectory() as folder:
            go = Path(folder) / "go"
            script = f"until [ -e {go} ]; do sleep 0.01; done; echo last >&2; exit 3"
            with Process([*SHELL, script]) as process:

                def poll() -> int:
                    go.touch()
                    return process.child.wait()

                with mock.patch.object(process.child, "poll", poll):
                    outcome = Watch(process, Limits()).run()
        self.assertEqual((outcome.status, outcome.errors), (3, b"last\n"))

    def test_silence_is_stopped(self) -> None:
        outcome = watched("exec sleep 60", Limits(first_output=0.2, remedy="look"))
        self.assertEqual(outcome.status, STOPPED_BY_WATCH)
        self.assertRegex(outcome.report[-1], "^no output for 0.2 s: .* remedy: ")

    def test_a_banner_is_silence(self) -> None:
        script = f"printf '{BANNER.decode()}'; exec sleep 60"
        self.assertEqual(watched(script, Limits(first_output=0.2)).stopped, "no output for 0.2 s")

    def test_seconds_without_a_processor_are_no_silence(self) -> None:
        with mock.patch.object(Process, "starved", return_value=60.0):
            outcome = watched("sleep 0.5", Limits(first_output=0.2))
        self.assertEqual((outcome.status, outcome.stopped), (0, ""))

    def test_output_ends_the_watch_for_silence(self) -> None:
        outcome = watched("echo x; sleep 0.5", Limits(first_output=0.2))
        self.assertEqual((outcome.status, outcome.stopped), (0, ""))

    def test_wall_limit(self) -> None:
        outcome = watched("echo x; exec sleep 60", Limits(wall=0.2))
        self.assertEqual(outcome.stopped, "not ended after 0.2 s")

    def test_cancelled(self) -> None:
        event = threading.Event()
        event.set()
        self.assertEqual(watched("exec sleep 60", cancelled=event).stopped, "cancelled")

    def test_what_counts_as_output(self) -> None:
        for silent in (b"", b"\r\n", b"\nOpen", BANNER[:30], BANNER, BANNER + b"\r\n"):
            self.assertFalse(program_has_printed(silent), silent)
        for spoken in (b"x", b"Opera", BANNER + b"k", b"Boot HART MEDELEG\nk"):
            self.assertTrue(program_has_printed(spoken), spoken)


class CleanUpTest(unittest.TestCase):
    """Nothing is left behind."""

    def test_process_and_folder_are_gone(self) -> None:
        with Process([*SHELL, "exec sleep 60"]) as process:
            folder, child = process.folder, process.child
            self.assertTrue(os.path.isdir(folder))
        self.assertFalse(os.path.exists(folder))
        self.assertIsNotNone(child.returncode)

    def test_a_folder_with_a_long_name_is_avoided(self) -> None:
        with mock.patch.object(tempfile, "gettempdir", return_value="/" + "x" * 100):
            with Process([*SHELL, ""]) as process:
                self.assertLess(len(process.folder), 80)

    def test_a_binary_that_does_not_start(self) -> None:
        with self.assertRaises(OSError):
            with mock.patch("emulator.process.bound_to_this_process", return_value=[]):
                Process(["/nowhere"])

    def test_signals_end_the_emulator(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            with self.subTest(number), tempfile.TemporaryDirectory() as folder:
                self.check_signal(number, Path(folder))

    def check_signal(self, number: int, folder: Path) -> None:
        """Sends a signal to run.py and expects that the emulator goes with it."""
        qemu, pid_file = folder / "qemu", folder / "pid"
        qemu.write_text(
            f"#!/bin/sh\necho uintc=\ntest $2 = virt,help && exit\n"
            f"echo $$ > '{pid_file}.new'; mv '{pid_file}.new' '{pid_file}'\nexec sleep 60\n"
        )
        os.chmod(qemu, 0o755)
        command = [sys.executable, str(RUN), "--qemu", str(qemu)]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": str(folder)},
        ) as runner:  # fmt: skip
            self.assertTrue(eventually(pid_file.exists))
            runner.send_signal(number)
            status = runner.wait()
        self.assertEqual(status, -number if number == signal.SIGKILL else 128 + number)
        pid = int(pid_file.read_text())
        self.assertTrue(eventually(lambda: not running(pid)))
        if number != signal.SIGKILL:
            self.assertEqual({file.name for file in folder.iterdir()}, {"qemu", "pid"})


def running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition) -> bool:
    """Whether the condition comes true within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


if __name__ == "__main__":
    unittest.main()
