#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Leaves the final system running, and says how to try it: serve.py QEMU FIRMWARE FOLDER HARTS.

PORTS="ECHO HTTP" in the environment chooses the ports of 127.0.0.1 that lead to it; else they are
any that are free. Its console is shown. Ctrl-C ends it; then the exit status is 0. Otherwise it is
the emulator's, or 1 if there can be no such machine. Read next: system.py.
"""

import os
import signal
import sys
import threading

from system import Address, Build, Failure, Pages, addresses, machine, wait_until_served

from emulator.machine import EmulatorError
from emulator.process import Process
from emulator.symbols import Symbols
from emulator.watch import Limits, Watch


def hints(echo: Address, http: Address) -> str:
    """What can be typed."""
    return f"""
The system is running. In another terminal:

  echo        printf 'Hello, ReL4.\\n' | nc -N {echo.host} {echo.port}
  counters    curl http://{http.host}:{http.port}/counters
  load        build/host/rel4-load {echo.host} {echo.port} --connections 64
  pages       wrk -t1 -c16 -d5 http://{http.host}:{http.port}/
  a browser   http://{http.host}:{http.port}/

Ctrl-C ends it.
"""


def announce(process: Process, where: tuple[Address, Address]) -> None:
    """Says how to try it, as soon as that is possible."""
    pages = Pages(where[1])
    try:
        wait_until_served(pages, lambda: process.child.poll() is None)
        print(hints(*where), flush=True)
    except Failure as error:
        print(f"qemu: the system does not serve: {error}", file=sys.stderr, flush=True)
    finally:
        pages.close()


def show(data: bytes) -> None:
    """Passes the console on, unbuffered."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def ports() -> tuple[int, int]:
    """Those that were asked for."""
    words = os.environ.get("PORTS", "").split()
    if not words:
        return 0, 0
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        raise Failure(f"PORTS='{' '.join(words)}' is not two numbers, as in PORTS='8007 8080'")
    return int(words[0]), int(words[1])


def run(build: Build, harts: int) -> int:
    """The machine's exit status."""
    made = machine(build, harts, "user", ports())
    with Process(made.command()) as process:
        where = addresses(process, "user")
        threading.Thread(target=announce, args=(process, where), daemon=True).start()
        watch = Watch(process, Limits(), Symbols([made.kernel, made.initrd]), show, show)
        outcome = watch.run()
    for line in outcome.report:
        print(f"qemu: {line}", file=sys.stderr)
    return outcome.status


def main() -> int:
    """The command."""
    qemu, firmware, folder, harts = sys.argv[1:]
    try:
        return run(Build(qemu, firmware, "", folder), int(harts))
    except KeyboardInterrupt:
        print("\nqemu: the machine was ended")
        return 0
    except (EmulatorError, Failure) as error:
        print(f"qemu: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
