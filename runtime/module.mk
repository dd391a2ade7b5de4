# SPDX-License-Identifier: BSD-2-Clause
#
# The asynchronous runtime. Programs name $(runtime_sources) among their sources. Suites:
#
#   runtime-host      its parts on this machine, with sanitizers; hostile peers; a model of the ring
# @cond LAB5
#   runtime-stress    two threads at the two ends of a buffer, under ThreadSanitizer
# @endcond
#
# Read next: runtime/ring.hpp.
# @stage{4}

runtime_sources := $(wildcard runtime/*.cpp)

# What makes system calls is for the machine only.
runtime_host_sources := $(runtime_sources)
# @cond LAB5
runtime_host_sources := $(filter-out runtime/notified.cpp runtime/signals.cpp,$(runtime_sources))
# @endcond
# @cond LAB6
runtime_host_sources := $(filter-out runtime/system_calls.cpp,$(runtime_host_sources))
# @endcond
runtime_host := $(runtime_host_sources) $(wildcard runtime/tests/*.cpp)
runtime_host_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
$(HOST_OUT)/runtime/%.o: host_flags += $(runtime_host_sanitize)
$(eval $(call host-program,runtime-host,$(runtime_host) tools/test/doctest_tap.cpp,\
  $(runtime_host_sanitize) -lrapidcheck))
$(eval $(call suite,runtime-host,$(HOST_OUT)/runtime-host,$(HOST_OUT)/runtime-host))
# @cond LAB5

# ThreadSanitizer wants objects of its own, below $(HOST_OUT)/threads.
runtime_stress := $(runtime_host_sources) $(wildcard runtime/tests/stress/*.cpp) \
  tools/test/doctest_tap.cpp
runtime_stress_objects := $(runtime_stress:%=$(HOST_OUT)/threads/%.o)
programs += $(HOST_OUT)/runtime-stress
host_sources += $(wildcard runtime/tests/stress/*.cpp)

$(HOST_OUT)/threads/%.cpp.o: %.cpp $(HOST_OUT)/flags runtime/module.mk
	@mkdir -p $(@D)
	$(call step,CXX,$< (host, threads))
	$(Q)$(HOST_CXX) $(host_flags) -O2 -fsanitize=thread $(compile_flags) -c $< -o $@

$(HOST_OUT)/runtime-stress: $(runtime_stress_objects) $(HOST_OUT)/flags runtime/module.mk
	$(call step,LINK,$@)
	$(Q)$(HOST_CXX) $(host_flags) -fsanitize=thread $(runtime_stress_objects) -o $@

-include $(runtime_stress_objects:.o=.d)
$(eval $(call suite,runtime-stress,$(HOST_OUT)/runtime-stress,$(HOST_OUT)/runtime-stress))
# @endcond
