# SPDX-License-Identifier: BSD-2-Clause
# @stage{7}
"""Commands in a network of their own. What this machine cannot do is skipped, and it says so."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

NAMESPACE = Path(__file__).resolve().parents[1] / "namespace.sh"
# Takes the tap device, and shows the first frame that a packet to 10.0.2.15 makes: who has it?
ASK = """
import fcntl, os, socket, struct
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", b"tap0", 0x1002))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("10.0.2.15", 9))
frame = os.read(tap, 2000)
print(frame[12:14].hex(), socket.inet_ntoa(frame[28:32]), socket.inet_ntoa(frame[38:42]))
"""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs the script."""
    return subprocess.run(
        [str(NAMESPACE), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


class NamespaceTest(unittest.TestCase):
    """Commands that run in one."""

    def setUp(self) -> None:
        check = run("--check")
        if check.returncode != 0:
            self.skipTest(check.stdout)

    def test_there_are_a_loopback_and_a_tap_device(self) -> None:
        ran = run("ip", "-brief", "-4", "address")
        self.assertRegex(ran.stdout, r"lo +\S+ +127\.0\.0\.1/8")
        self.assertRegex(ran.stdout, r"tap0 +\S+ +10\.0\.2\.2/24")
        self.assertEqual(len(ran.stdout.splitlines()), 2)

    def test_packets_come_out_of_the_tap_device(self) -> None:
        self.assertEqual(run("python3", "-c", ASK).stdout, "0806 10.0.2.2 10.0.2.15\n")

    def test_arguments_and_status_pass_through(self) -> None:
        ran = run("sh", "-c", 'echo "$1"; exit 7', "sh", "a  b")
        self.assertEqual((ran.stdout, ran.returncode), ("a  b\n", 7))

    def test_nothing_is_left_outside(self) -> None:
        before = os.listdir("/sys/class/net")
        run("true")
        self.assertEqual(os.listdir("/sys/class/net"), before)


class CannotTest(unittest.TestCase):
    """Machines that cannot."""

    def test_no_namespaces(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            unshare = Path(folder) / "unshare"
            unshare.write_text("#!/bin/sh\necho 'Operation not permitted' >&2\nexit 1\n")
            unshare.chmod(0o755)
            ran = run("--check", PATH=f"{folder}:{os.environ['PATH']}")
        self.assertRegex(ran.stdout, r"no namespaces \(Operation not permitted\); remedy: sudo")
        self.assertEqual(ran.returncode, 125)

    def test_no_command(self) -> None:
        self.assertEqual(run().returncode, 125)


if __name__ == "__main__":
    unittest.main()
