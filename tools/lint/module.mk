# SPDX-License-Identifier: BSD-2-Clause
#
# Checks and layout of the whole tree. `make lint` is a test suite like any other.

$(eval $(call suite,lint,$(BUILD)/packages-lint compile_commands,tools/lint/lint.py $(BUILD)))

.PHONY: lint fmt
lint: test-lint ## Check licences, layout, scripts, coroutine rules and clang-tidy

fmt: $(BUILD)/packages-lint ## Lay out all C++ with clang-format
	$(Q)tools/lint/format.sh
