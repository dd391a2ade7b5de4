// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An image without tests.
/// @stage{1}
#include "kernel/boot/before_root_task.hpp"

void before_root_task(PAddr /*device_tree*/) {}
