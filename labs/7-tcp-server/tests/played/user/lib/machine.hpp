// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A clock that the test sets: executors that it plays go by the same one.
#pragma once

#include "runtime/tests/pair.hpp"

namespace machine {

inline abi::Word time() { return test::now(); }

} // namespace machine
