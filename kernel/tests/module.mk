# SPDX-License-Identifier: BSD-2-Clause
#
# The kernel's own files, compiled for this machine with sanitizers, for tests that call them.
# @cond LAB2
# Program kernel-host has all tests of kernel/tests/*/*.cpp: a new test is a new file; a file of the
# kernel that it needs is added to kernel_host.
# @endcond
# Not in kernel_host: what talks to hardware, for which kernel/tests/host/ has stand-ins; its
# headers are found before the kernel's own.
# @cond NONE
# The program is built in both profiles: suites kernel-host (sel4) and kernel-host-rel4. Models
# (kernel/tests/*/*_model.cpp) try random calls: RC_PARAMS="seed=1 max_success=10000" of
# rapidcheck makes other ones, or more.
# @endcond
# Read next: kernel/tests/panic.cpp, kernel/tests/host/world.hpp.
# @stage{1}

kernel_host := $(addprefix kernel/boot/,device_tree.cpp elf.cpp machine.cpp regions.cpp) \
  $(wildcard kernel/cap/*.cpp kernel/object/*.cpp kernel/ipc/*.cpp kernel/sched/*.cpp) \
  $(addprefix kernel/vm/,asid.cpp page_table.cpp vspace.cpp) kernel/syscall/invoke.cpp
# @cond LAB2
kernel_host += kernel/syscall/receive.cpp
# @endcond
# @cond LAB6
kernel_host += $(wildcard kernel/async/*.cpp)
# @endcond
# @cond NONE
kernel_host := $(filter-out kernel/ipc/fastpath.cpp kernel/sched/handover.cpp \
  $(kernel_sources_of_rel4),$(kernel_host))
# @endcond
# @cond LAB2
kernel_host_tests := $(wildcard kernel/tests/*.cpp kernel/tests/*/*.cpp)
# @endcond
kernel_host_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
# @cond LAB2
kernel_host_link := $(kernel_host_sanitize)
# @endcond
# @cond NONE
kernel_host_link += -lrapidcheck
# @endcond

$(HOST_OUT)/kernel/%.o: host_flags += -iquote kernel/tests/host $(kernel_host_sanitize)

# @cond LAB2
$(eval $(call host-program,kernel-host,$(kernel_host) $(kernel_host_tests) \
  tools/test/doctest_tap.cpp,$(kernel_host_link)))
$(eval $(call suite,kernel-host,$(HOST_OUT)/kernel-host,$(HOST_OUT)/kernel-host))
# @endcond
# @cond NONE

# The other profile: objects of their own, below $(HOST_OUT)/rel4.
kernel_rel4 := $(filter-out $(kernel_sources_of_sel4),$(kernel_host)) $(kernel_sources_of_rel4)
kernel_rel4_tests := $(filter-out kernel/tests/boot/% $(patsubst kernel/%,kernel/tests/%, \
  $(kernel_sources_of_sel4)),$(kernel_host_tests))
kernel_rel4_objects := $(patsubst %,$(HOST_OUT)/rel4/%.o,$(kernel_rel4) $(kernel_rel4_tests)) \
  $(HOST_OUT)/tools/test/doctest_tap.cpp.o
programs += $(HOST_OUT)/kernel-host-rel4

$(HOST_OUT)/rel4/%.cpp.o: %.cpp $(HOST_OUT)/flags kernel/tests/module.mk
	@mkdir -p $(@D)
	$(call step,CXX,$< (host, rel4))
	$(Q)$(HOST_CXX) $(host_flags) -UREL4_SYNCHRONOUS_IPC -DREL4_SYNCHRONOUS_IPC=0 \
	    -iquote kernel/tests/host $(kernel_host_sanitize) $(compile_flags) -c $< -o $@

$(HOST_OUT)/kernel-host-rel4: $(kernel_rel4_objects) $(HOST_OUT)/flags kernel/tests/module.mk
	$(call step,LINK,$@)
	$(Q)$(HOST_CXX) $(host_flags) $(kernel_rel4_objects) $(kernel_host_link) -o $@

-include $(kernel_rel4_objects:.o=.d)
$(eval $(call suite,kernel-host-rel4,$(HOST_OUT)/kernel-host-rel4,$(HOST_OUT)/kernel-host-rel4))
# @endcond
