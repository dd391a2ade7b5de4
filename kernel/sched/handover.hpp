// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Short cut for two threads on one hart that work in turn: one has filled a ring and parks, the
/// other is parked and is to empty it. One trap sends the user interrupt, stops the one and runs
/// the other. It does exactly what the long way would do; what is unusual goes that way.
/// Read next: handover.cpp, park.cpp.
/// @stage{none}
#pragma once

#include "kernel/object/context.hpp"

namespace handover {

/// UintrPark of the current thread. Returns the context to load.
[[nodiscard, gnu::noinline]] Context* park(Word sender, Word deadline);

} // namespace handover
