# SPDX-License-Identifier: BSD-2-Clause
#
# The loader of boards, $(OUT)/loader.elf. It lies near the end of the least memory that a board
# has, 128 MiB, out of the way of what it loads and of where firmware puts the device tree.
# Read next: README.md, loader.cpp.

loader_at := 0x87c00000
loader_link := -Tplatform/tests/lib/guest.ld -Wl,--defsym=image_start=$(loader_at)
$(eval $(call guest-program,loader,$(wildcard platform/loader/*.S platform/loader/*.cpp),\
  $(loader_link)))

.PHONY: loader board
loader: $(OUT)/loader.elf ## Build the loader of boards
	@echo "$<"

LINK := $(BUILD)/board
board: $(OUT)/loader.elf emulator ## Play a board at a serial line, build/board (LINK=path)
	@tools/emulator/board.py '$(LINK)' --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --loader $< \
	    --harts $(CPUS)
