# SPDX-License-Identifier: BSD-2-Clause
#
# Set-up on demand. GNU make makes the files that it includes before anything else and then
# starts afresh; the choice of the compiler is such a file, and it needs the packages. So any
# goal on a bare machine first installs what is missing. Some goals work without.
# Read next: tools/make/toolchain.mk.

.PHONY: setup doctor clean distclean
setup: emulator ## Install packages and get the emulator (other goals do it themselves)
	@tools/setup/setup.sh packages core lint

doctor: ## List every requirement, found or missing, and what mends it
	@tools/setup/doctor.sh

clean: ## Delete everything that was built here, the emulator's link included
	@rm -rf -- $(BUILD)

distclean: clean ## As clean; the emulator stays in the cache folder, which all checkouts share

goals_without_setup := help doctor clean distclean
goals := $(or $(MAKECMDGOALS),$(.DEFAULT_GOAL))

ifneq (,$(filter clean distclean,$(goals)))
  $(if $(word 2,$(goals)),$(error clean and distclean must be the only goal))
endif

needs_setup := $(filter-out $(goals_without_setup),$(goals))
dry_run := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))

# The packages of a group are looked at again when their list changes, or what is installed does.
$(BUILD)/packages-%: tools/setup/packages.txt $(wildcard /var/lib/dpkg/status)
	@mkdir -p $(@D)
	@tools/setup/setup.sh packages $*
	@touch $@
