# SPDX-License-Identifier: BSD-2-Clause
#
# The programs that the judge starts. Read next: session.cpp.

#define ARCHIVE LAB7_ARCHIVE
#include "user/root/archive.S"
