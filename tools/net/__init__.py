# SPDX-License-Identifier: BSD-2-Clause
"""Writes network scripts, which the emulator plays to a guest (platform/qemu/README.md).

`frames` makes bytes, `script` lanes and steps, `tcp` a client's side of a connection, and `load`
whole scripts: an echo benchmark, and what answers the guest's ARP requests. The emulator fills in
lengths and checksums, and looks at those of the guest: so `struct` is enough, and scapy would add
a second to each start and a package, for headers that are twenty lines.
"""
