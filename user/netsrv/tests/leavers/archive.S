# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of the leavers: the net server, and one of them.
# Read next: root.cpp.
# @stage{none}

#define ARCHIVE NET_LEAVERS_ARCHIVE
#include "user/root/archive.S"
