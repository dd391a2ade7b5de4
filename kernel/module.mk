# SPDX-License-Identifier: BSD-2-Clause
#
# The kernel, $(OUT)/kernel.elf, and `make run`, which boots a root task on it:
#
#   make run [ROOT=program.elf] [MEM=size] [GDB=1] [PROFILE=...] [CPUS=n] [DEBUG=1] [PLATFORM=...]
#
# ROOT is any root task, of ours or built by others. The console is on the terminal; the machine
# has CPUS harts and MEM memory; GDB=1 waits for a debugger and says how to connect. If the machine
# ends with an exit status other than 0, make says "run: exit status N", and itself ends with 2, as
# always; tools/emulator/run.py, which does the work, ends with N.
# Read next: kernel/boot/boot.cpp, tools/emulator/README.md.
# @stage{1}

kernel_sources := $(wildcard kernel/[!t]*/*.cpp kernel/[!t]*/*.S)
# @cond NONE

# What only PROFILE=sel4 has, synchronous messages, and what only PROFILE=rel4 has.
kernel_sources_of_sel4 := kernel/object/endpoint.cpp kernel/object/reply.cpp \
  kernel/ipc/transfer.cpp kernel/ipc/fastpath.cpp kernel/ipc/fault_sel4.cpp
kernel_sources_of_rel4 := kernel/ipc/fault_rel4.cpp
kernel_sources := $(filter-out \
  $(if $(filter sel4,$(PROFILE)),$(kernel_sources_of_rel4),$(kernel_sources_of_sel4)),\
  $(kernel_sources))
# @endcond

$(eval $(call guest-program,kernel,$(kernel_sources),-Tkernel/kernel.ld))

# What runs seldom is made small instead of fast.
kernel_small := $(wildcard kernel/boot/*.cpp) $(addprefix kernel/,lib/print.cpp \
  syscall/debug.cpp vm/asid.cpp vm/kernel_map.cpp)
# @cond LAB2
kernel_small += $(addprefix kernel/,object/irq.cpp object/tcb_invoke.cpp \
  object/tcb_registers.cpp riscv/plic.cpp)
# @endcond
# @cond LAB3
kernel_small += kernel/object/sender_table.cpp kernel/object/vectors.cpp
# @endcond
# @cond NONE
kernel_small += kernel/object/domain.cpp
# @endcond
$(kernel_small:%=$(OUT)/%.o): guest_flags += -Os

# The kernel is compiled as a whole at link time: small functions of one file are then inlined in
# others. The functions that compilers call on their own must exist before that.
ifeq (0,$(DEBUG))
$(OUT)/kernel/%.cpp.o: guest_flags += -flto
$(OUT)/kernel/lib/memory.cpp.o: guest_flags += -fno-lto
$(OUT)/kernel.elf: guest_link_flags += -flto -O2
endif

ROOT :=
MEM := 512M
# @cond LAB7
# `make run NET=user FORWARD="8080:80 7"`: a network card, and TCP ports of this computer that lead
# to the machine; tools/emulator/README.md has the other networks.
NET :=
FORWARD :=
network := $(if $(NET),--net '$(NET)') $(FORWARD:%=--forward %)
# The machine's command line, which programs can read. An address: ARGS=net=10.0.2.15/24,10.0.2.2
ARGS :=
network += $(if $(ARGS),--append '$(ARGS)')
# @endcond
# @cond NONE
# As much as seL4's own configuration of this board has: its tests want a whole GiB in one piece.
MEM := $(if $(filter sel4,$(PROFILE)),3G,$(MEM))
# @endcond
GDB := 0
# In lab 1 its tests are the only program.
own_root := $(OUT)/user/lab1.elf
# @cond LAB2
own_root := $(OUT)/user/root.elf
# @endcond

root_task = $(or $(ROOT),$(own_root))
run_board := $(if $(filter fpga,$(PLATFORM)),fpga,virt)
run_command = tools/emulator/run.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' \
  --board $(run_board) --harts $(CPUS) --memory $(MEM) --kernel $(OUT)/kernel.elf \
  --initrd '$(root_task)' $(if $(filter 1,$(GDB)),--gdb) $(network)
# @cond NONE
# With TRACE=1 all that it does becomes a timeline.
timeline = $(BUILD)/trace/$(basename $(notdir $(root_task))).json
ifeq (1,$(TRACE))
run: $(HOST_OUT)/recorder.so
recorded = tools/trace/trace.py --recorder $(HOST_OUT)/recorder.so \
  --kernel $(OUT)/kernel.elf --out $(timeline) --
endif
# @endcond

.PHONY: run
run: $(if $(word 2,$(root_task)),,$(filter $(OUT)/%,$(root_task))) # one of ours is made first
run: $(OUT)/kernel.elf | emulator ## Boot a root task: ROOT=file, or our own
	@[[ -f '$(root_task)' ]] || { \
	    echo "make run: '$(ROOT)' is no file: give ROOT=file, the root task's ELF"; exit 1; }
	@$(recorded) $(run_command) || \
	    { status=$$?; echo "run: exit status $$status"; exit $$status; }
