# SPDX-License-Identifier: BSD-2-Clause
#
# Checks and layout of the whole tree. `make lint` is a test suite like any other.

own_code := $(HOST_OUT)/own_code.so
own_code_flags := -fPIC -fno-rtti -isystem /usr/lib/llvm-19/include
host_sources += tools/lint/own_code.cpp
$(own_code): host_flags += $(own_code_flags)
$(own_code): $(HOST_OUT)/tools/lint/own_code.cpp.o $(HOST_OUT)/flags
	$(call step,LINK,$@)
	$(Q)$(HOST_CXX) $(host_flags) -shared $< -o $@
$(HOST_OUT)/tools/lint/own_code.cpp.o: $(BUILD)/packages-lint

$(eval $(call suite,lint,$(own_code) compile_commands,tools/lint/lint.py $(BUILD)))

.PHONY: lint fmt
lint: test-lint ## Check licences, layout, scripts, coroutine rules and clang-tidy

fmt: $(BUILD)/packages-lint ## Lay out all C++ with clang-format
	$(Q)tools/lint/format.sh
