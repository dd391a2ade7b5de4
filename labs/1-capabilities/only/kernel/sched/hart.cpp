// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where the hart's data lies.
/// Read next: kernel/boot/boot.cpp.
/// @stage{1}
#include "kernel/sched/hart.hpp"

constinit Hart harts[config::harts] = {};
constinit unsigned hart_count = 1;
