# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 2. On this machine: the kernel's parts as kernel/tests/module.mk has them, with
# the stand-ins of kernel/tests/host/ for hardware.
# Read next: tools/make/labs.mk.

lab2_sources := $(filter-out kernel/boot/%,$(kernel_host)) $(wildcard kernel/tests/host/*.cpp) \
  labs/lib/alone.cpp

$(HOST_OUT)/labs/2-notification/%.o: host_flags += -iquote kernel/tests/host

$(eval $(call lab-host,2,$(lab2_sources)))
$(eval $(call lab-kernel,2))

# What assembler calls comes to the tests first: they look at what it says, and pass it on or not
# (tests/kernel/traps.hpp).
lab2_wrapped := -Wl,--wrap=syscall_entry,--wrap=trap_entry,--wrap=kernel_trapped
$(OUT)/lab2-kernel.elf: guest_link_flags += $(lab2_wrapped)

lab2_user := user/tests/threads.cpp user/tests/threads.S user/tests/registers.S
$(eval $(call lab-guest,2,$(lab2_user)))
