# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 4. Host tests are compiled with the stand-in of runtime/shared_word.hpp, so that
# some of them can try every execution (runtime/tests/explore/explore.hpp).
# Read next: tools/make/labs.mk.

$(eval $(call lab-host,4,$(wildcard runtime/tests/explore/*.cpp),$(explore_sanitize)))
# Without optimisation: what takes time is to compile them.
$(HOST_OUT)/labs/4-rings/%.o: host_flags += $(explore_flags) -O0

# What of the exercises the judge may not include.
lab4_exercises := runtime/ring.hpp runtime/status.hpp runtime/long_message.hpp
$(eval $(call lab-judge,4,))
