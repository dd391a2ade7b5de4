# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 5. Host tests are compiled with the stand-in of runtime/shared_word.hpp, so that
# some of them can try every execution (runtime/tests/explore/explore.hpp); and with stand-ins of
# user interrupts and of the kernel (tests/stand_in/), so that a thread can park on this machine.
# The runtime itself is compiled so a second time, below $(HOST_OUT)/explored.
# Read next: tools/make/labs.mk.

lab5_runtime := $(patsubst %,runtime/%.cpp,client connection executor frame_pool notified server \
  timer)
lab5_objects := $(lab5_runtime:%=$(HOST_OUT)/explored/%.o)
# Without optimisation: what takes time is to compile them.
lab5_flags := -iquote labs/5-runtime/tests/stand_in $(explore_flags) -O0

$(eval $(call lab-host,5,$(wildcard runtime/tests/explore/*.cpp) labs/lib/alone.cpp,\
  $(explore_sanitize) $(lab5_objects)))
$(HOST_OUT)/lab5-host: $(lab5_objects)
$(HOST_OUT)/labs/5-runtime/%.o: host_flags += $(lab5_flags)

$(HOST_OUT)/explored/%.cpp.o: %.cpp $(HOST_OUT)/flags labs/5-runtime/tests.mk
	@mkdir -p $(@D)
	$(call step,CXX,$< (host, explored))
	$(Q)$(HOST_CXX) $(host_flags) $(lab5_flags) $(compile_flags) -c $< -o $@
-include $(lab5_objects:.o=.d)

# What of the exercises the judge may not include.
lab5_exercises := runtime/run_queue.hpp runtime/rounds.hpp runtime/server.hpp
$(eval $(call lab-judge,5,$(lab5_runtime) runtime/riscv/interrupt_entry.S))
