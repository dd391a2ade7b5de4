# SPDX-License-Identifier: BSD-2-Clause
#
# Suite `boot`: boots with broken root tasks, and with a good one, kernel/tests/boot/guest, that
# looks at what it was given.
# Read next: kernel/tests/boot/test_boot.py.
# @stage{none}

boot_world := $(addprefix kernel/tests/boot/guest/,start.S world.cpp) user/lib/console.cpp \
  user/lib/string.cpp user/lib/string_search.cpp platform/tests/lib/device_tree.cpp
$(eval $(call guest-program,tests/world,$(boot_world),-Tuser/lib/program.ld))
$(eval $(call suite,boot,$(OUT)/kernel.elf $(OUT)/tests/world.elf emulator,\
  env KERNEL=$(OUT)/kernel.elf WORLD=$(OUT)/tests/world.elf QEMU='$$(QEMU)' \
  FIRMWARE='$$(FIRMWARE)' CPUS=$(CPUS) BOARD=$$(run_board) \
  tools/test/python_tests.py kernel/tests/boot))
$(eval $(call suite-with-options,boot,fpga,PLATFORM=fpga))
$(eval $(call suite-with-options,boot,sel4-1,PROFILE=sel4 CPUS=1))
