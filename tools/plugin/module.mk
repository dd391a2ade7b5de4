# SPDX-License-Identifier: BSD-2-Clause
#
# Plugins of QEMU: the counter and the profiler, for benchmarks, and the recorder, for TRACE=1.
# Read next: tools/plugin/counter.cpp, tools/plugin/recorder.cpp.
# @stage{none}

plugins := counter recorder profiler
host_sources += $(plugins:%=tools/plugin/%.cpp)
$(plugins:%=$(HOST_OUT)/%.so): $(HOST_OUT)/%.so: $(HOST_OUT)/tools/plugin/%.cpp.o $(HOST_OUT)/flags
	$(call step,LINK,$@)
	$(Q)$(HOST_CXX) $(host_flags) -shared $< -o $@
$(plugins:%=$(HOST_OUT)/tools/plugin/%.cpp.o): host_flags += -O2 -fPIC

$(eval $(call host-program,plugin-test,$(wildcard tools/plugin/tests/*.cpp) \
  tools/test/doctest_tap.cpp))
$(eval $(call suite,plugin,$(HOST_OUT)/plugin-test,$(HOST_OUT)/plugin-test))
