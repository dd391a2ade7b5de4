# SPDX-License-Identifier: BSD-2-Clause
"""A machine's network card, virtio-net on virtio-mmio, and what is at the other end of its cable.

    user              QEMU's user-mode network: 10.0.2.0/24, the machine is 10.0.2.15 (by DHCP), and
                      this computer is 10.0.2.2; ports of 127.0.0.1 can lead to ports of the machine
    tap:NAME          a tap device of this computer
    script:FILE,...   what a script says, without any network; more options behind a comma

A forwarded port that is left to the system is chosen when QEMU binds it, so no other program can
take it in between; QEMU's monitor says which one it is. Read next: machine.py, run.py.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .qmp import Monitor

DEVICE = ("-global", "virtio-mmio.force-legacy=false", "-device", "virtio-net-device,netdev=n0")
FORWARD = re.compile(r"(?:(\d{1,5}):)?(\d{1,5})")
HOST_FORWARD = re.compile(r"TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)\s")
INTERFACE = re.compile(r"[^/\s,]{1,15}")
LAST_PORT = 65535


class NetworkError(ValueError):
    """There can be no such network: one sentence."""


class Forward(NamedTuple):
    """A TCP port of 127.0.0.1 that leads to one of the machine; 0: any that is free."""

    host: int
    guest: int

    @staticmethod
    def of(text: str) -> "Forward":
        """From `GUESTPORT` or `HOSTPORT:GUESTPORT`."""
        match = FORWARD.fullmatch(text)
        host, guest = (int(port or 0) for port in match.groups()) if match else (0, 0)
        if not 0 < guest <= LAST_PORT or host > LAST_PORT:
            raise NetworkError(f"forward '{text}' is neither GUESTPORT nor HOSTPORT:GUESTPORT")
        return Forward(host, guest)


@dataclass(frozen=True)
class Network:
    """What is at the other end, as the table above has it, and which ports lead to the machine."""

    end: str
    forwards: tuple[Forward, ...] = ()

    def __post_init__(self) -> None:
        self._other_end()
        if self.forwards and self.end != "user":
            raise NetworkError("only the network 'user' forwards ports; remedy: --net user")

    def arguments(self) -> list[str]:
        """QEMU's options."""
        return [*self._other_end(), *DEVICE]

    def _other_end(self) -> list[str]:
        kind, _, rest = self.end.partition(":")
        if self.end == "user":
            rules = (f",hostfwd=tcp:127.0.0.1:{host}-:{guest}" for host, guest in self.forwards)
            return ["-netdev", "user,id=n0" + "".join(rules)]
        if kind == "tap" and INTERFACE.fullmatch(rest):
            options = f"tap,id=n0,ifname={rest},script=no,downscript=no,vnet_hdr=on"
            return ["-netdev", options]
        if kind == "script" and rest:
            return ["-object", f"rel4-net-script,id=n0,file={rest}"]
        raise NetworkError(
            f"network '{self.end}' is unknown; one of: user, tap:NAME, script:FILE[,OPTION=VALUE]"
        )


def forwarded(monitor: Monitor) -> list[Forward]:
    """The ports that lead to a running machine, by the machine's."""
    found = HOST_FORWARD.findall(monitor.human("info usernet"))
    return sorted((Forward(int(host), int(guest)) for host, guest in found),
                  key=lambda forward: forward.guest)  # fmt: skip
