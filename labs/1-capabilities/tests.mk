# SPDX-License-Identifier: BSD-2-Clause
#
# The tests of lab 1. On this machine: the kernel's parts as kernel/tests/module.mk has them, with
# the stand-ins of kernel/tests/host/ for hardware.
# Read next: tools/make/labs.mk, labs/1-capabilities/tests/host/setting.hpp.

lab1_sources := $(filter-out kernel/boot/%,$(kernel_host)) \
  $(wildcard kernel/tests/host/*.cpp) kernel/tests/panic.cpp

$(HOST_OUT)/labs/1-capabilities/%.o: host_flags += -iquote kernel/tests/host

$(eval $(call lab-host,1,$(lab1_sources)))
$(eval $(call lab-kernel,1))
$(eval $(call lab-guest,1))

# What tests must say that do not know the answer themselves.
$(eval $(call host-program,lab1-answers,labs/1-capabilities/tests/answers/main.cpp \
  labs/1-capabilities/tests/answers/model.cpp,$(lab_sanitize)))
lab1_answers := $(HOST_OUT)/lab1-answers
