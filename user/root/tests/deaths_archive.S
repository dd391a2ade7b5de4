# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task that ends its programs: the server first.
# Read next: deaths.cpp.
# @stage{5}

#define ARCHIVE DEATHS_ARCHIVE
#include "user/root/archive.S"
