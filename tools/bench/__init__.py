# SPDX-License-Identifier: BSD-2-Clause
"""Benchmarks as the host sees them: runs machines, checks what they say, writes tables and JSON.

Nothing is built here. Read next: sync.py.
"""
