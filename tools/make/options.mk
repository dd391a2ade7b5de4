# SPDX-License-Identifier: BSD-2-Clause
#
# The options of `make`, given as NAME=value on the command line; the environment is ignored,
# because names such as PLATFORM and DEBUG mean other things there.
# Always holds after this file: every option has exactly one of its values.
# Read next: tools/make/setup.mk.

# $(eval $(call option,NAME,VALUES,TEXT)): the first of VALUES is the default. `make help`
# reads these lines.
define option
$1 := $(firstword $2)
$$(if $$(and $$(filter 1,$$(words $$($1))),$$(filter $2,$$($1))),,$$(error \
  $1=$$($1) is not possible: choose one of $2))
endef

$(eval $(call option,TOOLCHAIN,auto gnu llvm,compiler; auto is gnu if g++ is 13 or newer))
$(eval $(call option,PROFILE,rel4 sel4,which kernel: asynchronous or as seL4))
$(eval $(call option,CPUS,4 3 2 1,harts that the kernel is built for))
$(eval $(call option,PLATFORM,qemu fpga,which board))
$(eval $(call option,DEBUG,0 1,1 is for the debugger; the kernel checks itself))
# @cond NONE
$(eval $(call option,FASTPATH,1 0,short paths through the kernel for the commonest calls))
$(eval $(call option,DOMAINS,1 2 4 16,domains between which the scheduler divides time))
$(eval $(call option,TRACE,0 1,1 records what happens: make run writes a timeline))
# @endcond
$(eval $(call option,V,0 1,1 shows every command))

# Not in the table above because any folder name will do.
BUILD := build
$(if $(filter-out 1,$(words $(BUILD)))$(filter / . ..,$(BUILD)),$(error \
  BUILD=$(BUILD) is not possible: name one folder without spaces))
