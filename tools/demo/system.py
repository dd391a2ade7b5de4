# SPDX-License-Identifier: BSD-2-Clause
"""The final system, running: net server and TCP server on a machine, and real clients of it.

    with System(build) as system:
        system.counters()["echoes"]
        with Load(build, system.echo, "--connections", "16") as load: ...

The machine's ports are forwarded from free ports of 127.0.0.1; or it is at the other end of a tap
device, where it has its own address. What always holds: when the `with` block of a system or of
clients is left, in whatever way, they have ended. Read next: tools/emulator/process.py,
tools/load/main.cpp, user/tcpsrv/site.hpp.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.machine import Machine, check, check_files  # noqa: E402
from emulator.network import Forward, Network, forwarded  # noqa: E402
from emulator.process import Process, bound_to_this_process  # noqa: E402
from emulator.qmp import MonitorError  # noqa: E402

ECHO, HTTP = 7, 80
ON_TAP = "10.0.2.15"  # by DHCP: tools/net/namespace.sh
MEMORY = "256M"
PATIENCE = 60.0  # seconds for a boot, on a busy computer
LAST_LINES = 12


class Failure(Exception):
    """The system does not run, or is not as it must be: a sentence, or some lines."""


class Build(NamedTuple):
    """What was built: `folder` has kernel.elf and user/net-root.elf."""

    qemu: str
    firmware: str
    load: str
    folder: str


class Address(NamedTuple):
    """Where something can be reached."""

    host: str
    port: int


def machine(build: Build, harts: int, end: str, ports: tuple[int, int] = (0, 0)) -> Machine:
    """The machine; `ports` are those that lead to echo and HTTP, 0 for any that is free."""
    forwards = (Forward(ports[0], ECHO), Forward(ports[1], HTTP)) if end == "user" else ()
    made = Machine(
        qemu=build.qemu, firmware=build.firmware, harts=harts, memory=MEMORY,
        kernel=f"{build.folder}/kernel.elf", initrd=f"{build.folder}/user/net-root.elf",
        network=Network(end, forwards),
    )  # fmt: skip
    check(made.qemu)
    check_files(made)
    return made


def addresses(process: Process, end: str) -> tuple[Address, Address]:
    """Where echo and HTTP of a running machine are."""
    if end != "user":
        return Address(ON_TAP, ECHO), Address(ON_TAP, HTTP)
    try:
        with process.monitor() as monitor:
            echo, http = (forward.host for forward in forwarded(monitor))
    except (MonitorError, ValueError) as error:
        process.stop()
        said = process.child.stderr.read().decode(errors="replace").strip()
        raise Failure(said or f"the forwarded ports are not known ({error})") from error
    return Address("127.0.0.1", echo), Address("127.0.0.1", http)


class Pages:
    """One connection to the HTTP server, for one page after the other."""

    def __init__(self, address: Address) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=PATIENCE)

    def fetch(self, path: str) -> bytes:
        """The body of a page."""
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Failure(f"{path}: {error or type(error).__name__}") from error
        if answer.status != http.client.OK:
            raise Failure(f"{path}: {answer.status} {answer.reason}")
        return body

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def wait_until_served(pages: Pages, lives: Callable[[], bool]) -> None:
    """Returns when pages are answered."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            pages.fetch("/counters")
            return
        except Failure:
            if not lives() or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class System:
    """A machine that was booted and serves; its console is kept."""

    def __init__(self, build: Build, harts: int = 4, end: str = "user") -> None:
        self._cleanup = contextlib.ExitStack()
        self._process = self._cleanup.enter_context(
            Process(machine(build, harts, end).command()))  # fmt: skip
        self._console = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._cleanup.callback(self._stop)
        try:
            self.echo, self.http = addresses(self._process, end)
            self._pages = self._cleanup.enter_context(contextlib.closing(Pages(self.http)))
            wait_until_served(self._pages, self.lives)
        except BaseException as error:
            self.__exit__()
            if isinstance(error, Failure):
                told = f"the system does not serve: {error}\n{self.last_words()}"
                raise Failure(told) from error
            raise

    def __enter__(self) -> "System":
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def lives(self) -> bool:
        """Whether the machine runs."""
        return self._process.child.poll() is None

    def last_words(self) -> str:
        """The end of the console."""
        lines = self._console.decode(errors="replace").splitlines()
        return "\n".join(f"| {line}" for line in lines[-LAST_LINES:])

    def name(self) -> str:
        """Which system that is, as it says itself."""
        return str(self._counters()["system"])

    def counters(self) -> dict[str, int]:
        """What the system has counted. The request itself is one of it."""
        return {name: value for name, value in self._counters().items() if isinstance(value, int)}

    def processor_seconds(self) -> float:
        """How long the emulator has computed, on all processors together."""
        text = Path(f"/proc/{self._process.child.pid}/stat").read_text()
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _counters(self) -> dict:
        return json.loads(self._pages.fetch("/counters"))

    def _stop(self) -> None:
        self._process.stop()
        self._reader.join()

    def _read(self) -> None:
        while data := self._process.child.stdout.read1(65536):
            self._console += data


class Load:
    """rel4-load, running: real clients of an address."""

    def __init__(self, build: Build, address: Address, *arguments: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rel4-load-")
        self._figures = Path(self._folder.name) / "figures.json"
        self._child = subprocess.Popen(
            [*bound_to_this_process(), build.load, address.host, str(address.port), "--quiet",
             "--json", str(self._figures), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, *_: object) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        self._child.stdout.close()
        self._folder.cleanup()

    def ended(self) -> bool:
        """Whether it has come to its end."""
        return self._child.poll() is not None

    def figures(self) -> dict:
        """Waits for the end: all that was measured. Raises Failure if something was wrong."""
        said = self._child.communicate()[0].strip()
        if self._child.returncode != 0:
            raise Failure(said or f"rel4-load ended with {self._child.returncode}")
        return json.loads(self._figures.read_text())
