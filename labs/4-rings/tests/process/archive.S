# SPDX-License-Identifier: BSD-2-Clause
#
# The program that this lab's judge starts.

#include "labs/lib/judge/archive.S"
