# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task with two programs that talk to each other.
# Read next: user/pingpong/pingpong.hpp.
# @stage{5}

#define ARCHIVE PINGPONG_ARCHIVE
#include "user/root/archive.S"
