# SPDX-License-Identifier: BSD-2-Clause
#
# The machine tests: every program is linked twice, for the two environments of lib/environment.hpp,
# as $(OUT)/tests/bare/NAME.elf and $(OUT)/tests/sbi/NAME.elf. run.py starts them on both boards.
# Read next: platform/tests/README.md.

tests_folder := platform/tests
tests := $(patsubst $(tests_folder)/%.cpp,%,$(wildcard $(tests_folder)/*.cpp))
tests_environments := bare sbi

tests_lib := $(filter-out $(foreach e,$(tests_environments),%/$e.cpp %/$e.S),\
  $(wildcard $(tests_folder)/lib/*.cpp $(tests_folder)/lib/*.S))
tests_link := -T$(tests_folder)/lib/guest.ld
tests_link_bare := $(tests_link) -Wl,--defsym=image_start=0x80000000
tests_link_sbi := $(tests_link) -Wl,--defsym=image_start=0x80200000

# U-mode runs the code at other addresses than it is linked for (lib/paging.hpp), where a jump
# table would lead astray.
$(OUT)/$(tests_folder)/%.o: guest_flags += -fno-jump-tables

# $(call test-program,NAME,ENVIRONMENT)
test-program = $(call guest-program,tests/$2/$1,$(tests_folder)/$1.cpp $(tests_lib) \
  $(tests_folder)/lib/$2.cpp $(tests_folder)/lib/$2.S,$(tests_link_$2))

$(foreach e,$(tests_environments),$(foreach t,$(tests),$(eval $(call test-program,$t,$e))))

tests_programs := $(foreach e,$(tests_environments),$(tests:%=$(OUT)/tests/$e/%.elf))
$(eval $(call suite,machine,$(tests_programs) emulator,platform/tests/run.py \
  --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --programs $(OUT)/tests \
  $(if $(FILTER),--filter '$(FILTER)')))

test-machine: ## Run the machine tests (FILTER=text: only those with the text in their name)

# Network scripts, which only the network's tests need.
tests_peer := $(OUT)/tests/bare/network.elf $(OUT)/tests/sbi/exit.elf
$(eval $(call suite,peer,$(tests_peer) emulator,platform/tests/run.py peer \
  --qemu '$(QEMU)' --firmware '$(FIRMWARE)' --programs $(OUT)/tests \
  $(if $(FILTER),--filter '$(FILTER)')))

test-peer: ## Run the tests of network scripts (FILTER=text: only those with the text in their name)
