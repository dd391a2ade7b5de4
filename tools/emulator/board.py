#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A board for the grader's serial target, played by QEMU behind a pseudo-terminal.

It has the FPGA's memory map and starts with its firmware and loader. LINK leads to the terminal, as
/dev/ttyUSB0 does to a real board's. `board.py LINK --reset` is the reset button: it comes back
when the machine has started anew. A machine that ends is switched on again at once.
Faults can be had: bytes that get lost or turned over on their way to the board, resets that do not
help. It runs until it is ended.
Read next: machine.py, platform/loader/README.md.
"""

import argparse
import contextlib
import os
import pty
import random
import selectors
import signal
import socket
import subprocess
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulator.machine import DEFAULT_QEMU, EmulatorError, Machine, check, check_files  # noqa: E402
from emulator.process import bound_to_this_process  # noqa: E402

AT_A_TIME = 4096


class Noise:
    """A line that garbles one of `period` bytes, the same ones every time."""

    def __init__(self, period: int, seed: int) -> None:
        self.period = period
        self.random = random.Random(seed)

    def garble(self, data: bytes) -> bytes:
        """What arrives of them."""
        if self.period == 0:
            return data
        return b"".join(self._arrives(byte) for byte in data)

    def _arrives(self, byte: int) -> bytes:
        if self.random.randrange(self.period) > 0:
            return bytes([byte])
        return self.random.choice([b"", bytes([byte ^ 1 << self.random.randrange(8)])])


class Power:
    """The machine, on: one QEMU after the other."""

    def __init__(self, command: list[str], dead_resets: int) -> None:
        self.command = [*command, "-serial", "stdio", "-monitor", "none"]
        self.dead_resets = dead_resets
        self.is_dead = False
        self.machine = self._start(self.command)

    @staticmethod
    def _start(command: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            [*bound_to_this_process(), *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, bufsize=0,
        )  # fmt: skip

    def cycle(self) -> None:
        """Off, and on again."""
        self.off()
        self.machine = self._start(["cat"] if self.is_dead else self.command)

    def reset(self) -> None:
        """The button, which the first few times leads to a machine that says nothing."""
        self.is_dead = self.dead_resets > 0
        self.dead_resets -= 1
        self.cycle()

    def off(self) -> None:
        """Ends QEMU, by its own process."""
        self.machine.kill()
        self.machine.wait()
        self.machine.stdin.close()
        self.machine.stdout.close()


class Board:
    """Carries bytes between the terminal and the machine, and hears the button."""

    def __init__(self, power: Power, noise: Noise, terminal: int, button: socket.socket) -> None:
        self.power = power
        self.noise = noise
        self.terminal = terminal
        self.button = button

    def run(self) -> None:
        """Until it is ended."""
        while True:
            with selectors.DefaultSelector() as selector:
                output = self.power.machine.stdout
                for source in (self.terminal, self.button, output):
                    selector.register(source, selectors.EVENT_READ)
                while self._carry(selector, output):
                    pass

    def _carry(self, selector: selectors.BaseSelector, output: object) -> bool:
        """False if there is another machine now."""
        for key, _ in selector.select():
            if key.fileobj is self.button:
                self._press()
                return False
            if key.fileobj is output:
                data = os.read(output.fileno(), AT_A_TIME)
                if not data:
                    self.power.cycle()
                    return False
                write_all(self.terminal, data)
            else:
                data = self.noise.garble(os.read(self.terminal, AT_A_TIME))
                with contextlib.suppress(BrokenPipeError):
                    write_all(self.power.machine.stdin.fileno(), data)
        return True

    def _press(self) -> None:
        connection, _ = self.button.accept()
        with connection:
            self.power.reset()
            connection.sendall(b"reset\n")


def write_all(descriptor: int, data: bytes) -> None:
    """Like os.write, but all of it."""
    while data:
        data = data[os.write(descriptor, data) :]


@contextlib.contextmanager
def open_terminal(link: Path) -> Iterator[int]:
    """A raw pseudo-terminal that stays open, and the link to it."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    temporary = link.with_name(link.name + ".new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.ttyname(theirs))
    temporary.rename(link)
    try:
        yield ours
    finally:
        link.unlink(missing_ok=True)
        os.close(ours)
        os.close(theirs)


def button_of(link: Path) -> Path:
    """The socket that resets the board."""
    return link.with_name(link.name + ".button")


@contextlib.contextmanager
def open_button(link: Path) -> Iterator[socket.socket]:
    """Hears who presses it."""
    path = button_of(link)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        try:
            yield listening
        finally:
            path.unlink(missing_ok=True)


def press(link: Path) -> None:
    """Resets the board, and waits until it is."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.settimeout(10)
            connection.connect(str(button_of(link)))
            answer = connection.recv(16)
        except OSError as error:
            raise EmulatorError(f"no board is at {link} ({error}); remedy: start one") from error
    if answer != b"reset\n":
        raise EmulatorError(f"the board at {link} was not reset; remedy: start it again")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="tools/emulator/board.py", description=__doc__.split("\n\n")[0]
    )
    add = parser.add_argument
    add("link", type=Path, metavar="LINK", help="where the serial line is to be found")
    add("--reset", action="store_true", help="reset the board that runs there")
    add("--qemu", default=str(DEFAULT_QEMU), help="the emulator (default: %(default)s)")
    add("--firmware", default="none", metavar="FILE", help="M-mode firmware")
    add("--loader", default="", metavar="ELF", help="what the board starts with")
    add("--harts", type=int, default=4, metavar="N", help="number of harts (default: 4)")
    add("--memory", default="128M", help="size of memory (default: %(default)s)")
    add("--noise", type=int, default=0, metavar="N", help="garble one of N bytes to the board")
    add("--seed", type=int, default=1, help="of the noise (default: 1)")
    add("--dead-resets", type=int, default=0, metavar="N", help="the first N resets do not help")
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    """The board, until it is ended."""
    machine = Machine(
        qemu=options.qemu, board="fpga", harts=options.harts, memory=options.memory,
        firmware=options.firmware, kernel=options.loader,
    )  # fmt: skip
    check(machine.qemu)
    check_files(machine)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open_button(options.link) as button, open_terminal(options.link) as terminal:
        power = Power(machine.command(), options.dead_resets)
        try:
            print(f"board: {options.link} is ready", flush=True)
            Board(power, Noise(options.noise, options.seed), terminal, button).run()
        finally:
            power.off()


def main() -> int:
    """Exit status: 0, or 122 if it cannot be had."""
    options = parse()
    try:
        if options.reset:
            press(options.link)
        else:
            run(options)
    except EmulatorError as error:
        print(f"board: {error}", file=sys.stderr)
        return 122
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
