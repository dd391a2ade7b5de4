# SPDX-License-Identifier: BSD-2-Clause
"""Timelines of what a machine did (TRACE=1). Read next: trace.py, timeline.py."""
