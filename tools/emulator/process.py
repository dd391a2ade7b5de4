# SPDX-License-Identifier: BSD-2-Clause
"""One running QEMU: its process, its private folder with sockets, its console.

What always holds: when the `with` block is left, in whatever way, the process has ended (stopped
by its own id), the folder is gone and the terminal is as it was before. If this program itself is
killed, the kernel ends QEMU. QEMU reads the keyboard only if standard input is a terminal and
the caller wants it. Read next: watch.py.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence

from .qmp import Monitor

LONGEST_FOLDER = 80  # the path of a UNIX socket has at most 107 bytes


class Process:
    """A QEMU that was started; use it in a `with` statement.

    `debugger` is the path of a socket, empty for one of our own: the machine then waits there for
    gdb before its first instruction. `descriptors` of this process are QEMU's too.
    """

    def __init__(
        self, command: Sequence[str], keyboard: bool = False, debugger: str | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.keyboard = keyboard and has_keyboard()
        self._cleanup = contextlib.ExitStack()
        with contextlib.ExitStack() as undo:
            self.folder = undo.enter_context(private_folder())
            self.debugger = f"{self.folder}/gdb" if debugger == "" else debugger
            self.command = [*command, *self._console(), *self._sockets()]
            stdin = undo.enter_context(terminal() if self.keyboard else silence())
            self.child = subprocess.Popen(
                [*bound_to_this_process(), *self.command],
                stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=not self.keyboard, pass_fds=descriptors,
            )  # fmt: skip
            self._cleanup = undo.pop_all()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.child.stdout.close()
            self.child.stderr.close()
            self._cleanup.close()

    def monitor(self, patience: float = 10.0) -> Monitor:
        """A connection to QEMU's monitor; QEMU takes one at a time."""
        return Monitor(f"{self.folder}/qmp", patience, lambda: self.child.poll() is None)

    def stop(self) -> None:
        """Ends QEMU if it still runs: politely, and after two seconds for certain."""
        if self.child.poll() is not None:
            return
        self.child.terminate()
        try:
            self.child.wait(2)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def starved(self) -> float:
        """The seconds that QEMU wanted to run but the host's processors were busy elsewhere."""
        longest = 0
        with contextlib.suppress(OSError, ValueError, IndexError):
            for thread in os.listdir(f"/proc/{self.child.pid}/task"):
                with open(f"/proc/{self.child.pid}/task/{thread}/schedstat", "rb") as file:
                    longest = max(longest, int(file.read().split()[1]))
        return longest / 1e9

    def _console(self) -> list[str]:
        if self.keyboard:
            return ["-serial", "mon:stdio"]
        return ["-serial", "stdio", "-monitor", "none"]

    def _sockets(self) -> list[str]:
        arguments = ["-qmp", f"unix:{self.folder}/qmp,server=on,wait=off"]
        if self.debugger is not None:
            arguments += ["-S", "-gdb", f"unix:{self.debugger},server=on,wait=off"]
        return arguments


def has_keyboard() -> bool:
    """Whether standard input is a terminal that this program may read now."""
    return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


def bound_to_this_process() -> list[str]:
    """A prefix of a command that lets the kernel end it when this process dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


@contextlib.contextmanager
def private_folder() -> Iterator[str]:
    """A new folder of our own, deleted at the end, whose path is short enough for sockets."""
    place = tempfile.gettempdir()
    if len(place) > LONGEST_FOLDER:
        place = "/tmp"
    with tempfile.TemporaryDirectory(prefix="rel4-emulator-", dir=place) as folder:
        yield folder


@contextlib.contextmanager
def silence() -> Iterator[int]:
    """A standard input that is at its end."""
    yield subprocess.DEVNULL


@contextlib.contextmanager
def terminal() -> Iterator[int]:
    """The terminal, opened anew: QEMU sets it to raw and non-blocking; put back at the end."""
    settings = termios.tcgetattr(sys.stdin)
    device = os.open(os.ttyname(sys.stdin.fileno()), os.O_RDWR | os.O_NOCTTY)
    try:
        yield device
    finally:
        os.close(device)
        blocked = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)
        signal.signal(signal.SIGTTOU, blocked)
