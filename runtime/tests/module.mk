# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the runtime.
#
#   explore        of the explorer, with which lock-free code is tried in every execution that
#                  RISC-V allows. A program that explores is made of tests and $(explore_lib), and
#                  all its objects are compiled with $(explore_flags).
#   model          the rings and their status words themselves, in every execution of small
#                  scenarios.
#
# Read next: runtime/tests/explore/explore.hpp.
# @stage{4}

explore_lib := $(wildcard runtime/tests/explore/*.cpp) tools/test/doctest_tap.cpp
explore_tests := $(wildcard runtime/tests/explore/tests/*.cpp)
# Without detection of use after return: it does not know what becomes of stacks that are left.
explore_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all \
  -fsanitize-address-use-after-return=never
explore_flags := -O2 -iquote runtime/tests/explore/stand_in $(explore_sanitize)

$(HOST_OUT)/runtime/tests/explore/%.o: host_flags += $(explore_flags)

$(eval $(call host-program,explore,$(explore_tests) $(explore_lib),$(explore_sanitize)))
$(eval $(call suite,explore,$(HOST_OUT)/explore,$(HOST_OUT)/explore))

$(HOST_OUT)/runtime/tests/model/%.o: host_flags += $(explore_flags)
$(eval $(call host-program,model,$(wildcard runtime/tests/model/*.cpp) $(explore_lib),\
  $(explore_sanitize)))
$(eval $(call suite,model,$(HOST_OUT)/model,$(HOST_OUT)/model))
