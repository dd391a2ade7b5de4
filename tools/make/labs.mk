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
#
# Goals labN-host and labN-guest make what there is of them; a lab may add programs of its own to
# labN_guest, and one to labN_answers that says what tests should have found (goal labN-answers).
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
