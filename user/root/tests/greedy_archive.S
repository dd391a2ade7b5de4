# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task with a program that asks for too much, and a server.
# Read next: greedy.cpp.
# @stage{5}

#define ARCHIVE GREEDY_ARCHIVE
#include "user/root/archive.S"
