#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests the final system with clients that others wrote, curl and nc: writes TAP.

    clients.py QEMU FIRMWARE LOAD FOLDER

Exit status: 0 if they got what they must, 1 if not. Read next: system.py, user/tcpsrv/site.cpp.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from system import Build, Failure, System

from emulator.machine import EmulatorError

PAGE = Path(__file__).resolve().parents[2] / "user/tcpsrv/page.html"
SECONDS = "60"
LINES = b"".join(b"line %d\n" % number for number in range(2000))


def curl(*arguments: str) -> bytes:
    """What curl writes."""
    return subprocess.run(["curl", "--silent", "--show-error", "--max-time", SECONDS, *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False).stdout  # fmt: skip


def nc(text: bytes, host: str, port: int) -> bytes:
    """What comes back until the other end has closed, as this one has behind the text."""
    return subprocess.run(["nc", "-N", "-w", SECONDS, host, str(port)], input=text,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False).stdout  # fmt: skip


def checks(system: System) -> Iterator[tuple[str, object, object]]:
    """Names, what there must be, and what there is."""
    url = f"http://{system.http.host}:{system.http.port}"
    yield "curl: the page, to the byte", PAGE.read_bytes(), curl(f"{url}/")
    counters = json.loads(curl(f"{url}/counters"))
    yield "curl: counters, as JSON", True, counters["pages"] > 0 and counters["calls"] > 0
    yield ("curl: two pages over one connection", b"1 200\n0 200\n",
           curl("-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects} %{http_code}\n",
                f"{url}/", f"{url}/counters"))  # fmt: skip
    code = ("-o", "/dev/null", "-w", "%{http_code}")
    yield "curl: what is not there", b"404", curl(*code, f"{url}/nothing")
    yield "curl: a header that is too long", b"431", curl(*code, "-H", "X: " + 4000 * "x", url)
    yield ("curl: only the head", f"Content-Length: {PAGE.stat().st_size}".encode(),
           next((line for line in curl("--head", f"{url}/").split(b"\r\n")
                 if line.startswith(b"Content-Length")), b""))  # fmt: skip
    yield "nc: a line", b"Hello, ReL4.\n", nc(b"Hello, ReL4.\n", *system.echo)
    yield "nc: many lines", LINES, nc(LINES, *system.echo)


def main() -> int:
    """The command."""
    print("TAP version 13", flush=True)
    failed = number = 0
    for program in ("curl", "nc"):
        if shutil.which(program) is None:
            print(f"Bail out! there is no program {program}; remedy: make setup")
            return 1
    try:
        with System(Build(*sys.argv[1:])) as system:
            for number, (name, expected, found) in enumerate(checks(system), 1):
                failed += expected != found
                print(f"{'ok' if expected == found else 'not ok'} {number} - clients: {name}")
                if expected != found:
                    print(f"  # expected {expected!r:.300}\n  # found    {found!r:.300}")
    except (EmulatorError, Failure) as error:
        print(f"Bail out! {error}")
        return 1
    print(f"1..{number}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
