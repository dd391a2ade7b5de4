# SPDX-License-Identifier: BSD-2-Clause
#
# The rest of `make demo`: calls that trap beside calls over shared rings, on kernels of both
# profiles for one hart; then the final system, four harts with a network card, and real clients.
#
#   make qemu [PORTS="8007 8080"]    leaves it running; ports of 127.0.0.1 for echo and HTTP
#   make soak [MINUTES=n]            everything at once, good and bad, then: what is left?
#
# Read next: tools/demo/calls.py, tools/demo/system.py.
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

# The final system.
MINUTES := 10
PORTS :=
system_folder = $(call system_of,rel4)
system_of = $(BUILD)/$(toolchain)-$1-qemu-cpus4-debug0
system_make = +@$(MAKE) --no-print-directory PROFILE=$1 CPUS=4 DEBUG=0 PLATFORM=qemu FASTPATH=1 \
  DOMAINS=1 TRACE=0 TOOLCHAIN=$(toolchain) system-programs
system_load := $(HOST_OUT)/rel4-load
system_what = '$(QEMU)' '$(FIRMWARE)' $(system_load)

.PHONY: system system-twin system-programs qemu soak demo-network
# user/netsrv/module.mk, which has the programs, is read later than this file.
system-programs: $(addprefix $(OUT)/,kernel.elf user/net-root.elf) $(system_load)
	@:

system:
	$(call system_make,rel4)

system-twin:
	$(call system_make,sel4)

demo-network: system system-twin | emulator
	@tools/demo/network.py $(system_what) $(system_folder) $(call system_of,sel4)

qemu: system-programs | emulator ## Leave the final system running: PORTS="8007 8080"
	@PORTS='$(PORTS)' tools/demo/serve.py '$(QEMU)' '$(FIRMWARE)' $(OUT) $(CPUS)

soak: $(if $(filter sel4,$(PROFILE)),system-twin,system) | emulator \
  ## Everything at once for MINUTES=n on the final system, and look for leaks
	@tools/demo/soak.py --net tap --seconds $$((60 * $(MINUTES))) $(system_what) \
	    $(call system_of,$(PROFILE))

system_soak = tools/demo/soak.py --tap --seconds 12 $(system_what) $(system_folder)
$(eval $(call suite,soak,system emulator,$(system_soak)))
$(eval $(call suite,soak-tap,system emulator,$(system_soak) --net tap))
system_clients = tools/demo/clients.py $(system_what) $(system_folder)
$(eval $(call suite,clients,system emulator,$(system_clients)))
$(eval $(call suite,clients-tap,system emulator,$(system_clients) --net tap))
