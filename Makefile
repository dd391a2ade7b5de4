# SPDX-License-Identifier: BSD-2-Clause
#
# The one Makefile of ReL4. It holds no rules of its own: shared rules are in tools/make/*.mk,
# and each folder that builds something has a module.mk which says what. `make help` lists
# goals and options, collected from all of them.
# Every path is relative to this folder, so that a checkout path may hold spaces.
# Read next: tools/make/options.mk, then tools/make/programs.mk.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

include tools/make/common.mk
include tools/make/options.mk
include tools/make/setup.mk
include tools/make/toolchain.mk
include tools/make/programs.mk
include tools/make/suites.mk
include $(sort $(wildcard */module.mk)) $(sort $(wildcard */*/module.mk))
include tools/make/labs.mk
include tools/make/finish.mk
