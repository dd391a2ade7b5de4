# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task with a crowd: the server, and one of all guests.
# Read next: crowd.cpp.
# @stage{5}

#define ARCHIVE CROWD_ARCHIVE
#include "user/root/archive.S"
