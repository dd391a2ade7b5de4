# SPDX-License-Identifier: BSD-2-Clause
"""A client of QEMU's machine protocol (QMP) over a UNIX socket.

One command at a time; events that arrive in between are dropped. Everything that can go wrong
(no answer, an error answer, a closed socket) is one exception, MonitorError, because a caller can
only do one thing about it: say that the emulator does not answer. Read next: gdbstub.py.
"""

import json
import socket
import time
from collections.abc import Callable


class MonitorError(Exception):
    """QEMU refused a command, or does not answer."""


class Monitor:
    """A connection to a running QEMU; use it in a `with` statement."""

    def __init__(
        self, path: str, patience: float = 10.0, lives: Callable[[], bool] = lambda: True
    ) -> None:
        self._socket = connect(path, patience, lives)
        self._reader = self._socket.makefile("r", encoding="utf-8")
        try:
            self._receive()
            self.execute("qmp_capabilities")
        except MonitorError:
            self.close()
            raise

    def __enter__(self) -> "Monitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; QEMU runs on."""
        self._reader.close()
        self._socket.close()

    def execute(self, command: str, **arguments: object) -> object:
        """Runs a QMP command and returns what it returns."""
        request = {"execute": command, "arguments": arguments}
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise MonitorError(f"{command}: {error}") from error
        while True:
            answer = self._receive()
            if "error" in answer:
                raise MonitorError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def human(self, command: str) -> str:
        """Runs a command of the human monitor and returns its text."""
        return str(self.execute("human-monitor-command", **{"command-line": command}))

    def _receive(self) -> dict:
        try:
            line = self._reader.readline()
            if not line:
                raise MonitorError("the emulator closed its monitor")
            return json.loads(line)
        except (OSError, ValueError) as error:
            raise MonitorError(f"the emulator's monitor does not answer ({error})") from error


def connect(
    path: str, patience: float, lives: Callable[[], bool] = lambda: True
) -> socket.socket:
    """A connection to a UNIX socket that may come into being while its maker lives."""
    deadline = time.monotonic() + patience
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(patience)
        try:
            connection.connect(path)
            return connection
        except OSError as error:
            connection.close()
            if time.monotonic() > deadline or not lives():
                raise MonitorError(f"{path}: {error}") from error
            time.sleep(0.02)
