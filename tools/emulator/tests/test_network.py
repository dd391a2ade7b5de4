# SPDX-License-Identifier: BSD-2-Clause
"""Networks as QEMU's options, and the ports that QEMU says it forwards."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from emulator.machine import Machine
from emulator.network import DEVICE, Forward, Network, NetworkError, forwarded
from emulator.qmp import Monitor
from emulator.tests.server import serving

RUN = Path(__file__).resolve().parents[1] / "run.py"
USERNET = (
    "Hub -1 (n0):\r\n"
    "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n"
    "  TCP[ESTABLISHED]   14       127.0.0.1 36759       10.0.2.15     7     0     0\r\n"
    "  TCP[HOST_FORWARD]  11       127.0.0.1 36759       10.0.2.15    80     0     0\r\n"
    "  UDP[236 sec]       12               * 68           10.0.2.2    67     0     0\r\n"
    "  TCP[HOST_FORWARD]  10       127.0.0.1  8007       10.0.2.15     7     0     0\r\n"
)


def monitor(connection: socket.socket) -> None:
    """A monitor that has one answer to every command."""
    with connection.makefile("rw") as stream:
        stream.write('{"QMP": {}}\n')
        stream.flush()
        for _ in stream:
            stream.write(json.dumps({"return": USERNET}) + "\n")
            stream.flush()


class NetworkTest(unittest.TestCase):
    """From values to options."""

    def test_without_a_network_there_is_no_card(self) -> None:
        self.assertNotIn("virtio-net-device", " ".join(Machine().command()))

    def test_user(self) -> None:
        network = Network("user", (Forward.of("80"), Forward.of("8007:7")))
        rules = "hostfwd=tcp:127.0.0.1:0-:80,hostfwd=tcp:127.0.0.1:8007-:7"
        self.assertEqual(network.arguments(), ["-netdev", f"user,id=n0,{rules}", *DEVICE])
        self.assertEqual(Network("user").arguments()[1], "user,id=n0")
        command = Machine(network=network, extra=("-S",)).command()
        self.assertIn(" ".join(network.arguments()), " ".join(command))
        self.assertEqual(command[-1], "-S")

    def test_tap(self) -> None:
        self.assertEqual(
            Network("tap:tap0").arguments()[:2],
            ["-netdev", "tap,id=n0,ifname=tap0,script=no,downscript=no,vnet_hdr=on"],
        )

    def test_script(self) -> None:
        self.assertEqual(
            Network("script:a/b.txt,stop=on").arguments()[:2],
            ["-object", "rel4-net-script,id=n0,file=a/b.txt,stop=on"],
        )

    def test_unknown_networks(self) -> None:
        taps = ("tap", "tap:", "tap:a,b", "tap:" + 16 * "x")
        for wrong in ("", "users", "user:x", *taps, "script:"):
            with self.assertRaisesRegex(NetworkError, "is unknown; one of: user, tap:NAME, scr"):
                Network(wrong)

    def test_forwards(self) -> None:
        self.assertEqual(Forward.of("7"), Forward(0, 7))
        self.assertEqual(Forward.of("0:65535"), Forward(0, 65535))
        self.assertEqual(Forward.of("8080:80"), Forward(8080, 80))
        for wrong in ("", "0", "x", "65536", "65536:1", ":1", "1:", "-1", "1:2:3", " 1"):
            with self.assertRaisesRegex(NetworkError, "neither GUESTPORT nor HOSTPORT:GUESTPORT"):
                Forward.of(wrong)

    def test_only_the_user_mode_network_forwards(self) -> None:
        with self.assertRaisesRegex(NetworkError, "remedy: --net user"):
            Network("tap:tap0", (Forward(0, 7),))

    def test_what_qemu_says(self) -> None:
        """Listening ports only, by the guest's."""
        with serving(monitor) as path, Monitor(path) as connection:
            self.assertEqual(forwarded(connection), [Forward(8007, 7), Forward(36759, 80)])


class RunTest(unittest.TestCase):
    """The command, with scripts that stand in for QEMU."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.qemu = Path(folder.name) / "qemu"

    def run_with(self, script: str, *arguments: str) -> subprocess.CompletedProcess:
        """Runs the command with a QEMU that is this script, in Python."""
        self.qemu.write_text(
            f"#!{sys.executable}\nimport json, socket, sys\n"
            f"if sys.argv[2] == 'virt,help':\n    print('uintc=')\n    sys.exit()\n{script}"
        )
        os.chmod(self.qemu, 0o755)
        return subprocess.run(
            [sys.executable, str(RUN), "--qemu", str(self.qemu), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip

    def test_ports_are_told_before_the_guest_speaks(self) -> None:
        script = f"""print("guest", flush=True)
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[sys.argv.index("-qmp") + 1][len("unix:"):].split(",")[0])
server.listen()
stream = server.accept()[0].makefile("rw")
print(json.dumps({{"QMP": {{}}}}), file=stream, flush=True)
for _ in stream:
    print(json.dumps({{"return": {USERNET!r}}}), file=stream, flush=True)
"""
        ran = self.run_with(script, "--net", "user", "--forward", "80", "--forward", "8007:7")
        self.assertEqual(
            ran.stdout,
            "emulator: 127.0.0.1:8007 leads to the guest's port 7\n"
            "emulator: 127.0.0.1:36759 leads to the guest's port 80\nguest\n",
        )
        self.assertEqual(ran.returncode, 0)

    def test_a_port_that_is_taken(self) -> None:
        """QEMU's own words are passed on, and so is its status."""
        script = "print('could not set up', file=sys.stderr)\nsys.exit(1)\n"
        ran = self.run_with(script, "--net", "user", "--forward", "8007:7")
        self.assertEqual((ran.returncode, ran.stdout), (1, "could not set up\n"))

    def test_options_that_contradict_each_other(self) -> None:
        ran = self.run_with("", "--forward", "7")
        self.assertEqual(ran.returncode, 122)
        self.assertRegex(ran.stdout, "^emulator: network '' is unknown; one of: user, tap")


if __name__ == "__main__":
    unittest.main()
