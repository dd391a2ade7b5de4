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

# @cond NONE

# What only the other profile compiles, with that profile's flags.
other_sources := $(filter-out $(guest_sources) $(host_sources) %/tests/host/%,\
  $(wildcard kernel/[!t]*/*.cpp user/*/*.cpp user/*/*/*.cpp user/*/*/*/*.cpp))
other_ipc := $(if $(filter sel4,$(PROFILE)),0,1)
other_flags = $(patsubst -DREL4_SYNCHRONOUS_IPC=%,-DREL4_SYNCHRONOUS_IPC=$(other_ipc),\
  $(guest_flags))
# @endcond

# @cond NONE
# Plugins of clang have headers of clang.
special_commands := '$(HOST_CXX) $(host_flags) $(own_code_flags)' \
  $(filter tools/lint/%,$(host_sources)) --
# @endcond

# Tests on this machine find stand-ins of some headers first.
# @cond LAB5
special_commands += '$(HOST_CXX) $(host_flags) $(lab5_flags)' \
  $(sort $(filter labs/5-runtime/%,$(host_sources))) --
# @endcond
# @cond LAB7
special_commands += '$(HOST_CXX) $(host_flags) $(lab7_flags)' \
  $(sort $(filter labs/7-tcp-server/%,$(host_sources))) --
# @endcond
special_commands += '$(HOST_CXX) $(host_flags) -iquote kernel/tests/host' \
  $(sort $(filter kernel/tests/% labs/%,$(host_sources))) --
# @cond LAB4
special_commands += '$(HOST_CXX) $(host_flags) -iquote runtime/tests/explore/stand_in' \
  $(sort $(filter runtime/tests/explore/%,$(host_sources))) --
# @endcond

# @cond LAB7
# And the net server has headers of lwIP.
special_commands += '$(CXX) $(guest_flags) $(lwip_includes)' \
  $(sort $(filter user/netsrv/%,$(guest_sources))) --
$(BUILD)/compile_commands.json: | $(lwip_tree)
# @endcond
# @cond NONE
special_commands += '$(HOST_CXX) $(host_flags) $(lwip_includes)' \
  $(sort $(filter user/netsrv/tests/device/%,$(host_sources))) --
special_commands += '$(CXX) $(or $(other_flags),$(guest_flags)) $(lwip_includes)' \
  $(sort $(filter user/netsrv/%,$(other_sources))) --
# @endcond

sources := $(sort $(guest_sources)) -- $(sort $(host_sources)) -- $(sort $(other_sources))
$(eval $(call stamp,$(BUILD)/sources,$(OUT) $(sources)))
$(BUILD)/compile_commands.json: $(OUT)/flags $(HOST_OUT)/flags $(BUILD)/sources tools/make/finish.mk
	$(call step,JSON,$@)
	$(Q)tools/make/compile_commands.py $@ $(special_commands) \
	    '$(CXX) $(guest_flags)' $(sort $(guest_sources)) -- \
	    '$(HOST_CXX) $(host_flags)' $(sort $(host_sources)) -- \
	    '$(CXX) $(or $(other_flags),$(guest_flags))' $(sort $(other_sources))
