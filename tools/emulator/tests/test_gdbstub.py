# SPDX-License-Identifier: BSD-2-Clause
"""The client of the gdb server: packets in pieces, register numbers, threads, errors."""

import socket
import unittest

from emulator.gdbstub import Stub
from emulator.qmp import MonitorError
from emulator.tests.server import serving

TARGET = '<target><xi:include href="core.xml"/><xi:include href="csr.xml"/></target>'
CORE = '<feature><reg name="zero" bitsize="64"/><reg name="pc" bitsize="64"/></feature>'
CSR = '<feature><reg name="scause" regnum="400"/><reg name="stval"/></feature>'
ANSWERS = {
    "qSupported:xmlRegisters=riscv": "PacketSize=1000",
    "qXfer:features:read:target.xml:0,800": "m" + TARGET[:40],
    "qXfer:features:read:target.xml:28,800": "l" + TARGET[40:],
    "qXfer:features:read:core.xml:0,800": "l" + CORE,
    "qXfer:features:read:csr.xml:0,800": "l" + CSR,
    "qfThreadInfo": "m01",
    "qsThreadInfo": "m02",
    "qThreadExtraInfo,01": b"CPU#0 [running]".hex(),
    "qThreadExtraInfo,02": b"CPU#1 [halted ]".hex(),
    "p1": "0002008000000000",
    "p190": "0d00000000000000",
    "p191": "E14",
    "m200bff8,8": "0100000000000000",
}


def talk(connection: socket.socket) -> None:
    """A gdb server that first says that it stopped, and cuts its packets in two."""
    send(connection, "T02thread:01;")
    threads = 0
    for request in packets(connection):
        answer = ANSWERS.get(request, "OK" if request[0] in "HQ" else "")
        if request == "qsThreadInfo":
            threads += 1
            answer = "m02" if threads == 1 else "l"
        send(connection, answer)


def send(connection: socket.socket, payload: str) -> None:
    """One packet in two pieces."""
    packet = f"${payload}#{sum(payload.encode()) & 255:02x}".encode()
    connection.sendall(packet[:-1])
    connection.sendall(packet[-1:])


def packets(connection: socket.socket):
    """The payloads that arrive."""
    data = b""
    while received := connection.recv(1000):
        data += received
        while b"#" in data and len(data) >= data.index(b"#") + 3:
            packet, _, rest = data.partition(b"#")
            data = rest[2:]
            yield packet.partition(b"$")[2].decode()


class StubTest(unittest.TestCase):
    """A conversation with a server of two harts."""

    def test_registers_by_name(self) -> None:
        with serving(talk) as path, Stub(path) as stub:
            self.assertEqual(stub.numbers, {"zero": 0, "pc": 1, "scause": 400, "stval": 401})
            values = stub.registers("01", ("pc", "scause", "stval", "ucause"))
            self.assertEqual(values, {"pc": 0x80000200, "scause": 13})

    def test_threads_and_sleep(self) -> None:
        with serving(talk) as path, Stub(path) as stub:
            self.assertEqual(stub.threads(), ["01", "02"])
            self.assertFalse(stub.halted("01"))
            self.assertTrue(stub.halted("02"))

    def test_physical_memory(self) -> None:
        with serving(talk) as path, Stub(path) as stub:
            self.assertEqual(stub.physical(0x200BFF8, 8), 1)
            self.assertIsNone(stub.physical(0, 8))

    def test_silence(self) -> None:
        with serving(lambda connection: connection.recv(1)) as path:
            with self.assertRaisesRegex(MonitorError, "does not answer"):
                Stub(path, 0.1)


if __name__ == "__main__":
    unittest.main()
