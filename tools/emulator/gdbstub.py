# SPDX-License-Identifier: BSD-2-Clause
"""A small client of QEMU's gdb server: registers by name, threads, single steps.

The remote protocol of gdb: `$payload#checksum`, payload in hexadecimal where it is binary. Register
numbers come from the target description that QEMU sends, so a CSR that this QEMU does not have
is just absent. Connecting stops the machine; `resume` lets it run until `interrupt`.
Read next: diagnosis.py.
"""

import contextlib
import re

from .qmp import MonitorError, connect

INCLUDE = re.compile(r'<xi:include href="([^"]+)"')
REGISTER = re.compile(r"<reg ([^>]*?)/?>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Stub:
    """A connection to a gdb server; a thread is one hart."""

    def __init__(self, path: str, patience: float = 10.0) -> None:
        self._socket = connect(path, patience)
        self._buffer = b""
        try:
            self._greet()
            self.numbers = self._register_numbers()
        except MonitorError:
            self.close()
            raise

    def __enter__(self) -> "Stub":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self._socket.close()

    def threads(self) -> list[str]:
        """The names of all threads, in the order of the harts."""
        names: list[str] = []
        answer = self.ask("qfThreadInfo")
        while answer.startswith("m"):
            names += answer[1:].split(",")
            answer = self.ask("qsThreadInfo")
        return names

    def halted(self, thread: str) -> bool:
        """Whether the hart waits for an interrupt (WFI)."""
        text = bytes.fromhex(self.ask(f"qThreadExtraInfo,{thread}"))
        return b"halted" in text

    def registers(self, thread: str, names: tuple[str, ...]) -> dict[str, int]:
        """The values of those registers that this hart has and shows."""
        self.ask(f"Hg{thread}")
        values = {}
        for name in names:
            if name not in self.numbers:
                continue
            value = number(self.ask(f"p{self.numbers[name]:x}"))
            if value is not None:
                values[name] = value
        return values

    def physical(self, address: int, size: int) -> int | None:
        """A little-endian number in physical memory, devices included."""
        self.ask("Qqemu.PhyMemMode:1")
        answer = self.ask(f"m{address:x},{size:x}")
        self.ask("Qqemu.PhyMemMode:0")
        return number(answer)

    def read(self, address: int, size: int) -> bytes:
        """Memory as the current hart sees it."""
        return bytes.fromhex(self.ask(f"m{address:x},{size:x}"))

    def write(self, address: int, data: bytes) -> None:
        """Changes memory, code included."""
        self.ask(f"M{address:x},{len(data):x}:{data.hex()}")

    def step(self, thread: str) -> None:
        """Lets this hart alone execute one instruction."""
        self.ask(f"vCont;s:{thread}")

    def resume(self) -> None:
        """Lets the machine run."""
        self._send("vCont;c")

    def interrupt(self) -> None:
        """Stops the machine again."""
        self._socket.sendall(b"\x03")
        self._receive()

    def run_to(self, address: int) -> None:
        """Lets the machine run until a hart comes to the address; it has not executed it yet."""
        self.ask(f"Z1,{address:x},4")
        self.ask("vCont;c")
        self.ask(f"z1,{address:x},4")

    def ask(self, request: str) -> str:
        """Sends a request and returns its answer; empty if QEMU does not know it."""
        self._send(request)
        return self._receive()

    def _send(self, payload: str) -> None:
        data = payload.encode()
        try:
            self._socket.sendall(b"$%b#%02x" % (data, sum(data) & 0xFF))
        except OSError as error:
            raise MonitorError(f"the emulator's gdb server is gone ({error})") from error

    def _receive(self) -> str:
        while b"#" not in self._buffer or len(self._buffer) < self._buffer.index(b"#") + 3:
            try:
                received = self._socket.recv(65536)
            except OSError as error:
                raise MonitorError(f"the gdb server does not answer ({error})") from error
            if not received:
                raise MonitorError("the emulator closed its gdb server")
            self._buffer += received
        packet, _, rest = self._buffer.partition(b"#")
        self._buffer = rest[2:]
        self._acknowledge()
        return packet.partition(b"$")[2].decode(errors="replace")

    def _acknowledge(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(b"+")

    def document(self, name: str) -> str:
        """One document of the target description."""
        text = ""
        while True:
            answer = self.ask(f"qXfer:features:read:{name}:{len(text):x},800")
            text += answer[1:]
            if not answer.startswith("m"):
                return text

    def _greet(self) -> None:
        """Opens the conversation; a machine that ran announces first that it stopped.

        Single steps are to take interrupts, so that a storm of them can be seen.
        """
        answer = self.ask("qSupported:xmlRegisters=riscv")
        while "PacketSize" not in answer:
            answer = self._receive()
        self.ask("Qqemu.sstep:1")

    def _register_numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        following = 0
        for document in INCLUDE.findall(self.document("target.xml")):
            for register in REGISTER.findall(self.document(document)):
                attributes = dict(ATTRIBUTE.findall(register))
                following = int(attributes.get("regnum", following))
                numbers[attributes["name"]] = following
                following += 1
        return numbers


def number(answer: str) -> int | None:
    """A little-endian hexadecimal answer as a number; None for an error."""
    try:
        return int.from_bytes(bytes.fromhex(answer), "little") if answer else None
    except ValueError:
        return None
