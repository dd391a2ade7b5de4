# SPDX-License-Identifier: BSD-2-Clause
#
# Timelines: `make run TRACE=1` writes build/trace/ROOT.json.
# Read next: tools/trace/trace.py, kernel/module.mk.
# @stage{none}

trace_root = $(BUILD)/$(toolchain)-rel4-qemu-cpus4-debug0-trace/user/pingpong-root.elf
$(eval $(call suite,trace,emulator,tools/trace/check.py $(BUILD)/trace/pingpong-root.json \
  $$(MAKE) run TRACE=1 PROFILE=rel4 CPUS=4 DEBUG=0 PLATFORM=qemu ROOT=$(trace_root)))
