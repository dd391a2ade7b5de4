# SPDX-License-Identifier: BSD-2-Clause
"""Lets a machine run to its end, passes its console on, and stops it at its limits.

A machine whose program has printed nothing for `first_output` seconds hangs: it is examined and
stopped. The firmware's banner is no output of the program. Seconds in which the host gave QEMU no
processor do not count, so that a busy host is not taken for a hanging guest. `wall` seconds are the
last resort against a program that never ends. Read next: diagnosis.py.
"""

import contextlib
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .diagnosis import examine
from .process import Process
from .symbols import Symbols

STOPPED_BY_WATCH = 123
FIRMWARE_START = b"OpenSBI v"
FIRMWARE_END = b"Boot HART MEDELEG"
POLL = 0.1
ENDS_BY_ITSELF = 0.2  # seconds in which a QEMU that was just ending is gone


@dataclass(frozen=True)
class Limits:
    """Seconds; zero is no limit."""

    first_output: float = 5.0
    wall: float = 0.0
    remedy: str = "run it again with --gdb"


@dataclass
class Outcome:
    """How a run ended. A status is what a shell would show: 128 + n for a signal n."""

    status: int = 0
    output: bytearray = field(default_factory=bytearray)
    errors: bytearray = field(default_factory=bytearray)
    stopped: str = ""
    report: list[str] = field(default_factory=list)

    @property
    def crashed(self) -> bool:
        """Whether QEMU itself died, other than by our own hand."""
        return self.status > 128 and not self.stopped


class Watch:
    """Watches one process; `show` and `show_error` are called with every piece of its output."""

    def __init__(
        self,
        process: Process,
        limits: Limits,
        symbols: Symbols | None = None,
        show: Callable[[bytes], object] = lambda _: None,
        show_error: Callable[[bytes], object] = lambda _: None,
        cancelled: threading.Event | None = None,
    ) -> None:
        self._process = process
        self._limits = limits
        self._symbols = symbols or Symbols()
        self._show = show
        self._show_error = show_error
        self._cancelled = cancelled or threading.Event()
        self._outcome = Outcome()
        self._start = time.monotonic()
        self._silent = limits.first_output > 0

    def run(self) -> Outcome:
        """Returns when QEMU has ended, by itself or stopped."""
        child = self._process.child
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ, self._take_output)
            selector.register(child.stderr, selectors.EVENT_READ, self._take_errors)
            while selector.get_map():
                # Asked first: what it says between looking and ending is not lost.
                has_ended = child.poll() is not None
                ready = selector.select(0 if has_ended else POLL)
                if not ready and has_ended:
                    break
                for key, _ in ready:
                    data = os.read(key.fd, 65536)
                    key.data(data)
                    if not data:
                        selector.unregister(key.fileobj)
                self._enforce()
        status = child.wait()
        self._outcome.status = 128 - status if status < 0 else status
        if self._outcome.stopped:
            self._outcome.status = STOPPED_BY_WATCH
        return self._outcome

    def _take_output(self, data: bytes) -> None:
        self._outcome.output += data
        if self._silent:
            self._silent = not program_has_printed(self._outcome.output)
        self._show(data)

    def _take_errors(self, data: bytes) -> None:
        self._outcome.errors += data
        if not self._outcome.stopped:
            self._show_error(data)

    def _enforce(self) -> None:
        if self._outcome.stopped or self._process.child.poll() is not None:
            return
        if self._cancelled.is_set():
            self._outcome.stopped = "cancelled"
            self._process.stop()
            return
        reason = self._exceeded()
        if reason:
            self._stop(reason)

    def _stop(self, reason: str) -> None:
        report = examine(self._process, self._symbols, reason, self._limits.remedy)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.child.wait(ENDS_BY_ITSELF)
            return
        self._outcome.stopped = reason
        self._outcome.report = report
        self._process.stop()

    def _exceeded(self) -> str:
        elapsed = time.monotonic() - self._start
        if self._limits.wall and elapsed > self._limits.wall:
            return f"not ended after {self._limits.wall:g} s"
        if not self._silent or elapsed < self._limits.first_output:
            return ""
        if elapsed - self._process.starved() < self._limits.first_output:
            return ""
        return f"no output for {self._limits.first_output:g} s"


def program_has_printed(output: bytes | bytearray) -> bool:
    """Whether the console shows more than white space and the firmware's banner."""
    before, banner, rest = output.partition(FIRMWARE_END)
    if banner:
        return bool(rest.partition(b"\n")[2].strip())
    text = before.strip()
    return not FIRMWARE_START.startswith(text[: len(FIRMWARE_START)])
