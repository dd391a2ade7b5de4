# SPDX-License-Identifier: BSD-2-Clause
#
# The archive of the programs, as part of the root task. The build says which file it is.
# Read next: archive.hpp, user/module.mk.
# @stage{2}

    .section .rodata
    .balign 16
    .global archive_start
archive_start:
    .incbin ARCHIVE
    .global archive_end
archive_end:
