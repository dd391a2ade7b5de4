# SPDX-License-Identifier: BSD-2-Clause
"""Tests of tools/emulator; they need no QEMU: small scripts and sockets stand in for it.

Run all of them with `python3 -m unittest discover -s tools/emulator/tests -t tools`.
"""
