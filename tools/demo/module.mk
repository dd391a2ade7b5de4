# SPDX-License-Identifier: BSD-2-Clause
#
# The second half of `make demo`: calls that trap beside calls over shared rings, on kernels of both
# profiles for one hart.
# Read next: tools/demo/calls.py.
# @stage{none}

demo_folder = $(BUILD)/$(toolchain)-$1-qemu-cpus1-debug0
demo_make = +@$(MAKE) --no-print-directory PROFILE=$1 CPUS=1 DEBUG=0 PLATFORM=qemu FASTPATH=1 \
  DOMAINS=1 TOOLCHAIN=$(toolchain) demo-profile

.PHONY: demo-calls demo-programs demo-profile
# user/module.mk, which has the programs, is read later than this file.
demo-profile: $(addprefix $(OUT)/,kernel.elf user/pingpong-root.elf user/memory-root.elf)
	@:

demo-programs:
	$(call demo_make,sel4)
	$(call demo_make,rel4)

demo-calls: demo-programs | emulator
	@tools/demo/calls.py '$(QEMU)' '$(FIRMWARE)' $(demo_folders)

demo_folders = $(call demo_folder,sel4) $(call demo_folder,rel4)
$(eval $(call suite,demo-calls,demo-programs emulator,\
  tools/demo/check.sh '$$(QEMU)' '$$(FIRMWARE)' $(demo_folders)))
