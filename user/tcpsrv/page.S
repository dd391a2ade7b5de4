# SPDX-License-Identifier: BSD-2-Clause
#
# The status page, as part of the program. Read next: page.html.
# @stage{7}

    .section .rodata
    .global page_start
page_start:
    .incbin "user/tcpsrv/page.html"
    .global page_end
page_end:
