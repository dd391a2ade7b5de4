# SPDX-License-Identifier: BSD-2-Clause
# @stage{7}
"""The DHCP server: messages as bytes, and a machine that asks over a tap device."""

import struct
import subprocess
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER))

from dhcp import COOKIE, HEADER, answer, options_of  # noqa: E402

HARDWARE = bytes.fromhex("525400123456") + bytes(10)
# A machine: sends the frame that it is given to tap0 until it is answered, and shows the answer.
MACHINE = """
import fcntl, os, select, struct, sys
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", b"tap0", 0x1002))
frame = b""
while frame[36:38] != b"\\0\\x44":  # UDP port 68
    os.write(tap, bytes.fromhex(sys.argv[1]))
    while select.select([tap], [], [], 0.1)[0] and frame[36:38] != b"\\0\\x44":
        frame = os.read(tap, 2000)
print(frame[42:].hex())
"""


def message(kind: int, operation: int = 1, cookie: bytes = COOKIE) -> bytes:
    """What a client sends."""
    head = HEADER.pack(operation, 1, 6, 0, 0x12345678, 3, 0x8000, *4 * [bytes(4)], HARDWARE, cookie)
    return head + bytes([0, 12, 2, 65, 66, 53, 1, kind, 255])


def frame(payload: bytes) -> bytes:
    """A broadcast from nowhere to the server's port; a UDP checksum of 0 is none."""
    udp = struct.pack("!4H", 68, 67, 8 + len(payload), 0) + payload
    head = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                                 bytes(4), b"\xff" * 4))  # fmt: skip
    total = sum(struct.unpack("!10H", head))
    head[10:12] = struct.pack("!H", 0xFFFF - (total & 0xFFFF) - (total >> 16))
    return b"\xff" * 6 + HARDWARE[:6] + b"\x08\x00" + bytes(head) + udp


class AnswerTest(unittest.TestCase):
    """Answers to messages."""

    def check(self, reply: bytes | None, kind: int) -> None:
        """It is of this kind, for this client, and complete."""
        self.assertIsNotNone(reply)
        fields = HEADER.unpack(reply[: HEADER.size])
        self.assertEqual(fields[:4], (2, 1, 6, 0))
        self.assertEqual((fields[4], fields[6], fields[11]), (0x12345678, 0x8000, HARDWARE))
        self.assertEqual(fields[8], bytes([10, 0, 2, 15]))
        self.assertEqual(
            options_of(reply[HEADER.size :]),
            {53: bytes([kind]), 54: bytes([10, 0, 2, 2]), 51: b"\xff" * 4,
             1: bytes([255, 255, 255, 0]), 3: bytes([10, 0, 2, 2])},
        )  # fmt: skip

    def test_a_client_is_offered_and_granted_the_address(self) -> None:
        self.check(answer(message(1)), 2)
        self.check(answer(message(3)), 5)

    def test_what_is_not_answered(self) -> None:
        whole = message(1)
        wrong = [message(7), message(1, operation=2), message(1, cookie=bytes(4)), whole[:-2]]
        for data in (*wrong, *(whole[:length] for length in range(0, HEADER.size, 13))):
            self.assertIsNone(answer(data))

    def test_a_machine_on_the_tap_device(self) -> None:
        namespace = str(FOLDER / "namespace.sh")
        check = subprocess.run([namespace, "--check"], capture_output=True, text=True, check=False)
        if check.returncode != 0:
            self.skipTest(check.stderr)
        ran = subprocess.run(
            [namespace, "python3", "-c", MACHINE, frame(message(1)).hex()],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        self.check(bytes.fromhex(ran.stdout), 2)


if __name__ == "__main__":
    unittest.main()
