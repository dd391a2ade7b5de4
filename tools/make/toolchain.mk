# SPDX-License-Identifier: BSD-2-Clause
#
# Compilers and their flags. Sets CXX, OBJDUMP, NM, libgcc and std_includes (from the file that
# tools/make/detect.sh writes) and the flags of guest (RISC-V, freestanding) and host programs.
# Both toolchains build everything. TOOLCHAIN=auto takes riscv64-unknown-elf-g++ from PATH if
# it is 13 or newer, else LLVM 19. Debian 12 has g++ 12.2, which miscompiles some coroutines;
# TOOLCHAIN=gnu uses it all the same, with a warning. For a newer one take the package
# gcc-riscv64-unknown-elf of Debian 13 or Ubuntu 24.04, or build binutils and GCC 13 or newer
# from source (--target=riscv64-unknown-elf --with-arch=rv64imac --with-abi=lp64
# --enable-languages=c,c++ --without-headers --disable-hosted-libstdcxx) and put it into PATH.
# Read next: tools/make/programs.mk.

config := $(BUILD)/config-$(TOOLCHAIN).mk

ifneq (,$(needs_setup))
ifeq (,$(dry_run))
# Detection is repeated when a compiler comes, goes or changes.
$(eval $(call stamp,$(BUILD)/compilers,$(shell tools/make/detect.sh found)))
$(config): $(BUILD)/packages-core $(BUILD)/compilers tools/make/detect.sh
	@tools/make/detect.sh $(TOOLCHAIN) > $@
else ifeq (,$(wildcard $(config)))
$(error make -n cannot tell before a compiler is chosen: run 'make setup' first)
endif
include $(config)
$(if $(filter 0,$(MAKELEVEL)),$(if $(toolchain_warning),$(info $(toolchain_warning))))
endif

# -misa-spec: since 2019 the CSR instructions are an extension of their own, and naming it
# makes GCC choose a wrong libgcc; by the older specification rv64imac contains them.
target_gnu := -misa-spec=2.2 -march=rv64imac
target_llvm := --target=riscv64-unknown-elf -march=rv64imac_zicsr_zifencei
linker_gnu := -Wl,--no-warn-rwx-segments
linker_llvm := -fuse-ld=lld

warnings := -Wall -Wextra -Wconversion -Wshadow -Wold-style-cast -Werror
# @cond NONE
complete := yes
# @endcond
# What an exercise needs may not be used yet.
unused := const-variable private-field function
warnings += $(if $(complete),,$(unused:%=-Wno-unused-%))
optimise := $(if $(filter 1,$(DEBUG)),-Og -foptimize-sibling-calls,-O2)

# What C++ leaves undefined is a trap in students' programs that check themselves, where it happens.
undefined_llvm := -fsanitize=undefined -fno-sanitize=function -fsanitize-trap=all
undefined_gnu := -fsanitize=undefined -fsanitize-undefined-trap-on-error
undefined = $(if $(complete),,$(if $(filter 1,$(DEBUG)),$(undefined_$(toolchain))))

freestanding := -mabi=lp64 -mcmodel=medany -ffreestanding -fno-pic -fno-exceptions -fno-rtti \
  -fno-threadsafe-statics -fno-stack-protector -fno-asynchronous-unwind-tables \
  -ffunction-sections -fdata-sections

# Includes are written from the top folder: #include "platform/tests/lib/csr.hpp".
language := -std=c++23 -I. -g $(warnings)

# The options as kernel/config.hpp and kernel/platform/board.hpp want them. Host programs are for
# any setting of the options: the kernel's parts in them see these.
configuration = -DREL4_CPUS=$(CPUS) -DREL4_DEBUG=$(DEBUG) -DREL4_DOMAINS=$(or $(DOMAINS),1) \
  -DREL4_BOARD=\"kernel/platform/$(PLATFORM).hpp\"
host_configuration := -DREL4_CPUS=1 -DREL4_DEBUG=1 -DREL4_DOMAINS=1 \
  -DREL4_BOARD=\"kernel/platform/qemu.hpp\"
# @cond NONE
configuration += -DREL4_FASTPATH=$(FASTPATH) -DREL4_TRACE=$(TRACE) \
  -DREL4_SYNCHRONOUS_IPC=$(if $(filter sel4,$(PROFILE)),1,0)
host_configuration += -DREL4_FASTPATH=1 -DREL4_TRACE=0 -DREL4_SYNCHRONOUS_IPC=1
# @endcond

guest_flags = $(target_$(toolchain)) $(freestanding) $(language) $(optimise) $(undefined) \
  $(std_includes) $(configuration)
guest_link_flags = $(target_$(toolchain)) -mabi=lp64 -nostdlib -static \
  -Wl,--gc-sections,--fatal-warnings,--build-id=none,-z,max-page-size=4096 $(linker_$(toolchain))

HOST_CXX := clang++-19
host_flags := $(language) -O1 -fno-omit-frame-pointer $(host_configuration)
