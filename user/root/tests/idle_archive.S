# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task whose only program is a server that nobody calls.
# Read next: echo.cpp.
# @stage{5}

#define ARCHIVE IDLE_ARCHIVE
#include "user/root/archive.S"
