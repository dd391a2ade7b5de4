# SPDX-License-Identifier: BSD-2-Clause
#
# Small helpers for every fragment: the one-line report of a step, files that remember flags,
# and `make help`.
#
#   $(call step,CXX,name)         first line of a recipe: prints "  CXX   name" (not with V=1)
#   $(Q)                          before each command: hides it (not with V=1)
#   $(eval $(call stamp,FILE,T))  FILE holds the text T (one line without ' or $) and is as old
#                                 as T's last change: what depends on FILE is made again then
#   name: needs ## what it does   a goal; `make help` shows the text after ##

Q = $(if $(filter 1,$(V)),,@)
step = @$(if $(filter 1,$(V)),:,printf '  %-5s %s\n' '$1' '$2')

define stamp
stamp_text := $2
ifneq ($$(file <$1),$$(stamp_text))
$1: FORCE
endif
$1: stamp_text := $2
$1:
	@mkdir -p $$(@D)
	@printf '%s\n' '$$(stamp_text)' > $$@
endef

fragments = $(filter Makefile tools/make/%.mk %/module.mk,$(MAKEFILE_LIST))

.PHONY: FORCE help
help: ## List goals and options (this text)
	@awk -f tools/make/help.awk $(fragments)
