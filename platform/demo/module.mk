# SPDX-License-Identifier: BSD-2-Clause
#
# `make demo`: two user programs on two harts interrupt each other. Built like a machine test of
# the bare environment, whose library it uses.
# Read next: demo.cpp
# @cond NONE
# tools/demo/module.mk, for the rest of it.
# @endcond

demo_sources := platform/demo/demo.cpp \
  $(filter-out %/sbi.cpp %/sbi.S,$(wildcard platform/tests/lib/*.cpp platform/tests/lib/*.S))
demo_link := -Tplatform/tests/lib/guest.ld -Wl,--defsym=image_start=0x80000000
$(eval $(call guest-program,demo,$(demo_sources),$(demo_link)))

demo_board := $(if $(filter fpga,$(PLATFORM)),fpga,virt)

.PHONY: demo
demo: $(OUT)/demo.elf | emulator ## See user interrupts, and what they are good for, at work
	@tools/emulator/run.py --qemu '$(QEMU)' --board $(demo_board) --harts 2 --kernel $<
# @cond NONE
	@$(MAKE) --no-print-directory demo-calls
	@$(MAKE) --no-print-directory demo-network
# @endcond

$(eval $(call suite,demo,$(OUT)/demo.elf emulator,\
  platform/demo/check.sh '$$(QEMU)' $(OUT)/demo.elf))
