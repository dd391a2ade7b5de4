# SPDX-License-Identifier: BSD-2-Clause
#
# The last fragment: what can only be said once every module has named its programs.

objects := $(sort $(guest_sources:%=$(OUT)/%.o) $(host_sources:%=$(HOST_OUT)/%.o))
-include $(objects:.o=.d)

.PHONY: all compile_commands
all: $(programs) ## Build every program, run nothing

# Always for clang, which is what reads it; so it is made by a make with TOOLCHAIN=llvm.
compile_commands: ## Write compile_commands.json, for editors and clang-tidy
	@$(MAKE) TOOLCHAIN=llvm $(BUILD)/compile_commands.json

sources := $(sort $(guest_sources)) -- $(sort $(host_sources))
$(eval $(call stamp,$(BUILD)/sources,$(OUT) $(sources)))
$(BUILD)/compile_commands.json: $(OUT)/flags $(HOST_OUT)/flags $(BUILD)/sources
	$(call step,JSON,$@)
	$(Q)tools/make/compile_commands.py $@ '$(CXX) $(guest_flags)' $(sort $(guest_sources)) -- \
	    '$(HOST_CXX) $(host_flags)' $(sort $(host_sources))
