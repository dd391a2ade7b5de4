#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Lays out every C++ file of ours as .clang-format says. QEMU's files keep QEMU's layout.
set -euo pipefail

git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' \
    ':!platform/qemu/overlay' | xargs --null --no-run-if-empty clang-format-19 -i
