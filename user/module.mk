# SPDX-License-Identifier: BSD-2-Clause
#
# User programs. Each is one of
#
#   $(eval $(call root-task,NAME,SOURCES))    what the kernel starts:
#                                             make run ROOT=build/.../user/NAME.elf
# @cond LAB2
#   $(eval $(call program,NAME,SOURCES))      what another program starts, as a process
# @endcond
#
# has the library (user/lib) with it, and is made as $(OUT)/user/NAME.elf.
# Read next: user/lib/program.hpp.
# @stage{1}

user_link := -Tuser/lib/program.ld

user_lib := $(addprefix user/lib/,allocator.cpp boot_info.cpp console.cpp machine.cpp string.cpp \
  string_search.cpp vspace.cpp) platform/tests/lib/device_tree.cpp
# @cond LAB4
user_lib += user/lib/todo.cpp
# @endcond
root-task = $(call guest-program,user/$1,$2 $(user_lib) \
  user/lib/root_start.S user/lib/root_start.cpp,$(user_link))

# What a root task with tests needs (user/lib/test.hpp).
user_test_lib := $(addprefix user/lib/,test_main.cpp test.cpp test_report.cpp test_run_alone.cpp)
# @cond LAB2

# Threads, and who is told of their faults.
user_faults := user/lib/fault_buffer.cpp
# @cond NONE
user_faults := $(if $(filter sel4,$(PROFILE)),user/lib/fault_endpoint.cpp,$(user_faults))
# @endcond
user_thread_lib := user/lib/thread.cpp user/lib/fault.cpp $(user_faults)
user_test_lib := $(user_test_lib:%_alone.cpp=%_threads.cpp) $(user_thread_lib)

# Programs that are started as processes, and what starts them.
program = $(call guest-program,user/$1,$2 $(user_lib) \
  user/lib/program_start.S user/lib/program_start.cpp,$(user_link))
user_process_lib := $(user_faults) \
  $(addprefix user/lib/,process.cpp process_space.cpp plan.cpp elf.cpp fault.cpp)
# @cond LAB5
user_process_lib += user/lib/peer_space.cpp
# @endcond
user_root := user/root/main.cpp
# @cond LAB5

# Programs that call each other over shared rings, and the root task that connects them.
user_runtime := $(runtime_sources) runtime/riscv/interrupt_entry.S
async-program = $(call program,$1,$2 user/lib/async_process.cpp user/lib/broker.cpp $(user_runtime))
user_broker := $(patsubst %,user/root/%.cpp,async_root broker broker_end broker_links) \
  $(user_runtime)
# @cond LAB7
user_broker += user/root/card.cpp
# @endcond
user_root := user/root/async_main.cpp $(user_broker)
# @endcond
# @cond NONE
user_root := $(if $(filter sel4,$(PROFILE)),user/root/main.cpp,$(user_root))
# @endcond

# $(call root-with-programs,NAME,ARCHIVE-SOURCE,PROGRAMS): the root task that starts these programs.
# It brings them along in an archive, without debug information.
define root-with-programs
$(call root-task,$1,$(or $5,$(user_root)) user/root/programs.cpp user/root/archive.cpp $2 \
  $(user_process_lib))
$(OUT)/user/$1.cpio: $(3:%=$(OUT)/user/stripped/%.elf) tools/archive.py
	$$(call step,PACK,$$@)
	$$(Q)tools/archive.py $$@ $$(filter %.elf,$$^)
$(OUT)/$2.o: $(OUT)/user/$1.cpio
$(OUT)/$2.o: compile_flags += -D$4='"$(OUT)/user/$1.cpio"'
endef

$(OUT)/user/stripped/%.elf: $(OUT)/user/%.elf
	@mkdir -p $(@D)
	$(Q)$(OBJDUMP:%objdump=%objcopy) --strip-all $< $@

$(eval $(call program,hello,user/hello/main.cpp))
$(eval $(call root-with-programs,root,user/root/archive.S,hello,ARCHIVE))

# The same with programs that do not end well, to be tested.
root_test_programs := fail hello fault
$(eval $(call program,fail,user/root/tests/fail.cpp))
$(eval $(call program,fault,user/root/tests/fault.cpp))
$(eval $(call root-with-programs,root-test,user/root/tests/archive.S,$(root_test_programs),\
  TEST_ARCHIVE))

# @cond LAB5
# Two processes that talk to each other, in the way of the profile.
way := async
way_root :=
# @cond NONE
sync-program = $(call program,$1,$2 $(runtime_host_sources))
ifeq (sel4,$(PROFILE))
way := sync
user_sync_root := user/root/sync_root.cpp user/root/card.cpp
way_root := user/root/sync_main.cpp $(user_sync_root)
endif
# @endcond
$(eval $(call $(way)-program,pingpong,user/pingpong/client.cpp))
$(eval $(call $(way)-program,pingpong-server,user/pingpong/$(way)_server.cpp))
$(eval $(call root-with-programs,pingpong-root,user/pingpong/archive.S,pingpong pingpong-server,\
  PINGPONG_ARCHIVE,$(way_root)))

# @cond LAB6
# A server that maps and unmaps pages for others.
memory_server := user/memory/$(way)_server.cpp user/memory/space.cpp
$(eval $(call $(way)-program,memory,user/memory/client.cpp))
$(eval $(call $(way)-program,memory-server,$(memory_server) \
  $(if $(filter async,$(way)),user/lib/async_calls.cpp)))
$(eval $(call root-with-programs,memory-root,user/memory/archive.S,memory memory-server,\
  MEMORY_ARCHIVE,$(way_root)))

# @endcond
# Programs that are ended at random times of their traffic.
# @cond NONE
ifneq (sel4,$(PROFILE))
# @endcond
$(eval $(call async-program,echo,user/root/tests/echo.cpp))
$(eval $(call async-program,visitor,user/root/tests/visitor.cpp))
$(eval $(call async-program,intruder,user/root/tests/intruder.cpp))
$(eval $(call root-with-programs,deaths,user/root/tests/deaths_archive.S,echo visitor intruder,\
  DEATHS_ARCHIVE,user/root/tests/deaths.cpp $(user_broker)))
# As many as there can be.
$(eval $(call async-program,crowd-server,user/root/tests/crowd_server.cpp))
$(eval $(call async-program,guest,user/root/tests/guest.cpp))
$(eval $(call root-with-programs,crowd,user/root/tests/crowd_archive.S,crowd-server guest,\
  CROWD_ARCHIVE,user/root/tests/crowd.cpp $(user_broker)))
# One that asks for more than there is.
$(eval $(call async-program,greedy,user/root/tests/greedy.cpp))
$(eval $(call root-with-programs,greedy-root,user/root/tests/greedy_archive.S,\
  greedy pingpong-server,GREEDY_ARCHIVE))
# One that waits for ever.
$(eval $(call root-with-programs,idle-root,user/root/tests/idle_archive.S,echo,IDLE_ARCHIVE))
# @cond NONE
endif
# @endcond

# @endcond
# What reads files that may be damaged, tested on this machine.
user_host := user/lib/elf.cpp user/lib/plan.cpp user/root/archive.cpp \
  $(wildcard user/tests/host/*.cpp)
user_host_sanitize := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
$(HOST_OUT)/user/%.o: host_flags += $(user_host_sanitize)
$(eval $(call host-program,user-host,$(user_host) tools/test/doctest_tap.cpp,\
  $(user_host_sanitize)))
$(eval $(call suite,user-host,$(HOST_OUT)/user-host,$(HOST_OUT)/user-host))

# The test framework itself.
$(eval $(call root-task,framework,user/tests/framework/misbehaving.cpp $(user_test_lib)))
framework_needs := $(OUT)/kernel.elf $(OUT)/user/framework.elf emulator
$(eval $(call suite,framework,$(framework_needs),user/tests/framework/check.py \
  --qemu '$$(QEMU)' --firmware '$$(FIRMWARE)' --kernel $(OUT)/kernel.elf \
  --root $(OUT)/user/framework.elf --harts $(CPUS) --instructions 1500000000))
$(eval $(call suite-with-options,framework,rel4-1,PROFILE=rel4 CPUS=1))

# Suite `root` and its runs with other options.
root_needs := $(OUT)/kernel.elf $(OUT)/user/root.elf $(OUT)/user/root-test.elf emulator
# @cond LAB5
root_needs += $(OUT)/user/pingpong-root.elf
# @cond LAB6
root_needs += $(OUT)/user/memory-root.elf
# @endcond
# @cond NONE
ifneq (sel4,$(PROFILE))
# @endcond
root_needs += $(addprefix $(OUT)/user/,deaths.elf crowd.elf greedy-root.elf idle-root.elf)
# @cond NONE
endif
# @endcond
# @endcond
$(eval $(call suite,root,$(root_needs),user/root/check.sh \
  '$$(QEMU)' '$$(FIRMWARE)' $(OUT) $(CPUS) $(PROFILE)))
$(eval $(call suite-with-options,root,rel4-1,PROFILE=rel4 CPUS=1))
$(eval $(call suite-with-options,root,$(other_toolchain),TOOLCHAIN=$(other_toolchain)))
# @endcond
# @cond NONE

# One more, which calls.
ifeq (sel4,$(PROFILE))
$(eval $(call root-task,caller,user/root/tests/caller.cpp $(user_thread_lib)))
test-root: $(OUT)/user/caller.elf
endif
$(eval $(call suite-with-options,framework,sel4-1,PROFILE=sel4 CPUS=1))
$(eval $(call suite-with-options,root,sel4-1,PROFILE=sel4 CPUS=1))
$(eval $(call suite-with-options,root,sel4-4,PROFILE=sel4 CPUS=4 DEBUG=1))

# $(call user-floating-point,SOURCES): these sources may use floating-point registers. Arguments
# still travel in integer registers, so that they can be linked with all others.
define user-floating-point
$(1:%=$(OUT)/%.o): target_gnu := -misa-spec=2.2 -march=rv64gc
$(1:%=$(OUT)/%.o): target_llvm := --target=riscv64-unknown-elf -march=rv64gc
endef
# @endcond
