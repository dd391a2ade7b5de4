# SPDX-License-Identifier: BSD-2-Clause
#
# The conformance suite: a root task with all tests of this folder. `make test-conformance` runs
# it on the kernel that the options describe; the other suites are the same with other options.
# Read next: user/tests/README.md.
# @stage{1}

conformance_sources := $(wildcard user/tests/*.cpp user/tests/*.S)
# @cond LAB3
conformance_sources += runtime/riscv/interrupt_entry.S
# @endcond
# @cond LAB5
conformance_sources += $(wildcard runtime/*.cpp)
# @endcond
# @cond NONE
sel4_tests := $(addprefix user/tests/,puppet% ipc_% reply_% fault_sel4% fpu% domain% fastpath%)
rel4_tests := user/tests/fault_rel4%
conformance_sources := $(filter-out \
  $(if $(filter sel4,$(PROFILE)),$(rel4_tests),$(sel4_tests)),$(conformance_sources))
$(eval $(call user-floating-point,user/tests/fpu.S))
# @endcond
$(eval $(call root-task,conformance,$(conformance_sources) $(user_test_lib)))

conformance_needs := $(OUT)/kernel.elf $(OUT)/user/conformance.elf emulator
$(eval $(call suite,conformance,$(conformance_needs),user/tests/run.py \
  --qemu '$$(QEMU)' --firmware '$$(FIRMWARE)' --kernel $(OUT)/kernel.elf \
  --root $(OUT)/user/conformance.elf --harts $(CPUS) --board $(run_board) \
  $(if $(FILTER),--filter '$(FILTER)')))

test-conformance: ## Run the conformance suite (FILTER=text: only tests with this in their name)

$(eval $(call suite-with-options,conformance,rel4-1,PROFILE=rel4 CPUS=1))
$(eval $(call suite-with-options,conformance,debug,DEBUG=1))
$(eval $(call suite-with-options,conformance,fpga,PLATFORM=fpga))
$(eval $(call suite-with-options,conformance,$(other_toolchain),TOOLCHAIN=$(other_toolchain)))
# @cond NONE
$(eval $(call suite-with-options,conformance,sel4-1,PROFILE=sel4 CPUS=1))
$(eval $(call suite-with-options,conformance,sel4-4,PROFILE=sel4 CPUS=4))
$(eval $(call suite-with-options,conformance,sel4-slow,PROFILE=sel4 CPUS=1 FASTPATH=0))
$(eval $(call suite-with-options,conformance,sel4-slow-4,PROFILE=sel4 CPUS=4 FASTPATH=0 \
  TOOLCHAIN=$(other_toolchain)))
$(eval $(call suite-with-options,conformance,sel4-domains,PROFILE=sel4 CPUS=1 DOMAINS=4))
$(eval $(call suite-with-options,conformance,sel4-domains-4,PROFILE=sel4 CPUS=4 DOMAINS=4))
$(eval $(call suite-with-options,conformance,sel4-debug,PROFILE=sel4 CPUS=4 DEBUG=1 \
  TOOLCHAIN=$(other_toolchain)))

# Scripts of IPC give the same transcripts with and without the fastpath, from both compilers.
fastpath_build = $(BUILD)/$1-sel4-$(PLATFORM)-cpus1-debug0$(if $(filter 0,$2),-slow)
fastpath_machines := $(foreach t,llvm gnu,$(foreach f,1 0,\
  --machine $(call fastpath_build,$t,$f)/kernel.elf \
  $(call fastpath_build,$t,1)/user/conformance.elf))
fastpath_make = @$(MAKE) PROFILE=sel4 CPUS=1 DEBUG=0 DOMAINS=1 TOOLCHAIN=$1 FASTPATH=$2 \
  $(addprefix $(call fastpath_build,$1,$2)/,kernel.elf $3)

.PHONY: fastpath-programs
fastpath-programs:
	$(call fastpath_make,llvm,1,user/conformance.elf)
	$(call fastpath_make,llvm,0)
	$(call fastpath_make,gnu,1,user/conformance.elf)
	$(call fastpath_make,gnu,0)

$(eval $(call suite,fastpath,fastpath-programs emulator,user/tests/fastpath_check.py \
  --qemu '$$(QEMU)' --firmware '$$(FIRMWARE)' $(fastpath_machines)))

test-fastpath: ## Compare what threads see with and without the fastpath
# @endcond
