# SPDX-License-Identifier: BSD-2-Clause
"""Starts ReL4's QEMU, watches it and explains a boot that hangs.

`machine` says what is started and `network` what it is connected to, `process` owns one running
QEMU, `watch` lets it run within limits, `diagnosis` explains a machine that was stopped, with the
help of `qmp` (the monitor), `gdbstub` (the registers) and `symbols` (the names). `run.py` is the
command. Every QEMU is ended by its process id, and its sockets live in a folder of its own: any
number can run side by side.
"""
