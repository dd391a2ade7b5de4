# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of the crowd: the net server, the auditor, and one of all guests.
# Read next: crowd.cpp.
# @stage{none}

#define ARCHIVE NET_CROWD_ARCHIVE
#include "user/root/archive.S"
