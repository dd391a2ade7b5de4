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

# A disk that fills up during a build gives a different error from each tool: look before.
BUILD_SPACE := 100
free_space = $(lastword $(shell df --output=avail --block-size=1M .))
ifneq (,$(needs_setup))
$(if $(shell [[ $(free_space) -ge $(BUILD_SPACE) ]] || echo full),$(error \
  The disk of this folder has $(free_space) MB left and a build needs $(BUILD_SPACE): free some, \
  then give the same command again))
endif

# The packages of a group are looked at again when their list changes, or what is installed does.
$(BUILD)/packages-%: tools/setup/packages.txt $(wildcard /var/lib/dpkg/status)
	@mkdir -p $(@D)
	@tools/setup/setup.sh packages $*
	@touch $@
