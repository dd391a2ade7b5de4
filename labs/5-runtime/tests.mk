# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 5. On this machine: the runtime as runtime/module.mk has it, and with a played
# hart (tests/host/stand_in) what falls asleep.
# Read next: tools/make/labs.mk.

lab5_sources := $(runtime_host_sources) runtime/notified.cpp labs/lib/alone.cpp
lab5_stand_in := -iquote labs/5-runtime/tests/host/stand_in
# Without optimisation: what takes time is to compile them.
$(HOST_OUT)/labs/5-runtime/%.o: host_flags += $(lab5_stand_in) -O0
$(HOST_OUT)/runtime/notified.cpp.o: host_flags += $(lab5_stand_in)

$(eval $(call lab-host,5,$(lab5_sources)))

# The judge: that of lab 4, with other tests. The exercises are in the program that it starts.
$(eval $(call lab-kernel,5))
lab5_judge := $(sort $(wildcard labs/5-runtime/tests/guest/*.cpp) \
  $(addprefix labs/4-rings/tests/guest/,judge.cpp inputs.cpp) \
  labs/5-runtime/tests/process/archive.S \
  $(filter-out user/lib/test_main.cpp,$(user_test_lib)) $(user_process_lib))
$(eval $(call root-task,lab5,$(lab5_judge)))
lab5_party := labs/5-runtime/tests/process/main.cpp labs/4-rings/tests/process/party.cpp \
  $(runtime_host_sources) \
  $(filter-out user/lib/todo.cpp,$(user_lib)) user/lib/program_start.S user/lib/program_start.cpp
$(eval $(call guest-program,user/lab5-party,$(lab5_party),$(user_link)))
lab5_guest += $(OUT)/user/lab5.elf
$(OUT)/labs/5-runtime/tests/process/archive.S.o: $(OUT)/user/stripped/lab5-party.elf
$(OUT)/labs/5-runtime/tests/process/archive.S.o: compile_flags += \
  -DPARTY='"$(OUT)/user/stripped/lab5-party.elf"'

# Nothing of the judge may include what students write.
.PHONY: lab5-judge
lab5-judge: $(OUT)/user/lab5.elf
	$(Q)cat $(lab5_judge:%=$(OUT)/%.d) > /dev/null
	$(Q)! grep -e runtime/executor.hpp -e runtime/frame_pool.hpp -e runtime/server.hpp \
	    -e runtime/timer.hpp -e runtime/ring.hpp -e runtime/status.hpp $(lab5_judge:%=$(OUT)/%.d)
lab5_guest += lab5-judge
