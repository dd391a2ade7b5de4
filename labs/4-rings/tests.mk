# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 4. Host tests are compiled with the stand-in of runtime/shared_word.hpp, so that
# some of them can try every execution (runtime/tests/explore/explore.hpp).
# Read next: tools/make/labs.mk.

$(eval $(call lab-host,4,$(wildcard runtime/tests/explore/*.cpp),$(explore_sanitize)))
$(HOST_OUT)/labs/4-rings/%.o: host_flags += $(explore_flags)
