# SPDX-License-Identifier: BSD-2-Clause
#
# Rings between two harts, for as long as one likes: `make ring-stress ITEMS=n SEED=s`, with real
# parallelism, and a short run as a suite.
# Read next: user/stress/rings.cpp.
# @stage{none}

ITEMS := 200000000
$(eval $(call root-task,ring-stress,user/stress/rings.cpp user/lib/thread.cpp))

stress_files := $(OUT)/kernel.elf $(OUT)/user/ring-stress.elf
stress_command = tools/emulator/run.py --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --memory 128M \
  --harts $(CPUS) --kernel $(OUT)/kernel.elf --initrd $(OUT)/user/ring-stress.elf

.PHONY: ring-stress
ring-stress: $(stress_files) | emulator ## Messages through rings between two harts: ITEMS=n SEED=s
	@$(stress_command) --append 'items=$(ITEMS) seed=$(SEED)'

$(eval $(call suite,ring-stress,$(stress_files) emulator,user/stress/check.sh \
  $$(stress_command)))
