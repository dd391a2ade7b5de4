#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests the final system with clients that others wrote, curl, nc and wrk: writes TAP.

    clients.py [--net user|tap|tap:NAME] QEMU FIRMWARE LOAD FOLDER

`--net tap` is a network of its own; where this computer gives none, it says so, and that is all.
Exit status: 0 if they got what they must, 1 if not. Read next: system.py, user/tcpsrv/site.cpp.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import own_network
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


def wrk(url: str) -> list[str]:
    """What is wrong with wrk's report of two seconds with eight connections."""
    text = subprocess.run(["wrk", "-t1", "-c8", "-d2s", "--timeout", f"{SECONDS}s", url], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False).stdout  # fmt: skip
    answers = re.search(r"(\d+) requests in", text)
    problems = re.findall(r"Socket errors:.*|Non-2xx.*", text)
    return problems if answers and int(answers[1]) > 0 else [*problems, "no answer", text]


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
    yield "wrk: pages without an error, over 8 connections", [], wrk(f"{url}/")
    yield "wrk: counters likewise", [], wrk(f"{url}/counters")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--net", default="user", help="user, tap, tap:NAME (default: %(default)s)")
    parser.add_argument("build", nargs=4, metavar="PATH", help="QEMU FIRMWARE LOAD FOLDER")
    options = parser.parse_args()
    if options.net == "tap":
        own_network.skipped("clients", own_network.enter())
        return 0
    print("TAP version 13", flush=True)
    failed = number = 0
    for program in ("curl", "nc", "wrk"):
        if shutil.which(program) is None:
            print(f"Bail out! there is no program {program}; remedy: make setup")
            return 1
    try:
        with System(Build(*options.build), end=options.net) as system:
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
