# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 4. Host tests are compiled with the stand-in of runtime/shared_word.hpp, so that
# some of them can try every execution (runtime/tests/explore/explore.hpp).
# Read next: tools/make/labs.mk.

$(eval $(call lab-host,4,$(wildcard runtime/tests/explore/*.cpp),$(explore_sanitize)))
# Without optimisation: what takes time is to compile them.
$(HOST_OUT)/labs/4-rings/%.o: host_flags += $(explore_flags) -O0

# The judge: a kernel without tests of its own, and a root task without the exercises. They are in a
# program of their own, which it starts.
$(eval $(call lab-kernel,4))
lab4_judge := $(sort $(wildcard labs/4-rings/tests/guest/*.cpp) \
  labs/4-rings/tests/process/archive.S \
  $(filter-out user/lib/test_main.cpp,$(user_test_lib)) $(user_process_lib))
$(eval $(call root-task,lab4,$(lab4_judge)))
lab4_party := $(wildcard labs/4-rings/tests/process/*.cpp) \
  $(filter-out user/lib/todo.cpp,$(user_lib)) user/lib/program_start.S user/lib/program_start.cpp
$(eval $(call guest-program,user/lab4-party,$(lab4_party),$(user_link)))
lab4_guest += $(OUT)/user/lab4.elf
$(OUT)/labs/4-rings/tests/process/archive.S.o: $(OUT)/user/stripped/lab4-party.elf
$(OUT)/labs/4-rings/tests/process/archive.S.o: compile_flags += \
  -DPARTY='"$(OUT)/user/stripped/lab4-party.elf"'

# Nothing of the judge may include what students write.
.PHONY: lab4-judge
lab4-judge: $(OUT)/user/lab4.elf
	$(Q)cat $(lab4_judge:%=$(OUT)/%.d) > /dev/null
	$(Q)! grep -e runtime/ring.hpp -e runtime/status.hpp -e runtime/long_message.hpp \
	    $(lab4_judge:%=$(OUT)/%.d)
lab4_guest += lab4-judge
