# SPDX-License-Identifier: BSD-2-Clause
#
# The fuzzer of system calls, on debug builds of both profiles for one hart and for four, whose
# kernels check themselves after every call: `make fuzz SECONDS=n SEED=s`, and a short run of fixed
# length as a suite.
# Read next: user/fuzz/main.cpp, user/fuzz/run.py.
# @stage{none}

fuzz_sources := $(filter-out user/fuzz/faults_$(if $(filter sel4,$(PROFILE)),rel4,sel4).cpp,\
  $(wildcard user/fuzz/*.cpp)) user/bench/alarm.cpp
$(eval $(call root-task,fuzz,$(fuzz_sources) runtime/riscv/interrupt_entry.S))

SECONDS := 60
SEED := 1

fuzz_programs := kernel.elf user/fuzz.elf
fuzz_folder = $(BUILD)/$(toolchain)-$1-qemu-cpus$2-debug1
fuzz_make = +@$(MAKE) PROFILE=$1 CPUS=$2 DEBUG=1 PLATFORM=qemu FASTPATH=1 DOMAINS=1 \
  TOOLCHAIN=$(toolchain) $(fuzz_programs:%=$(call fuzz_folder,$1,$2)/%)

fuzz_targets := $(foreach cpus,1 4,$(foreach profile,rel4 sel4,\
  $(call fuzz_folder,$(profile),$(cpus))=$(cpus)))

.PHONY: fuzz fuzz-programs
fuzz: fuzz-programs emulator ## Random system calls for SECONDS=n, from SEED=n on
	@user/fuzz/run.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --seed $(SEED) \
	    --seconds $(SECONDS) --calls 200000 $(fuzz_targets)

fuzz-programs:
	$(call fuzz_make,rel4,1)
	$(call fuzz_make,sel4,1)
	$(call fuzz_make,rel4,4)
	$(call fuzz_make,sel4,4)

$(eval $(call suite,fuzz,fuzz-programs emulator,user/fuzz/run.py --tap --qemu '$$(QEMU)' \
  --firmware '$$(FIRMWARE)' --calls 40000 --runs 1 $(fuzz_targets)))
