// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A failed execution, told so that one sees how it came to that: what each thread did, in the
/// order in which it happened, one column a thread; and beside it, what is not as it seems.
///
///         producer                consumer
///      1  tail.store_release(1)
///      2                          tail.load_acquire() = 0     old: step 1 has not arrived here
///
/// @stage{4}
#pragma once

#include "runtime/tests/explore/run.hpp"

namespace explore {

/// The steps of an execution that has failed, and where its threads and words are then.
[[nodiscard]] std::string story(const Run& run);

} // namespace explore
