# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 1. Read next: tools/make/labs.mk.

$(eval $(call lab-kernel,1))
$(eval $(call lab-guest,1))
