// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What an image does before it creates the root task: nothing, unless it is one with tests.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

/// The kernel's map is in use and traps are caught; no thread exists yet.
/// @param device_tree address of the firmware's device tree
void before_root_task(PAddr device_tree);
