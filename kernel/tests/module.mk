# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the kernel: its own files, compiled for this machine with sanitizers, and
# kernel/tests/*/*.cpp, which call them. A new test is a new file; a file of the kernel that it
# needs is added to kernel_host. Not in it: what talks to hardware.
# Read next: kernel/tests/panic.cpp.
# @stage{1}

kernel_host := $(addprefix kernel/boot/,device_tree.cpp elf.cpp machine.cpp regions.cpp)
kernel_host_tests := $(wildcard kernel/tests/*.cpp kernel/tests/*/*.cpp)
kernel_host_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all

$(HOST_OUT)/kernel/%.o: host_flags += $(kernel_host_sanitize)

$(eval $(call host-program,kernel-host,$(kernel_host) $(kernel_host_tests) \
  tools/test/doctest_tap.cpp,$(kernel_host_sanitize)))
$(eval $(call suite,kernel-host,$(HOST_OUT)/kernel-host,$(HOST_OUT)/kernel-host))
