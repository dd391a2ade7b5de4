// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// On the host a panic is an exception, so that a test can want one.
/// Read next: kernel/lib/assert.hpp.
/// @stage{1}
#pragma once

#include <stdexcept>

struct Panic : std::runtime_error {
    using std::runtime_error::runtime_error;
};
