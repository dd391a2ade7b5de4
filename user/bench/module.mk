# SPDX-License-Identifier: BSD-2-Clause
#
# Benchmarks of synchronous operations: `make bench-sync`. They are for PROFILE=sel4 on one hart in
# release builds, whatever the options say; the short paths are measured and left out in turn. The
# size of the kernel is that of PROFILE=rel4.
# Read next: user/bench/sync.cpp, tools/bench/sync.py.
# @stage{none}

bench_sources := $(filter-out user/bench/async%,$(wildcard user/bench/*.cpp user/bench/*.S))
bench_library := $(addprefix user/lib/,allocator.cpp boot_info.cpp console.cpp machine.cpp \
  string.cpp vspace.cpp thread.cpp root_start.S root_start.cpp) platform/tests/lib/device_tree.cpp
# user/module.mk, which has root-task, is read later than this file.
ifeq (sel4,$(PROFILE))
$(eval $(call guest-program,user/bench-sync,$(bench_sources) $(bench_library),\
  -Tuser/lib/program.ld))
endif

bench_settings := CPUS=1 DEBUG=0 PLATFORM=qemu DOMAINS=1 TOOLCHAIN=$(toolchain)
bench_folder = $(BUILD)/$(toolchain)-$1-qemu-cpus1-debug0$2
bench_make = $(MAKE) $(bench_settings) PROFILE=$1 FASTPATH=$2

.PHONY: bench-sync
bench-sync: emulator ## Measure synchronous operations, in instructions, against seL4
	+@$(call bench_make,sel4,1) \
	    $(addprefix $(call bench_folder,sel4)/,kernel.elf user/bench-sync.elf)
	+@$(call bench_make,sel4,0) \
	    $(addprefix $(call bench_folder,sel4,-slow)/,kernel.elf user/bench-sync.elf)
	+@$(call bench_make,rel4,1) $(call bench_folder,rel4)/kernel.elf
	@tools/bench/sync.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --toolchain $(toolchain) \
	    $(if $(toolchain_warning),--old-compiler) \
	    --fast $(call bench_folder,sel4) --slow $(call bench_folder,sel4,-slow) \
	    --small $(call bench_folder,rel4) --out $(BUILD)/bench/sync-$(toolchain).json

# Asynchronous ones, and their synchronous twins.
bench_async := $(filter-out %_limit.cpp,$(wildcard user/bench/async*.cpp)) \
  user/bench/samples.cpp user/bench/space.cpp user/bench/timed.S \
  runtime/riscv/interrupt_entry.S $(wildcard runtime/*.cpp) $(bench_library)
$(eval $(call guest-program,user/bench-async,$(bench_async),-Tuser/lib/program.ld))

# The cost of an asynchronous message by itself.
bench_limit := user/bench/async_limit.cpp user/bench/async_figures.cpp user/bench/samples.cpp \
  user/lib/thread.cpp
$(eval $(call guest-program,user/bench-async-limit,$(sort $(bench_limit) \
  $(wildcard runtime/*.cpp) $(bench_library)),-Tuser/lib/program.ld))
