# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task with the memory server and a client.
# Read next: user/memory/memory.hpp.
# @stage{6}

#define ARCHIVE MEMORY_ARCHIVE
#include "user/root/archive.S"
