# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 3. On this machine: the kernel's parts as kernel/module.mk has them, with the
# stand-ins of kernel/tests/host/ for hardware, and one for other harts.
# Read next: tools/make/labs.mk.

lab3_sources := $(filter-out kernel/boot/% kernel/sched/remote.cpp,$(kernel_host)) \
  $(wildcard kernel/tests/host/*.cpp) labs/lib/alone.cpp

$(HOST_OUT)/labs/3-uintr/%.o: host_flags += -iquote kernel/tests/host

$(eval $(call lab-host,3,$(lab3_sources)))
$(eval $(call lab-kernel,3))
$(eval $(call lab-guest,3,runtime/riscv/interrupt_entry.S))

# What tests must say that do not know the answer themselves.
$(eval $(call host-program,lab3-answers,labs/3-uintr/tests/answers/main.cpp,$(lab_sanitize)))
lab3_answers := $(HOST_OUT)/lab3-answers
