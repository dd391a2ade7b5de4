// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Domains divide time: a fixed schedule says how long each has the machine, whatever its threads
/// want. A build with one domain has none of this.
/// Guard: the kernel lock. Reference: seL4 manual 6.3. Read next: domain.cpp.
/// @stage{none}
#pragma once

#include "kernel/syscall/invocation.hpp"

namespace domain {

[[nodiscard]] Result<Outcome> invoke(Invocation& call);

/// One tick of the domain's time passed.
void tick();

/// Goes on to the next entry of the schedule if the time of the current one is over.
void advance_if_over();

} // namespace domain
