# SPDX-License-Identifier: BSD-2-Clause
#
# How programs are built. In a module.mk, with sources (.cpp, .S) named from the top folder:
#
#   $(eval $(call guest-program,NAME,SOURCES,LINK-FLAGS))   RISC-V, freestanding
#       makes $(OUT)/NAME.elf, and with it NAME.asm (disassembly) and NAME.sym (symbols)
#   $(eval $(call host-program,NAME,SOURCES,LINK-FLAGS))    for this machine
#       makes $(HOST_OUT)/NAME
#
# NAME may hold slashes. A guest program's linker script is named -Tpath/file.ld, without a
# space; the program is linked again when it changes. Flags that hold commas come from a variable:
#   link := -Tplatform/tests/lib/guest.ld -Wl,--defsym=image_start=0x80000000
#   $(eval $(call guest-program,tests/csr,platform/tests/csr.cpp $(lib),$(link)))
#
# Always holds: OUT is another folder for every setting of the options, so objects never mix;
# objects are made again when their source, a header of ours or the flags change, and programs
# when their module.mk does. One object serves every program that names its source.

OUT = $(BUILD)/$(toolchain)-$(PROFILE)-$(PLATFORM)-cpus$(CPUS)-debug$(DEBUG)$(variant)
# @cond NONE
variant = $(if $(filter 0,$(FASTPATH)),-slow)$(if $(filter 1,$(DOMAINS)),,-domains$(DOMAINS))$\
  $(if $(filter 1,$(TRACE)),-trace)
# @endcond
HOST_OUT := $(BUILD)/host

# A header that is deleted, or a renamed checkout, must not need a clean: -MP, -ffile-prefix-map.
compile_flags = -MMD -MP -ffile-prefix-map="$$PWD"=.

# What one checkout has compiled no other compiles again, derived trees included. COMPILE_CACHE=
# does without it.
COMPILE_CACHE = $(if $(shell command -v ccache),ccache)
export CCACHE_DIR ?= $(or $(REL4_CACHE),$(HOME)/.cache/rel4)/ccache

guest_sources :=
host_sources :=
programs :=
this_module = $(lastword $(filter %module.mk,$(MAKEFILE_LIST)))

define guest-program
guest_sources += $2
programs += $(OUT)/$1.elf
$(OUT)/$1.elf: $(2:%=$(OUT)/%.o) $(patsubst -T%,%,$(filter -T%,$3)) $(OUT)/flags $(this_module)
	$$(call step,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CXX) $$(guest_link_flags) $3 $(2:%=$(OUT)/%.o) $$(libgcc) -o $$@
	$$(Q)$$(OBJDUMP) --disassemble --source --demangle $$@ > $$(@:.elf=.asm)
	$$(Q)$$(NM) --numeric-sort --demangle $$@ > $$(@:.elf=.sym)
endef

define host-program
host_sources += $2
programs += $(HOST_OUT)/$1
$(HOST_OUT)/$1: $(2:%=$(HOST_OUT)/%.o) $(HOST_OUT)/flags $(this_module)
	$$(call step,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CXX) $$(host_flags) $(2:%=$(HOST_OUT)/%.o) $3 -o $$@
endef

ifdef toolchain
$(eval $(call stamp,$(OUT)/flags,$(CXX) $(toolchain_version) $(guest_flags) $(guest_link_flags)))
$(eval $(call stamp,$(HOST_OUT)/flags,$(HOST_CXX) $(host_flags)))

$(OUT)/%.cpp.o: %.cpp $(OUT)/flags
	@mkdir -p $(@D)
	$(call step,CXX,$<)
	$(Q)$(COMPILE_CACHE) $(CXX) $(guest_flags) $(compile_flags) -c $< -o $@

$(OUT)/%.S.o: %.S $(OUT)/flags
	@mkdir -p $(@D)
	$(call step,AS,$<)
	$(Q)$(CXX) -x assembler-with-cpp $(target_$(toolchain)) -mabi=lp64 -I. -g \
	    $(compile_flags) -c $< -o $@

$(HOST_OUT)/%.cpp.o: %.cpp $(HOST_OUT)/flags
	@mkdir -p $(@D)
	$(call step,CXX,$< (host))
	$(Q)$(COMPILE_CACHE) $(HOST_CXX) $(host_flags) $(compile_flags) -c $< -o $@
endif
