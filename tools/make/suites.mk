# SPDX-License-Identifier: BSD-2-Clause
#
# Test suites. A suite is a command that writes TAP 13 to its standard output:
#
#   $(eval $(call suite,NAME,NEEDS,COMMAND))         makes the goal test-NAME
#   $(eval $(call suite-with-options,NAME,SUFFIX,OPTIONS))      makes test-NAME-SUFFIX
#   $(eval $(call suite-of-other-toolchain,NAME))    makes test-NAME-gnu or test-NAME-llvm
#
# The second is suite NAME again, with other options of make: those with one SUFFIX share a build,
# so they take turns. The third is that with programs of the compiler that was not chosen.
# A suite's goal shows the TAP and leaves it in $(RESULTS)/NAME.tap. `make test` runs every suite,
# whatever fails, then shows every failure again; its last line is "N passed, N failed". A suite
# that cannot be built, crashes or writes no complete TAP is a failure of its own.
# COMMAND holds no comma; a goal `lint: test-lint ## ...` gives a suite a line in `make help`.

RESULTS := $(BUILD)/results
suites :=
variants :=
suffixes :=

define suite
suites += $1
.PHONY: test-$1
test-$1: $2
	@tools/test/suite.sh $(RESULTS)/$1.tap $3
	@tools/test/summary.py --counts $(RESULTS) $1
endef

other_toolchain = $(if $(filter gnu,$(toolchain)),llvm,gnu)

define suite-with-options
variants += $1-$2
suffixes := $(sort $(suffixes) $2)
variants-$2 += $1-$2
.PHONY: test-$1-$2
test-$1-$2:
	@mkdir -p $(RESULTS)/$2
	@flock $(RESULTS)/$2 $$(MAKE) test-$1 $3 RESULTS=$(RESULTS)/$2 || true
	@mv $(RESULTS)/$2/$1.tap $(RESULTS)/$1-$2.tap
endef

suite-of-other-toolchain = $(call suite-with-options,$1,$(other_toolchain),\
  TOOLCHAIN=$(other_toolchain))

# Suites run one after the other, for they share builds; what one needs is built by all processors.
# Then those with other options, suffix by suffix: as many at a time as there are processors.
processors := $(shell nproc)
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,--jobs=$(processors))
timed = $(RESULTS) $$suite $(MAKE) $(jobs) test-$$suite

.PHONY: test
test: ## Run every test suite
	@rm -rf -- $(RESULTS)
	+@for suite in $(suites); do tools/test/timed.sh $(timed); done
	+@printf '%s\n' $(foreach suffix,$(suffixes),'$(variants-$(suffix))') | \
	    xargs -P $(processors) -I % \
	    bash -c 'for suite in %; do tools/test/timed.sh --beside $(timed); done'
	@tools/test/summary.py $(RESULTS) $(suites) $(variants)
