# SPDX-License-Identifier: BSD-2-Clause
#
# Benchmarks: `make bench-sync`, `make bench-async` and `make bench-tcp`. They choose their options
# themselves.
# Synchronous operations are for PROFILE=sel4 on one hart; the short paths are measured and left out
# in turn. The size of the kernel is that of PROFILE=rel4. Asynchronous ones are for PROFILE=rel4,
# and run beside their synchronous twins in PROFILE=sel4, on one hart and on several.
# Read next: user/bench/sync.cpp, tools/bench/sync.py, user/bench/async.cpp,
# tools/bench/asynchronous.py, tools/bench/tcp.py.
# @stage{none}

bench_sources := $(filter-out user/bench/async%,$(wildcard user/bench/*.cpp user/bench/*.S))
ifeq (sel4,$(PROFILE))
$(eval $(call root-task,bench-sync,$(bench_sources) user/lib/thread.cpp))
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
  runtime/riscv/interrupt_entry.S $(wildcard runtime/*.cpp) user/lib/thread.cpp
$(eval $(call root-task,bench-async,$(bench_async)))

# Of several harts: how often times are taken, and machines.
ROUNDS := 5
HARTS := 2
bench_several = $(BUILD)/$(toolchain)-sel4-qemu-cpus4-debug0
bench_async_files = $(addprefix $1/,kernel.elf user/bench-async.elf)

.PHONY: bench-async bench-async-limit
bench-async: emulator $(HOST_OUT)/counter.so ## Measure asynchronous messages and system calls
	+@$(call bench_make,rel4,1) $(call bench_async_files,$(call bench_folder,rel4))
	+@$(call bench_make,sel4,1) $(call bench_async_files,$(call bench_folder,sel4))
	+@$(call bench_make,sel4,0) $(call bench_async_files,$(call bench_folder,sel4,-slow))
	+@$(call bench_make,sel4,1) CPUS=4 $(call bench_async_files,$(bench_several))
	@tools/bench/asynchronous.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' \
	    --toolchain $(toolchain) $(if $(toolchain_warning),--old-compiler) --rounds $(ROUNDS) \
	    --rel4 $(call bench_folder,rel4) --fast $(call bench_folder,sel4) \
	    --slow $(call bench_folder,sel4,-slow) --several $(bench_several) --harts $(HARTS) \
	    --counter $(HOST_OUT)/counter.so --out $(BUILD)/bench/async-$(toolchain).json

bench-async-limit: emulator ## What asynchronous messages cost without a kernel between them
	+@$(call bench_make,rel4,1) \
	    $(addprefix $(call bench_folder,rel4)/,kernel.elf user/bench-async-limit.elf)
	@tools/emulator/run.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --counted --memory 512M \
	    --kernel $(call bench_folder,rel4)/kernel.elf \
	    --initrd $(call bench_folder,rel4)/user/bench-async-limit.elf

# The TCP server, and its synchronous twin; real clients in ROUNDS rounds, 0 for none.
bench_tcp_several = $(BUILD)/$(toolchain)-$1-qemu-cpus4-debug0
bench_tcp_files = $(addprefix $1/,kernel.elf user/net-root.elf)

.PHONY: bench-tcp bench-tcp-exact
bench-tcp-exact: # on one hart
	+@$(call bench_make,rel4,1) $(call bench_tcp_files,$(call bench_folder,rel4))
	+@$(call bench_make,sel4,1) $(call bench_tcp_files,$(call bench_folder,sel4))

$(eval $(call suite,bench-tcp,bench-tcp-exact emulator,tools/bench/tcp_check.py '$$(QEMU)' \
  '$$(FIRMWARE)' $(call bench_folder,rel4) $(call bench_folder,sel4)))

bench_tcp_tools := $(addprefix $(HOST_OUT)/,counter.so profiler.so rel4-load)
bench-tcp: bench-tcp-exact emulator $(bench_tcp_tools) ## Measure the TCP server, both ways
	+@$(call bench_make,sel4,0) $(call bench_tcp_files,$(call bench_folder,sel4,-slow))
	+@$(call bench_make,rel4,1) CPUS=4 $(call bench_tcp_files,$(call bench_tcp_several,rel4))
	+@$(call bench_make,sel4,1) CPUS=4 $(call bench_tcp_files,$(call bench_tcp_several,sel4))
	@tools/bench/tcp.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --toolchain $(toolchain) \
	    $(if $(toolchain_warning),--old-compiler) --rounds $(ROUNDS) --nm $(NM) \
	    --rel4 $(call bench_folder,rel4) --sel4 $(call bench_folder,sel4) \
	    --slow $(call bench_folder,sel4,-slow) --rel4-harts $(call bench_tcp_several,rel4) \
	    --sel4-harts $(call bench_tcp_several,sel4) --load $(HOST_OUT)/rel4-load \
	    --counter $(HOST_OUT)/counter.so --profiler $(HOST_OUT)/profiler.so \
	    --out $(BUILD)/bench/tcp-$(toolchain).json

# The cost of an asynchronous message by itself.
bench_limit := user/bench/async_limit.cpp user/bench/async_figures.cpp user/bench/samples.cpp \
  user/lib/thread.cpp
$(eval $(call root-task,bench-async-limit,$(bench_limit) $(wildcard runtime/*.cpp)))
