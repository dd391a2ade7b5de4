// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where the harts' data lies. Register tp of each hart points into it from boot on.
/// @stage{2}
#include "kernel/sched/hart.hpp"

constinit Hart harts[config::harts] = {};
constinit unsigned hart_count = 1;
