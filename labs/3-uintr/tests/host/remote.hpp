// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for kernel/sched/remote.cpp: what would be asked of other harts, a test sees.
#pragma once

#include "kernel/object/tcb.hpp"

/// Called when a thread must not run on another hart any more; null: nobody looks.
inline void (*on_stall)(Tcb& tcb) = nullptr;

/// Called when no other hart may be in the midst of a uipi.send by this table any more.
inline void (*on_settle)(PAddr table) = nullptr;
