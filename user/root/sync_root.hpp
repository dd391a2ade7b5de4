// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of PROFILE=sel4 for programs that call each other: each program is given an
/// endpoint for every service, by its name. One program receives from it, and can make capabilities
/// to it for its clients; all others call it, and when one of them is gone the first is told.
/// Read next: user/lib/sync_clients.hpp, sync_main.cpp, programs.hpp.
/// @stage{none}
#pragma once

#include "user/root/programs.hpp"

namespace root {

extern constinit Programs all_programs;

/// Makes what programs share. Called once, first; false if that is not possible.
bool prepare();

/// Waits until no more programs run than `left`.
void wait_for_ends(unsigned left = 0);

} // namespace root
