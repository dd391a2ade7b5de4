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

# The judge: a kernel without tests of its own, and a root task without the exercises. They are in a
# program of their own, which it starts.
$(eval $(call lab-kernel,5))
lab5_judge := $(sort $(wildcard labs/5-runtime/tests/guest/*.cpp) \
  labs/5-runtime/tests/process/archive.S \
  $(filter-out user/lib/test_main.cpp,$(user_test_lib)) $(user_process_lib))
$(eval $(call root-task,lab5,$(lab5_judge)))
lab5_party := $(wildcard labs/5-runtime/tests/process/*.cpp) $(lab5_runtime) \
  runtime/riscv/interrupt_entry.S $(filter-out user/lib/todo.cpp,$(user_lib)) \
  user/lib/program_start.S user/lib/program_start.cpp
$(eval $(call guest-program,user/lab5-party,$(lab5_party),$(user_link)))
lab5_guest += $(OUT)/user/lab5.elf
$(OUT)/labs/5-runtime/tests/process/archive.S.o: $(OUT)/user/stripped/lab5-party.elf
$(OUT)/labs/5-runtime/tests/process/archive.S.o: compile_flags += \
  -DPARTY='"$(OUT)/user/stripped/lab5-party.elf"'

# Nothing of the judge may include what students write.
.PHONY: lab5-judge
lab5-judge: $(OUT)/user/lab5.elf
	$(Q)cat $(lab5_judge:%=$(OUT)/%.d) > /dev/null
	$(Q)! grep -e runtime/run_queue.hpp -e runtime/rounds.hpp -e runtime/server.hpp \
	    $(lab5_judge:%=$(OUT)/%.d)
lab5_guest += lab5-judge
