# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of a root task whose programs do not all end well.
# Read next: user/root/check.sh.
# @stage{2}

#define ARCHIVE TEST_ARCHIVE
#include "user/root/archive.S"
