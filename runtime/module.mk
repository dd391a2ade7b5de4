# SPDX-License-Identifier: BSD-2-Clause
#
# The asynchronous runtime.
# Read next: runtime/executor.hpp.
# @stage{4}

runtime_sources := $(wildcard runtime/*.cpp)
