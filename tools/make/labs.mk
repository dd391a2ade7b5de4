# SPDX-License-Identifier: BSD-2-Clause
#
# The test programs of labs. labs/N-name/tests.mk says what each is made of:
#
#   $(eval $(call lab-host,N,SOURCES,LINK-FLAGS))   $(HOST_OUT)/labN-host, with sanitizers, from
#                                                   tests/host/*.cpp and SOURCES
#   $(eval $(call lab-kernel,N))                    $(OUT)/labN-kernel.elf, a kernel that runs
#                                                   tests/kernel/*.cpp before the root task starts
#   $(eval $(call lab-guest,N,SOURCES))             $(OUT)/user/labN.elf, a root task, from
#                                                   tests/guest/*.cpp and SOURCES
# @cond LAB4
#   $(eval $(call lab-judge,N,SOURCES))             the same as a judge of another program, SOURCES
#                                                   (labs/lib/judge/judge.hpp), and its kernel
# @endcond
#
# Goals labN-host and labN-guest make what there is of them; a lab may add programs of its own to
# labN_guest, and one to labN_answers that says what tests should have found (goal labN-answers).
# @cond LAB7
# $(OUT)/user/labN-peer.elf is the root task of the system whose network is played.
# @endcond
# Read next: labs/lib/protocol.hpp.

lab_folder = $(patsubst %/,%,$(wildcard labs/$1-*/))
lab_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all

define lab-host
$(eval $(call host-program,lab$1-host,$(wildcard $(lab_folder)/tests/host/*.cpp) $2 \
  labs/lib/host_report.cpp tools/test/doctest_tap.cpp,$(lab_sanitize) $3))
lab$1_host := $(HOST_OUT)/lab$1-host
endef

define lab-kernel
$(eval $(call guest-program,lab$1-kernel,$(filter-out kernel/boot/before_root_task.cpp,\
  $(kernel_sources)) $(wildcard $(lab_folder)/tests/kernel/*.cpp) labs/lib/kernel_test.cpp \
  user/lib/string_search.cpp,\
  -Tkernel/kernel.ld))
ifeq (0,$(DEBUG))
$(OUT)/lab$1-kernel.elf: guest_link_flags += -flto -O2
endif
lab$1_guest += $(OUT)/lab$1-kernel.elf
endef

define lab-guest
$(eval $(call root-task,lab$1,$(wildcard $(lab_folder)/tests/guest/*.cpp) $2 $(user_test_lib)))
lab$1_guest += $(OUT)/user/lab$1.elf
endef

# @cond LAB4
# A judge is a root task without the exercises, on a kernel without tests of its own. The exercises
# are in a program that it starts, which is SOURCES and tests/process/*.cpp. Nothing of the judge
# may include what students write, which are the headers labN_exercises.
lab_judge = $(sort $(wildcard $(lab_folder)/tests/guest/*.cpp) $(lab_archive) \
  $(addprefix labs/lib/judge/,judge.cpp main.cpp) \
  $(filter-out user/lib/test_main.cpp,$(user_test_lib)) $(user_process_lib))
lab_party = $(sort $(wildcard $(lab_folder)/tests/process/*.cpp) labs/lib/judge/process.cpp $2 \
  $(filter-out user/lib/todo.cpp,$(user_lib)) user/lib/program_start.S user/lib/program_start.cpp)
lab_archive = $(lab_folder)/tests/process/archive.S

define lab-judge
$(eval $(call lab-kernel,$1))
$(eval $(call root-task,lab$1,$(lab_judge)))
$(eval $(call guest-program,user/lab$1-party,$(lab_party),$(user_link)))
$(OUT)/$(lab_archive).o: $(OUT)/user/stripped/lab$1-party.elf
$(OUT)/$(lab_archive).o: compile_flags += -DPARTY='"$(OUT)/user/stripped/lab$1-party.elf"'

.PHONY: lab$1-judge
lab$1-judge: $(OUT)/user/lab$1.elf
	$$(Q)cat $(lab_judge:%=$(OUT)/%.d) > /dev/null
	$$(Q)! grep $(lab$1_exercises:%=-e %) $(lab_judge:%=$(OUT)/%.d)
lab$1_guest += $(OUT)/user/lab$1.elf lab$1-judge
endef

# @endcond
labs := $(sort $(patsubst labs/%,%,$(wildcard labs/*/tests.mk)))
include $(labs:%=labs/%)

$(HOST_OUT)/labs/%.o: host_flags += $(lab_sanitize)

lab_numbers := $(foreach lab,$(labs),$(firstword $(subst -, ,$(lab))))
.PHONY: $(foreach part,host guest answers,$(lab_numbers:%=lab%-$(part)))
define lab-goals
lab$1-host: $(lab$1_host)
lab$1-guest: $(lab$1_guest)
lab$1-answers: $(lab$1_answers)
endef
$(foreach number,$(lab_numbers),$(eval $(call lab-goals,$(number))))
