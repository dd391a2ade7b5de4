# SPDX-License-Identifier: BSD-2-Clause
"""Unit tests of the benchmarks' host side; they need no emulator."""
