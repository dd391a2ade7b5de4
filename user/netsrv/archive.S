# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of the root task with the network.
# Read next: user/netsrv/main.cpp.
# @stage{7}

#define ARCHIVE NET_ARCHIVE
#include "user/root/archive.S"
