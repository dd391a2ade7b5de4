# SPDX-License-Identifier: GPL-2.0-or-later
#
# The emulator: QEMU with user interrupts, and the firmware. $(BUILD)/emulator is a link into the
# cache folder, where build.sh keeps one emulator for each state of this folder.
#   EMULATOR_PACKAGE=file.tar.gz    use this archive (of `make emulator-package`), don't compile
#   QEMU=program                    use this one; it must be of the same kind
#   REL4_CACHE=folder               where the cache is; else ~/.cache/rel4
#   REL4_KEEP_BUILD=1               keep QEMU's build folder: a change of overlay/ takes seconds
# A rule that runs the emulator has `emulator` among its order-only prerequisites.
# Read next: platform/qemu/README.md, platform/qemu/build.sh.

QEMU := $(BUILD)/emulator/bin/qemu-system-riscv64
FIRMWARE := $(BUILD)/emulator/share/fw_dynamic.bin

.PHONY: emulator emulator-package
emulator: ## Get the emulator: from the cache, from EMULATOR_PACKAGE=file, or compile it
	$(if $(filter file,$(origin QEMU)),,@platform/qemu/build.sh check '$(QEMU)')
	@platform/qemu/build.sh ensure $(BUILD)/emulator

emulator-package: emulator ## Write the emulator as an archive that other machines can use
	@platform/qemu/build.sh package $(BUILD)
